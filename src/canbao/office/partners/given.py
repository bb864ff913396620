"""What a partner was told, from one day to another: to be read and printed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from canbao.law.duties import read_duties
from canbao.office.audit.forms import Days
from canbao.office.pages import begins_after, unkept
from canbao.office.partners.showing import item_label, service_label
from canbao.office.partners.views import found
from canbao.office.people.showing import show
from canbao.office.shell import area_name
from canbao.registry.own_partners import told


@unkept
@require_GET
def given(request: HttpRequest, partner_id: int) -> HttpResponse:
    """Counts by day and service; of whom, with masked numbers, for those who see people."""
    one, days = found(request, partner_id), Days.of(request.GET.dict())
    shown: dict[str, Any] = {"partner": one, "days": days, "office": area_name(request.user.area)}
    if days.is_valid():
        said = days.cleaned_data
        got = told(one, said["since"], said["until"], by=request.user, after=begins_after(request))
        shown |= {
            "got": got,
            "counts": [_counted(line) for line in got.counts],
            "people": [_told(line) for line in got.people or ()],
            "total": sum(line["times"] for line in got.counts),
            "kept": f"since={said['since']}&until={said['until']}",
            "now": timezone.localtime(),
        }
    return render(request, "office/partners/given.html", shown)


def _counted(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "service": service_label(line["service"]), "purpose": purpose_label(line["purpose"])}


def _told(line: dict[str, Any]) -> dict[str, Any]:
    one = line["given"]
    return {
        "at": one.at,
        "service": service_label(one.service),
        "purpose": purpose_label(one.purpose),
        "told_to": one.told_to,
        "items": "、".join(map(item_label, one.items)),
        "number": show("ssn", line["ssn"]),
    }


def purpose_label(purpose: str) -> str:
    """What a purpose is called."""
    known = read_duties().purposes.get(purpose)
    return known.label if known else purpose
