"""The list of conflicts, the desk, and the decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from canbao.core.progress import IllegalMove
from canbao.law.moves import read_workflows
from canbao.law.places import PROVINCE, read_places
from canbao.office.conflicts.comparing import cover_headers, cover_rows, lines
from canbao.office.pages import begins_after, unkept
from canbao.office.people.showing import show, show_name
from canbao.registry import conflicts as registered
from canbao.registry.access import Refused
from canbao.registry.actions import conflicts as actions
from canbao.registry.deeds import write_refusal
from canbao.registry.models import Conflict

DECISIONS = {"same": "是同一人", "different": "不是同一人"}
REASON = 500


@unkept
@require_GET
def conflicts(request: HttpRequest) -> HttpResponse:
    """The conflicts of one's own area, the open ones first unless asked otherwise."""
    asked = _filters(request)
    found = registered.listed(by=request.user, after=begins_after(request), **asked)
    shown = {
        "rows": [_row(one) for one in found],
        "may_see": request.user.may("conflict.see"),
        "asked": asked,
        "next": found[-1].pk if len(found) == registered.PAGE else None,
        "states": read_workflows()["conflict"].states.items(),
        "kinds": registered.KINDS.items(),
        "cities": read_places().children(PROVINCE) if len(request.user.area) < registered.CITY else (),
    }
    return render(request, "office/conflicts/conflicts.html", shown)


@unkept
@require_GET
def conflict(request: HttpRequest, conflict_id: int) -> HttpResponse:
    """The desk: two statements side by side."""
    desk = registered.desk(conflict_id, by=request.user)
    if desk is None:
        raise Http404
    one = desk.conflict
    shown = {
        **_row(one),
        "lines": lines(desk),
        "headers": cover_headers(),
        "reference_covers": list(cover_rows(desk.reference_covers)),
        "covers": list(cover_rows(desk.covers)),
        "reference_division": show("admin_division_code", desk.reference.get("division_code")),
        "has_statement": bool(desk.statement),
        "reason": one.reason,
        "settled_by": one.settled_by,
        "settled_at": one.settled_at,
        "may_decide": one.state == "open" and request.user.may("conflict.decide"),
        "decisions": DECISIONS.items(),
        "longest": REASON,
    }
    return render(request, "office/conflicts/conflict.html", shown)


@unkept
@require_POST
def settle(request: HttpRequest, conflict_id: int) -> HttpResponse:
    """Decide whether both statements are about one person."""
    one = registered.to_settle(conflict_id, by=request.user)
    if one is None:
        raise Http404
    decision, reason = request.POST.get("decision", ""), request.POST.get("reason", "")[:REASON]
    if decision not in DECISIONS or "\0" in reason:
        messages.error(request, "请选择结论，并写明理由")
        return redirect("conflict", conflict_id)
    try:
        actions.settle(conflict=one, decision=decision, reason=reason, by=request.user)
        messages.success(request, f"已核准：{DECISIONS[decision]}")
    except Refused as refusal:
        messages.error(request, str(refusal))
    except IllegalMove as problem:
        write_refusal(by=request.user, action="conflict.settle", why=str(problem))
        messages.error(request, str(problem))
    return redirect("conflict", conflict_id)


def _filters(request: HttpRequest) -> dict[str, str]:
    """What of the filters is known; the rest is as if it were not there. Without any state: the open ones."""
    state, kind, city = (request.GET.get(name, "") for name in ("state", "kind", "city"))
    return {
        "state": "" if state == "all" else state if state in registered.STATES else "open",
        "kind": kind if kind in registered.KINDS else "",
        "city": city if city in {one.code[:4] for one in read_places().cities} else "",
    }


def _row(one: Conflict) -> dict[str, Any]:
    """A conflict in words; names are masked, the desk has them whole."""
    return {
        "id": one.pk,
        "kind": registered.KINDS.get(one.kind, one.kind),
        "division": show("admin_division_code", one.division_code),
        "names": (show_name(one.reference_name), show_name(one.other_name)),
        "raised_at": one.raised_at,
        "state": one.state,
        "decision": DECISIONS.get(one.decision, ""),
    }
