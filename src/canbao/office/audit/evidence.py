"""Extracts of the log for somebody outside, signed like a record."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from canbao.office.audit.forms import day_field
from canbao.office.pages import unkept
from canbao.office.people.evidence import TEMPLATE, EvidenceForm, handed_out
from canbao.registry.actions.evidence import take_log


class LogEvidenceForm(EvidenceForm):
    """For what and for whom, from one day to another, both included."""

    since = day_field("从")
    until = day_field("至")


@unkept
@require_http_methods(["GET", "POST"])
def evidence(request: HttpRequest, id_: int) -> HttpResponse:
    """The question, and then the container of the lines about a person."""
    today = timezone.localdate()
    days = {"since": today - timedelta(days=365), "until": today, "purpose": "supervision"}
    form = LogEvidenceForm(request.POST if request.method == "POST" else None, initial=days)
    if not form.is_valid():
        shown = {"form": form, "person_id": id_, "is_log": True, "back": reverse("audit_person", args=[id_])}
        return render(request, TEMPLATE, shown)
    said = form.cleaned_data
    taken = take_log(person_id=id_, since=said["since"], until=said["until"], asked=form.asked(), by=request.user)
    return handed_out(taken)
