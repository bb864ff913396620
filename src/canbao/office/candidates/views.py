"""The list of candidates, with why a machine takes them for one person; setting one aside; looking for them anew."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from canbao.law.moves import read_workflows
from canbao.office.pages import begins_after, unkept
from canbao.office.people.showing import place_name, show, show_name
from canbao.registry import candidates as registered
from canbao.registry.access import Refused
from canbao.registry.actions import candidates as actions
from canbao.registry.models import Work

KIND = "find_candidates"


@unkept
@require_GET
def candidates(request: HttpRequest) -> HttpResponse:
    """The likeliest first; both people masked, side by side."""
    states = read_workflows()["candidate"].states
    state = request.GET.get("state", "")
    state = state if state in states else "open"
    after = begins_after(request)
    found = registered.listed(by=request.user, state=state, after=after)
    shown = {
        "rows": [_row(one) for one in found],
        "asked": state,
        "states": states.items(),
        "next": after + registered.PAGE if len(found) == registered.PAGE else None,
        "may_find": request.user.may("candidate.find"),
        "may_decide": request.user.may("candidate.decide"),
        "may_ask": request.user.may("merge.ask"),
        "work": Work.objects.filter(kind=KIND).order_by("-pk").first(),
    }
    return render(request, "office/candidates/candidates.html", shown)


@require_POST
@transaction.atomic
def find(request: HttpRequest) -> HttpResponse:
    """Put the comparison of everybody on the queue."""
    from canbao.office import jobs
    from canbao.office.candidates import finding

    if Work.objects.filter(kind=KIND, ended_at=None).exists():
        messages.info(request, "已经在查找，完成后会列在这里")
    else:
        jobs.find_candidates.defer(work_id=finding.asked(request.user).pk)
        messages.success(request, "已开始查找；完成后会列在这里")
    return redirect("candidates")


@require_POST
def dismiss(request: HttpRequest, candidate_id: int) -> HttpResponse:
    """Say that they are two people."""
    one = registered.found(candidate_id, by=request.user)
    if one is None:
        raise Http404
    try:
        actions.dismiss(candidate=one, reason=request.POST.get("reason", ""), by=request.user)
        messages.success(request, "已记为两个人；资料不变就不再提出")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("candidates")


def _row(one: registered.Seen) -> dict[str, Any]:
    from canbao.batch.candidates.settings import words

    return {
        "id": one.candidate.pk,
        "percent": f"{100 * one.candidate.probability:.1f}%",
        "reasons": [words(code) for code in one.candidate.reasons],
        "sides": [_side(one.left), _side(one.right)],
        "pair": (one.left["id"], one.right["id"]),
        "state": one.candidate.state,
        "reason": one.candidate.reason,
        "decided_by": one.candidate.decided_by,
        "request_id": one.candidate.request_id,
    }


def _side(person: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": person["id"],
        "number": show("ssn", person["ssn"]),
        "name": show_name(person["name"]),
        "place": place_name(person["home"]),
    }
