"""The list of duplicates with its figures, one duplicate with its covers side by side, and the decision."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from canbao.core.progress import IllegalMove
from canbao.law.moves import read_workflows
from canbao.law.places import PROVINCE
from canbao.law.reader import read_law
from canbao.office.duplicates.figures import HEADERS, by_month, lines
from canbao.office.duplicates.showing import listed_row, offered, side_by_side, time_line
from canbao.office.pages import begins_after, unkept
from canbao.office.people.exports import KIND, mark
from canbao.office.people.showing import show, show_name
from canbao.office.people.spreadsheet import workbook
from canbao.office.shell import area_name
from canbao.registry import duplicates as registered
from canbao.registry.access import Refused, covers
from canbao.registry.actions import duplicates as actions
from canbao.registry.deeds import write_refusal
from canbao.registry.duplicate_figures import figures as counted
from canbao.registry.duplicates import Desk, Filters
from canbao.registry.models import Officer
from canbao.registry.places_now import places

ORDERS = {"found": "最近发现的在前", "oldest": "最早发现的在前", "due": "期限近的在前"}
REASON = 500


@unkept
@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """The duplicates of one's own place, what is to be done unless asked otherwise; and what has come of them."""
    filters, after = _filters(request), begins_after(request)
    found = registered.listed(filters, by=request.user, after=after)
    states = read_workflows()["duplicate"].states
    shown = {
        "rows": [listed_row(one) for one in found],
        "asked": filters,
        "kept": _kept(filters),
        "next": after + registered.PAGE if len(found) == registered.PAGE else None,
        "may_see": request.user.may("duplicate.see"),
        "states": [("todo", "待处理和待终止"), *states.items(), ("overdue", "逾期未终止")],
        "kinds": read_law().duplicate_cover,
        "cities": places().children(PROVINCE),
        "orders": ORDERS.items(),
        "figures": by_month(counted(filters, by=request.user)),
    }
    return render(request, "office/duplicates/duplicates.html", shown)


@unkept
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """The figures as an XLSX file: counts, and nobody in them."""
    found = counted(_filters(request), by=request.user)
    answer = HttpResponse(workbook("重复参保统计", mark(request.user), HEADERS, lines(found)), content_type=KIND)
    answer.headers["Content-Disposition"] = f'attachment; filename="duplicates-{timezone.localdate():%Y%m%d}.xlsx"'
    return answer


@unkept
@require_GET
def duplicate(request: HttpRequest, duplicate_id: int) -> HttpResponse:
    """One duplicate: why it is one, its covers side by side, whom to ask, and what was decided."""
    desk = registered.desk(duplicate_id, by=request.user)
    if desk is None:
        raise Http404
    return render(request, "office/duplicates/duplicate.html", _shown(desk, request.user))


@unkept
@require_POST
def decide(request: HttpRequest, duplicate_id: int) -> HttpResponse:
    """Decide which cover is to end, or that all are right."""
    one = registered.to_decide(duplicate_id, by=request.user)
    if one is None:
        raise Http404
    ends, reason = request.POST.get("ends"), request.POST.get("reason", "")[:REASON]
    if ends is None:
        messages.error(request, "请选择结论，并写明理由")
        return redirect("duplicate", duplicate_id)
    try:
        actions.decide(duplicate=one, decision=actions.Decision(ends, reason), by=request.user)
        messages.success(request, "已记下；数据显示已终止后自动了结" if ends else "已记为属实，不必处理")
    except Refused as refusal:
        messages.error(request, str(refusal))
    except IllegalMove as problem:
        write_refusal(by=request.user, action="duplicate.decide", why=str(problem))
        messages.error(request, str(problem))
    return redirect("duplicate", duplicate_id)


def _shown(desk: Desk, by: Officer) -> dict[str, Any]:
    one, rule = desk.duplicate, read_law().duplicate_kinds[desk.duplicate.kind]
    is_todo = one.state in registered.TO_DO
    headers, compared = side_by_side(one)
    is_own_person = any(covers(by.area, area) for area in desk.person["areas"].split("|"))
    return {
        **listed_row(one),
        "citation": read_law().citation(rule.source, rule.clause),
        "days": rule.days,
        "ended_on": one.ended_on,
        "person_id": desk.person["id"] if is_own_person and by.may("person.see") else None,
        "name": show_name(desk.person["name"]),
        "number": show("ssn", desk.person["ssn"]),
        "home": area_name(desk.person["home"]),
        "headers": headers,
        "compared": compared,
        "contacts": [(area_name(city), named) for city, named in desk.contacts.items()],
        "line": list(time_line(one)),
        "offered": offered(one, by) if is_todo and _may_decide(by, desk) else [],
        "may_split": is_own_person and by.may("split.ask"),
        "longest": REASON,
    }


def _may_decide(by: Officer, desk: Desk) -> bool:
    return by.may("duplicate.decide") and registered.is_concerned(by, desk.duplicate)


def _filters(request: HttpRequest) -> Filters:
    """What of the filters is known; the rest is as if it were not there. Without any state: what is to be done."""
    state, kind, place, order = (request.GET.get(name, "") for name in ("state", "kind", "place", "order"))
    known = {"todo", "overdue", *read_workflows()["duplicate"].states}
    return Filters(
        state="" if state == "all" else state if state in known else "todo",
        kind=kind if kind in read_law().duplicate_kinds else "",
        place=place if place in {one.code[:4] for one in places().children(PROVINCE)} else "",
        asked=request.GET.get("asked") == "1",
        order=order if order in ORDERS else "found",
    )


def _kept(filters: Filters) -> str:
    """The filters as an address says them."""
    said = {**asdict(filters), "state": filters.state or "all", "asked": "1" if filters.asked else ""}
    return urlencode({name: value for name, value in said.items() if value})
