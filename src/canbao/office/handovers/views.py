"""The list of people who came to one's city or left it, and taking them over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from canbao.law.moves import read_workflows
from canbao.office.pages import begins_after, unkept
from canbao.office.people.showing import place_name, show, show_name
from canbao.registry import handovers as registered
from canbao.registry.access import Refused
from canbao.registry.actions import handovers as actions

DIRECTIONS = {"in": "转入本市", "out": "转出本市", "lost": "无人承接"}


@unkept
@require_GET
def handovers(request: HttpRequest) -> HttpResponse:
    """Who moved, from where to where; those that wait for somebody, unless asked otherwise."""
    asked = _filters(request)
    state = "" if asked["state"] == "all" else asked["state"]
    found = registered.listed(by=request.user, direction=asked["direction"], state=state, after=begins_after(request))
    shown = {
        "rows": [_row(one, request) for one in found],
        "asked": asked,
        "directions": DIRECTIONS.items(),
        "states": read_workflows()["handover"].states.items(),
        "next": found[-1].handover.pk if len(found) == registered.PAGE else None,
    }
    return render(request, "office/handovers/handovers.html", shown)


@require_POST
def take(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Say that one's city has the person."""
    try:
        actions.take(handover_id=handover_id, by=request.user)
        messages.success(request, "已承接")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("handovers")


def _filters(request: HttpRequest) -> dict[str, str]:
    direction, state = request.GET.get("direction", ""), request.GET.get("state", "")
    known = {*read_workflows()["handover"].states, "all"}
    return {
        "direction": direction if direction in DIRECTIONS else "",
        "state": state if state in known else "open",
    }


def _row(one: registered.Moved, request: HttpRequest) -> dict[str, Any]:
    handover, person = one.handover, one.person
    return {
        "id": handover.pk,
        "person_id": person["id"] if person and person["home"].startswith(request.user.area) else None,
        "number": show("ssn", person["ssn"]) if person else "—",
        "name": show_name(person["name"]) if person else "—",
        "from_city": place_name(f"{handover.from_city}00"),
        "to_city": place_name(f"{handover.to_city}00") if handover.to_city else "",
        "at": handover.at,
        "days": (timezone.now() - handover.at).days,
        "state": handover.state,
        "taken_by": handover.taken_by,
        "may_take": handover.state == "open"
        and request.user.may("handover.take")
        and handover.to_city == request.user.area[:4],
    }
