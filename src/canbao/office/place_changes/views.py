"""The list of changes, one of them, and the decision about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from canbao.office.pages import begins_after, unkept
from canbao.office.place_changes.showing import SHOWN, change_summary, line, moved_lines, shown, summary
from canbao.office.requests import approving
from canbao.office.requests.papers import opened_paper
from canbao.office.time_line import time_line
from canbao.registry import place_changes
from canbao.registry.access import Refused
from canbao.registry.actions import requests
from canbao.registry.actions.place_changes import ask_revoking
from canbao.registry.actions.place_checking import wanted
from canbao.registry.models import Officer, PlaceChange, Request
from canbao.registry.places_now import places, rows_of
from canbao.registry.requests import may_decide, may_take_back


@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """What is asked for, and what has been decided."""
    asked, decided = place_changes.listed(by=request.user)
    found = {
        "asked": [(one, summary(wanted((one.undoes or one).content))) for one in asked if one.state != "approved"],
        "decided": [(one, change_summary(one)) for one in decided],
        "may_ask": request.user.may("place_change.ask"),
    }
    return render(request, "office/place_changes/list.html", found)


@require_GET
def change(request: HttpRequest, request_id: int) -> HttpResponse:
    """One change: what is asked, what it moves or has moved, and what can be done about it."""
    found = _found(request.user, request_id)
    asked, made = found.request, found.change
    context: dict[str, Any] = {
        "asked": asked,
        "made": made,
        "request_id": request_id,
        "heading": change_summary(made) if made else summary(wanted((asked.undoes or asked).content)),
        "line": time_line("request", found.moves),
        "papers": found.papers,
        "may_see_papers": request.user.may("request.see"),
        "may_decide": asked is not None and may_decide(asked, request.user),
        "is_own": asked is not None and may_take_back(asked, request.user),
    }
    if asked:
        context["asked_change"] = shown(asked)
    if asked and asked.state == "asked" and not asked.undoes_id:
        context |= _moving(asked, request.user)
    if made:
        context |= _made(made, request.user)
    return render(request, "office/place_changes/change.html", context)


@require_POST
def approve(request: HttpRequest, request_id: int) -> HttpResponse:
    """Decide that places change; people follow at once if the day has come."""
    asked = _asked(request.user, request_id)
    approving.approve(request=asked, answer=request.POST.get("answer", ""), by=request.user)
    messages.success(request, "已核准；到生效日由后台办理，人员、用户范围随之变更")
    return redirect("place_change", request_id)


@require_POST
def refuse(request: HttpRequest, request_id: int) -> HttpResponse:
    """Decide that they don't, and say why."""
    asked = _asked(request.user, request_id)
    requests.refuse(request=asked, answer=request.POST.get("answer", ""), by=request.user)
    messages.success(request, "已驳回")
    return redirect("place_change", request_id)


@require_POST
def take_back(request: HttpRequest, request_id: int) -> HttpResponse:
    """Whoever asked no longer does."""
    requests.take_back(request=_asked(request.user, request_id), by=request.user)
    messages.success(request, "已收回申请")
    return redirect("place_change", request_id)


@require_POST
def revoke(request: HttpRequest, request_id: int) -> HttpResponse:
    """Ask that a change be taken back."""
    made = _found(request.user, request_id).change
    if made is None:
        raise Http404
    asked = ask_revoking(change=made, reason=request.POST.get("reason", ""), by=request.user)
    messages.success(request, f"已提交撤销的申请 {asked.pk}，由省级经办核准")
    return redirect("place_change", asked.pk)


@unkept
@require_GET
def paper(request: HttpRequest, request_id: int, paper_id: int) -> HttpResponse:
    """The instrument that orders a change, as it was handed in."""
    _asked(request.user, request_id)
    return opened_paper(request, request_id, paper_id)


@require_GET
def unclear(request: HttpRequest, request_id: int) -> HttpResponse:
    """The people of whom only the divided place is known: their records' keys, each to be looked at by itself."""
    made = _found(request.user, request_id).change
    if made is None:
        raise Http404
    people = place_changes.unclear_people(made, by=request.user, after=begins_after(request))
    found = {"people": people, "request_id": request_id, "heading": change_summary(made), "made": made}
    found["next"] = people[-1] if len(people) == place_changes.MOST else None
    return render(request, "office/place_changes/unclear.html", found)


def _found(by: Officer, request_id: int) -> place_changes.Found:
    found = place_changes.found(request_id, by=by)
    if found.request is None and found.change is None:
        raise Http404
    return found


def _asked(by: Officer, request_id: int) -> Request:
    asked = _found(by, request_id).request
    if asked is None:
        raise Http404
    return asked


def _moving(asked: Request, by: Officer) -> dict[str, Any]:
    """What a request that waits would move now; or why it can't be any more."""
    try:
        rows = place_changes.rows_asked(asked, by=by)
    except Refused as refusal:
        return {"wrong": str(refusal)}
    moved = moved_lines(place_changes.moved_by(rows, by=by))
    unclear_ = place_changes.unclear_in(rows, by=by)
    return {"moved": moved, "along": sum(not row.is_said for row in rows), "unclear": unclear_}


def _made(made: PlaceChange, by: Officer) -> dict[str, Any]:
    """How far a change has gone, which officers went along, and who waits to be granted an area."""
    (rows,) = rows_of([made])
    may_see = by.may("officer.see")
    waiting = place_changes.waiting_officers(made, by=by)
    to_grant = [(id_, area, places().name(area)) for id_, area in waiting]
    said = [row for row in rows if row.is_said]
    names = {row.new: row.name for row in said if row.name}
    may_revoke = by.may("place_change.ask") and made.state in ("approved", "in_force")
    return {
        "along": sum(not row.is_said for row in rows), "to_grant": to_grant, "may_see_officers": may_see,
        "may_revoke": may_revoke, "made_rows": [line(row, names) for row in said[:SHOWN]],
    }  # fmt: skip
