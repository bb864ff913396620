"""The list of a campaign's tasks, and what is done with several of them at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from canbao.law.moves import read_workflows
from canbao.office.campaigns.tabs import campaign_of, frame
from canbao.office.pages import begins_after, number, ticked, unkept
from canbao.office.people.showing import show
from canbao.office.shell import area_name
from canbao.registry.access import Refused, acting
from canbao.registry.models import Officer
from canbao.registry.places_now import places
from canbao.survey.actions import splitting
from canbao.survey.models import Campaign, Surveyor
from canbao.survey.surveyors import own_surveyors
from canbao.survey.tasks import PAGE, Row, Sought, listed


@unkept
@require_GET
def tasks(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The tasks of the officer's area, sifted."""
    campaign = campaign_of(request, campaign_id)
    asked = {name: request.GET.get(name, "")[:20] for name in ("state", "place", "surveyor", "late")}
    found = listed(campaign.pk, _sought(asked), by=request.user, after=begins_after(request))
    with acting(request.user.area, request.user):
        surveyors = list(own_surveyors(request.user)) if request.user.may("surveyor.see") else []
    shown = {
        **frame(request, campaign, "tasks"),
        "rows": [row_of(one) for one in found],
        "asked": asked,
        "kept": urlencode(asked),
        "next": found[-1]["task"].pk if len(found) == PAGE else None,
        "states": read_workflows()["task"].states.items(),
        "places": places_below(request.user, campaign),
        "surveyors": surveyors,
        "may": {"allot": request.user.may("task.allot"), "assign": request.user.may("task.assign")},
    }
    return render(request, "office/tasks/tasks.html", shown)


@require_POST
def act(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Do one thing with the chosen tasks."""
    campaign = campaign_of(request, campaign_id)
    chosen = ticked(request, "task")
    name = request.POST.get("act", "")
    try:
        if not chosen or name not in ACTS:
            raise Refused("请先选任务，再选要办的事")
        done = ACTS[name](request, campaign, chosen)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        left = len(chosen) - done
        messages.success(request, f"已办 {done} 个" + (f"；{left} 个的状态不能这样办，没有变" if left else ""))
    return redirect(f"{request.path.removesuffix('act/')}?{request.POST.get('kept', '')[:200]}")


def _assign(request: HttpRequest, campaign: Campaign, tasks: list[int]) -> int:
    return splitting.assign(campaign=campaign, tasks=tasks, surveyor=surveyor_of(request), by=request.user)


def _take_back(request: HttpRequest, campaign: Campaign, tasks: list[int]) -> int:
    return splitting.take_back(campaign=campaign, tasks=tasks, by=request.user)


def _recall(request: HttpRequest, campaign: Campaign, tasks: list[int]) -> int:
    return splitting.recall(campaign=campaign, tasks=tasks, by=request.user)


def _allot(request: HttpRequest, campaign: Campaign, tasks: list[int]) -> int:
    return splitting.allot(campaign=campaign, tasks=tasks, place=request.POST.get("to", ""), by=request.user)


def _place(request: HttpRequest, campaign: Campaign, tasks: list[int]) -> int:
    return splitting.place_tasks(campaign=campaign, tasks=tasks, place=request.POST.get("to", ""), by=request.user)


ACTS: dict[str, Callable[[HttpRequest, Campaign, list[int]], int]] = {
    "assign": _assign, "take_back": _take_back, "recall": _recall, "allot": _allot, "place": _place,
}  # fmt: skip


def surveyor_of(request: HttpRequest) -> Surveyor:
    """The surveyor whom a form names; raises Refused for none, or one of another area."""
    found = surveyor_named(request)
    if found is None:
        raise Refused("请选择调查员")
    return found


def surveyor_named(request: HttpRequest) -> Surveyor | None:
    """The surveyor of the officer's area whom a form names, if it names one."""
    with acting(request.user.area, request.user):
        return own_surveyors(request.user).filter(pk__in=ticked(request, "surveyor")).first()


def places_below(by: Officer, campaign: Campaign) -> list[tuple[str, str]]:
    """The places one level below the officer's, as a list to choose from."""
    tree, area = places(), by.area if len(by.area) >= 4 else campaign.area
    return [(one.code, one.name) for one in tree.children(area.ljust(6, "0"))]


def row_of(one: Row) -> dict[str, Any]:
    """A task as a line of a list."""
    task = one["task"]
    return {
        "task": task,
        "name": show("name", one["name"]),
        "number": show("ssn", one["ssn"]),
        "place": area_name(task.place),
        "surveyor": task.surveyor,
        "reason": task.reason,
    }


def _sought(asked: dict[str, str]) -> Sought:
    place = asked["place"] if number(asked["place"]) is not None else ""
    return Sought(state=asked["state"], place=place, surveyor=number(asked["surveyor"]), is_late=bool(asked["late"]))
