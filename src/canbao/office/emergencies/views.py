"""Opening an emergency, looking at what was done under it, ending and reviewing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canbao.law.duties import read_duties
from canbao.office.audit.lines import action_label
from canbao.office.emergencies.forms import Opening, Reviewing
from canbao.office.emergencies.under import look_under, opened
from canbao.office.time_line import time_line
from canbao.registry import emergencies as registered
from canbao.registry.access import Refused
from canbao.registry.actions import emergencies as actions
from canbao.registry.evidence.wording import DECISIONS
from canbao.registry.models import Emergency

READING = ("emergency.see", "emergency.list")
"""Lines about reading the emergency itself, which tell nothing of what was done under it."""


@require_GET
def emergencies(request: HttpRequest) -> HttpResponse:
    """One's own, and those that one may review."""
    found = registered.listed(by=request.user)
    shown = {"rows": [_row(one) for one in found], "may_open": request.user.may("emergency.use")}
    return render(request, "office/emergencies/emergencies.html", shown)


@require_http_methods(["GET", "POST"])
def opening(request: HttpRequest) -> HttpResponse:
    """Open one; look-ups go to its place at once."""
    form = Opening(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            emergency = actions.open_emergency(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            look_under(request, emergency)
            return redirect("people")
    shown = {"form": form, "rules": read_duties().emergency, "opened": opened(request)}
    return render(request, "office/emergencies/opening.html", shown)


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Let look-ups go to the emergency's place, or back to the own area."""
    emergency = opened(request)
    look_under(request, emergency if request.POST.get("where") == "place" else None)
    return redirect("people")


@require_GET
def emergency(request: HttpRequest, emergency_id: int) -> HttpResponse:
    """Why it was opened, what was looked at, and how it was reviewed."""
    return _page(request, _found(request, emergency_id), Reviewing())


@require_POST
def end(request: HttpRequest, emergency_id: int) -> HttpResponse:
    """End it now."""
    emergency = _found(request, emergency_id)
    actions.end(emergency=emergency, by=request.user)
    messages.success(request, "紧急查询已结束，等待上级复核")
    return redirect("emergency", emergency.pk)


@require_POST
def review(request: HttpRequest, emergency_id: int) -> HttpResponse:
    """Say whether there was reason for it."""
    emergency, form = _found(request, emergency_id), Reviewing(request.POST)
    if form.is_valid():
        is_justified = form.cleaned_data["verdict"] == "justified"
        try:
            actions.review(
                emergency=emergency, is_justified=is_justified, words=form.cleaned_data["words"], by=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "复核已记录")
            return redirect("emergency", emergency.pk)
    return _page(request, emergency, form)


def _found(request: HttpRequest, emergency_id: int) -> Emergency:
    emergency = registered.found(emergency_id, by=request.user)
    if emergency is None:
        raise Http404
    return emergency


def _page(request: HttpRequest, emergency: Emergency, form: Reviewing) -> HttpResponse:
    may_review = registered.may_review(emergency, request.user)
    shown = {
        **_row(emergency),
        "looks": [
            _look(line) for line in registered.looks(emergency, by=request.user) if line["action"] not in READING
        ],
        "line": time_line("emergency", emergency.moves.all()),
        "form": form,
        "most": read_duties().emergency.people,
        "may_end": emergency.is_open and (may_review or emergency.officer_id == request.user.pk),
        "may_review": may_review and not emergency.is_open and emergency.state in ("open", "ended"),
    }
    return render(request, "office/emergencies/emergency.html", shown)


def _row(emergency: Emergency) -> dict[str, Any]:
    is_over = emergency.state == "open" and not emergency.is_open
    return {
        "emergency": emergency,
        "state": "ended" if is_over else emergency.state,
        "is_overdue": registered.is_overdue(emergency),
        "review_by": registered.review_by(emergency),
    }


def _look(line: dict[str, Any]) -> list[str]:
    """When, what, how many people, and whether it was allowed; whom, the log knows."""
    people = sum(one.startswith("person:") for one in line["objects"])
    return [
        f"{timezone.localtime(line['at']):%Y-%m-%d %H:%M:%S}",
        line["person_name"],
        action_label(line["action"]),
        f"{people} 人",
        DECISIONS.get(line["decision"], line["decision"]),
    ]
