"""Deciding a request, taking it back, asking that what was decided be undone."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from canbao.core.progress import IllegalMove
from canbao.office.pages import unkept
from canbao.office.requests import approving
from canbao.office.requests.asking import Undoing
from canbao.office.requests.showing import row
from canbao.office.requests.views import drawn
from canbao.registry import requests as registered
from canbao.registry.access import Refused
from canbao.registry.actions import requests as actions
from canbao.registry.actions.merges import UNDOING, ask_undoing
from canbao.registry.deeds import LONGEST, write_refusal
from canbao.registry.models import Officer, Request

Verb = Callable[..., Request]


@unkept
@require_POST
def approve(request: HttpRequest, request_id: int) -> HttpResponse:
    """Decide that it shall be so, and have it so."""
    return _decide(request, request_id, approving.approve, "已同意，并已生效")


@unkept
@require_POST
def refuse(request: HttpRequest, request_id: int) -> HttpResponse:
    """Decide that it shall not be so."""
    return _decide(request, request_id, actions.refuse, "已驳回")


@unkept
@require_POST
def take_back(request: HttpRequest, request_id: int) -> HttpResponse:
    """Whoever asked no longer does."""
    return _decide(request, request_id, _taken_back, "已收回")


@unkept
@require_POST
def undo(request: HttpRequest, request_id: int) -> HttpResponse:
    """Ask that an approved request be taken back; somebody else decides that too."""
    one = _found(request, request_id)
    if one.kind not in UNDOING:
        raise Refused("只有已同意的合并、分立和更正可以申请撤销")
    form = Undoing(UNDOING[one.kind], request.POST, request.FILES)
    if form.is_valid():
        try:
            asked = ask_undoing(request=one, **form.asked(), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已申请撤销，等另一位有权的人决定")
            return redirect("request", asked.pk)
    return drawn(request, request_id, undoing=form)


def _decide(request: HttpRequest, request_id: int, verb: Verb, done: str) -> HttpResponse:
    one = _found(request, request_id)
    answer = request.POST.get("answer", "")[: LONGEST + 1]
    try:
        verb(request=one, answer=answer, by=request.user)
    except IllegalMove as problem:
        write_refusal(by=request.user, action="request.decide", why=str(problem))
        return _overtaken(request, request_id)
    except Refused as problem:
        return drawn(request, request_id, answer=answer, problem=str(problem), status=403)
    messages.success(request, f"{done}。")
    return redirect("request", request_id)


def _taken_back(*, request: Request, answer: str, by: Officer) -> Request:
    return actions.take_back(request=request, by=by)


def _found(request: HttpRequest, request_id: int) -> Request:
    one = registered.found(request_id, by=request.user)
    if one is None:
        raise Http404
    return one


def _overtaken(request: HttpRequest, request_id: int) -> HttpResponse:
    """Somebody was quicker: what they decided stands, and what was wanted now changes nothing."""
    return render(request, "office/requests/overtaken.html", row(_found(request, request_id)), status=409)
