"""Protections: the list, one of them, its papers, and the decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from canbao.office.pages import unkept
from canbao.office.people.showing import cause_label
from canbao.office.protections.forms import Deciding
from canbao.office.requests.approving import approve
from canbao.office.requests.papers import opened_paper
from canbao.office.requests.showing import is_overdue, kind_label
from canbao.registry import protections as registered
from canbao.registry.access import Refused
from canbao.registry.actions.requests import refuse
from canbao.registry.models import Request
from canbao.registry.requests import may_decide

STATES = {
    "asked": ("待决定", "yellow"), "refused": ("已驳回", "secondary"), "taken_back": ("已收回", "secondary"),
    "holds": ("保护中", "red"), "over": ("已结束", "secondary"), "approved": ("已同意", "green"),
}  # fmt: skip


@unkept
@require_GET
def protections(request: HttpRequest) -> HttpResponse:
    """Those that one may decide about, has asked for, or may see the person of."""
    rows = [_row(one) for one in registered.listed(by=request.user)]
    return render(request, "office/protections/protections.html", {"rows": rows})


@unkept
@require_GET
def protection(request: HttpRequest, request_id: int) -> HttpResponse:
    """One protection; whom it protects is a link for those alone who may follow it."""
    shown = registered.found(request_id, by=request.user)
    if shown is None:
        raise Http404
    steps = [_step(one, request) for one in (shown.request, *shown.later)]
    may_ask = request.user.may("protection.ask") and shown.state == "holds"
    drawn = {**_row(shown), "steps": steps, "form": Deciding(), "may_ask": may_ask}
    return render(request, "office/protections/protection.html", drawn)


@require_POST
def decide(request: HttpRequest, request_id: int, later_id: int) -> HttpResponse:
    """Agree or refuse; the decision takes effect at once."""
    asked, form = registered.request_about(request_id, later_id, by=request.user), Deciding(request.POST)
    if asked is None or not form.is_valid():
        raise Http404
    decision = approve if request.POST.get("decision") == "approve" else refuse
    try:
        decision(request=asked, answer=form.cleaned_data["answer"], by=request.user)
        messages.success(request, "决定已记录，立即生效")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("protection", request_id)


@unkept
@require_GET
def paper(request: HttpRequest, request_id: int, paper_id: int) -> HttpResponse:
    """A paper of a protection, to look at."""
    shown = registered.found(request_id, by=request.user)
    requests_ = (shown.request, *shown.later) if shown else ()
    of = next((one.pk for one in requests_ if any(kept.pk == paper_id for kept in one.papers.all())), None)
    if of is None:
        raise Http404
    return opened_paper(request, of, paper_id)


def _row(shown: registered.Shown) -> dict[str, Any]:
    content = shown.request.content
    return {
        "request": shown.request,
        "state": STATES.get(shown.state, (shown.state, "secondary")),
        "cause": cause_label(content["cause"]),
        "until": content["until"],
        "readers": shown.readers,
        "person_id": shown.person_id,
        "waiting": sum(one.state == "asked" for one in (shown.request, *shown.later)),
    }


def _step(asked: Request, request: HttpRequest) -> dict[str, Any]:
    return {
        "request": asked,
        "label": kind_label(asked.kind),
        "state": STATES[asked.state],
        "papers": list(asked.papers.all())
        if request.user.may("request.see") and request.user.may("person.see")
        else [],
        "may_decide": may_decide(asked, request.user),
        "is_overdue": is_overdue(asked),
    }
