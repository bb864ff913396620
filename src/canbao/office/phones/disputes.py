"""What came from phones and could not be carried out: the list, one of them beside its task, and the decision."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from canbao.law.survey import read_survey
from canbao.office.pages import begins_after, unkept
from canbao.office.tasks.showing import answered, in_words
from canbao.registry.access import Refused
from canbao.survey.models import PhoneAction
from canbao.survey.phones import disputes as actions
from canbao.survey.phones.pictures import picture as picture_of
from canbao.survey.tasks import PAGE

VISIT = {"way": "调查方式", "outcome": "结果", "next_on": "预约", "note": "记录"}
CODES = {"way": "survey_way", "outcome": "survey_outcome"}


@require_GET
def disputes(request: HttpRequest) -> HttpResponse:
    """Those that wait in one's area."""
    found = actions.disputes(by=request.user, after=begins_after(request))
    shown = {
        "rows": [{"action": one, "kind": actions.KINDS.get(one.kind, one.kind)} for one in found],
        "next": found[-1].pk if len(found) == PAGE else None,
    }
    return render(request, "office/phones/disputes.html", shown)


@unkept
@require_GET
def dispute(request: HttpRequest, action_id: int) -> HttpResponse:
    """One of them, with what was sent."""
    return _page(request, action_id)


@require_POST
def again(request: HttpRequest, action_id: int) -> HttpResponse:
    """Try to carry it out after all."""
    try:
        actions.try_again(action_id=action_id, by=request.user)
    except Refused as refusal:
        return _page(request, action_id, str(refusal))
    messages.success(request, "已照手机上的办理")
    return redirect("disputes")


@require_POST
def set_aside(request: HttpRequest, action_id: int) -> HttpResponse:
    """Leave it undone."""
    try:
        actions.set_aside(action_id=action_id, words=request.POST.get("words", ""), by=request.user)
    except Refused as refusal:
        return _page(request, action_id, str(refusal))
    messages.success(request, "已处理；调查员下次联络时会看到您的意见")
    return redirect("disputes")


@unkept
@require_GET
def picture(request: HttpRequest, picture_id: int) -> HttpResponse:
    """A picture that came from a phone."""
    try:
        return HttpResponse(picture_of(picture_id, by=request.user), content_type="image/jpeg")
    except Refused as refusal:
        raise Http404 from refusal


def _page(request: HttpRequest, action_id: int, refusal: str = "") -> HttpResponse:
    try:
        action, task = actions.dispute(action_id, by=request.user)
    except Refused as problem:
        raise Http404 from problem
    shown = {
        "action": action,
        "kind": actions.KINDS.get(action.kind, action.kind),
        "task": task,
        "said": said(action),
        "refusal": refusal,
        "may_decide": request.user.may("dispute.decide") and action.state == "dispute",
    }
    return render(request, "office/phones/dispute.html", shown, status=409 if refusal else 200)


def said(action: PhoneAction) -> list[tuple[str, Any]]:
    """What was sent, in words as far as the form or the law has some, as (label, value)."""
    try:
        body = json.loads(action.text)["body"]
        answers = body.get("answers")
        if isinstance(answers, dict):
            return [_answer(name, str(value)) for name, value in answers.items() if value]
        return [(VISIT[name], _visited(name, body[name])) for name in VISIT if body.get(name)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return [("内容", action.text[:500])]


def _answer(name: str, value: str) -> tuple[str, str]:
    """A question of the law's form with its answer; of a city's own, of whichever version, as it was sent."""
    asked = read_survey().questions.get(name)
    return (asked.label, answered(asked, value)) if asked else (name, value)


def _visited(name: str, value: Any) -> str:
    return in_words(CODES[name], value) if name in CODES else str(value)
