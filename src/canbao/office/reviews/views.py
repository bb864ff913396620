"""Review: the queue, one form beside what the register has, approving, sending back, and samples."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from canbao.law.survey import read_survey
from canbao.office.campaigns.tabs import campaign_of, frame
from canbao.office.pages import begins_after, number, unkept
from canbao.office.people.showing import show
from canbao.office.phones.beside import beside
from canbao.office.shell import area_name
from canbao.office.tasks.entering import read
from canbao.office.tasks.lists import places_below, surveyor_named
from canbao.office.tasks.showing import answer_rows, course, person_facts, warnings
from canbao.registry.access import Refused, acting
from canbao.survey.actions import reviews as actions
from canbao.survey.derived import would_be
from canbao.survey.opening import Opened, opened
from canbao.survey.reviewing import next_to_review, queue
from canbao.survey.surveyors import own_surveyors
from canbao.survey.tasks import PAGE


@unkept
@require_GET
def reviews(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The forms that wait for review."""
    campaign = campaign_of(request, campaign_id)
    place = request.GET.get("place", "")[:12]
    is_clean = bool(request.GET.get("clean"))
    found = queue(campaign.pk, by=request.user, place=place, is_clean=is_clean, after=begins_after(request))
    shown = {
        **frame(request, campaign, "reviews"),
        "queue": found,
        "rows": [_row(one) for one in found.rows],
        "places": places_below(request.user, campaign),
        "asked": {"place": place, "clean": is_clean},
        "next": found.rows[-1]["task"].pk if len(found.rows) == PAGE else None,
    }
    return render(request, "office/reviews/reviews.html", shown)


def _row(one: dict[str, Any]) -> dict[str, Any]:
    task, entry = one["task"], one["entry"]
    return {
        **{name: one[name] for name in ("task", "entry", "is_drawn", "is_own")},
        "name": show("name", one["name"]),
        "place": area_name(task.place),
        "reason": entry.answers.get("uninsured_reason", "") if entry else "",
        "marks": len(entry.found) if entry else 0,
        "may_tick": task.is_clean and not one["is_drawn"] and not one["is_own"],
    }


@require_POST
def approve_clean(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Approve the ticked forms, all of them without any remark."""
    campaign = campaign_of(request, campaign_id)
    ticked = [one.partition(":") for one in request.POST.getlist("task")]
    pairs = [(number(task), number(version)) for task, _, version in ticked]
    done, left = actions.approve_clean(tasks=[one for one in pairs if None not in one], by=request.user)
    messages.success(request, f"已通过 {done} 份")
    if left:
        messages.warning(request, f"{len(left)} 份没有通过（有变化、有提示或是自己录入的），请逐份看")
    return redirect("reviews", campaign.pk)


@unkept
@require_GET
def review(request: HttpRequest, task_id: int) -> HttpResponse:
    """One form: register, answers, findings and visits side by side."""
    return _page(request, _found(request, task_id))


@require_POST
def approve(request: HttpRequest, task_id: int) -> HttpResponse:
    """Let it into the register, and go on to the next one."""
    task = actions.approve(task_id=task_id, version=_version(request), by=request.user)
    words = "已通过并入库" if task.state == "loaded" else "已通过；死亡、迁出等由有权部门的数据确认后办结"
    messages.success(request, f"任务 {task_id} {words}")
    return _onward(request, task)


@unkept
@require_POST
def send_back(request: HttpRequest, task_id: int) -> HttpResponse:
    """Send it back with reasons and what is said about single questions."""
    said = request.POST
    comments = {name.removeprefix("comment_"): text for name, text in said.items() if name.startswith("comment_")}
    try:
        task = actions.return_(
            task_id=task_id, version=_version(request), reasons=said.getlist("reason"), words=said.get("words", ""),
            comments=comments, surveyor=surveyor_named(request), by=request.user,
        )  # fmt: skip
    except Refused as refusal:
        if getattr(refusal, "status", 0) == 409:
            raise
        return _page(request, _found(request, task_id), str(refusal))
    messages.success(request, f"任务 {task_id} 已退回")
    return _onward(request, task)


@require_POST
def reopen(request: HttpRequest, task_id: int) -> HttpResponse:
    """A city's check afterwards has failed."""
    words = request.POST.get("words", "")
    actions.reopen(task_id=task_id, version=_version(request), words=words, by=request.user)
    messages.success(request, "已退回重新调查，登记库里的调查结果已撤下")
    return redirect("task", task_id)


def _onward(request: HttpRequest, task: Any) -> HttpResponse:
    with acting(request.user.area, request.user):
        following = next_to_review(task, request.user)
    return redirect("review", following) if following else redirect("reviews", task.campaign_id)


def _found(request: HttpRequest, task_id: int) -> Opened:
    found = opened(task_id, by=request.user, permission="task.review")
    if found is None or found.entry is None:
        raise Http404
    return found


def _version(request: HttpRequest) -> int:
    return number(request.POST.get("version", "")) or 0


def _page(request: HttpRequest, found: Opened, refusal: str = "") -> HttpResponse:
    entry, task = found.entry, found.task
    assert entry is not None
    reading = read(request, found, entry.answers)
    with acting(request.user.area, request.user):
        surveyors = list(own_surveyors(request.user).filter(place__startswith=task.place[:9]))
    shown = {
        "task": task, "entry": entry, "facts": person_facts(found), "commenting": task.state == "submitted",
        "answers": answer_rows(found.form, entry, found.person), "warnings": warnings(found.form, entry),
        "would_be": would_be(found, reading), "visits": found.visits, "samples": found.samples,
        **beside(task.pk, request.user),
        "reasons": read_survey().returns, "surveyors": surveyors, "refusal": refusal, "said": request.POST,
        "line": course(found.moves),
    }  # fmt: skip
    return render(request, "office/reviews/review.html", shown)
