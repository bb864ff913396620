"""Pages of conflicts: the list of one's own area, and the desk where two statements lie side by side."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from canbao.law.moves import read_workflows
from canbao.law.reader import read_law
from canbao.office.people import showing
from canbao.office.people.purposes import keep_purpose
from canbao.registry import lookup
from canbao.registry.access import Refused
from canbao.registry.actions.conflicts import settle
from canbao.registry.models import Conflict, Officer

PAGE = 50
COMPARED = (
    "name", "sex", "birth_date", "hukou_address", "hukou_division_code", "residence_address", "mobile", "vital_status",
    "unit_name",
)  # fmt: skip
KINDS = {"name": "同号不同名", "household": "两地都有户籍"}
PURPOSE = "conflict"


def listed(request: HttpRequest) -> HttpResponse:
    """The conflicts of one's own area, the open ones first."""
    states = read_workflows()["conflict"].states
    state = request.GET.get("state", "open")
    found = _own(request.user).filter(state=state) if state in states else _own(request.user)
    page = Paginator(found.order_by("-raised_at"), PAGE).get_page(request.GET.get("page"))
    for conflict in page:
        conflict.kind_label = KINDS.get(conflict.kind, conflict.kind)
    context = {"page": page, "states": states, "state": state, "kept": f"state={state}&"}
    return render(request, "office/conflicts/list.html", context)


def desk(request: HttpRequest, conflict_id: int) -> HttpResponse:
    """Two statements side by side; looking at them is a look-up for the purpose of settling."""
    conflict = _find(request.user, conflict_id)
    record = lookup.record(conflict.person_id, by=request.user, purpose=PURPOSE)
    keep_purpose(request, PURPOSE)
    if record is None:
        raise Http404
    ours = next((fact for fact in record.facts if fact["division_code"] == conflict.division_code), None)
    others = [fact for fact in record.facts if fact["division_code"] != conflict.division_code]
    context = {
        "conflict": conflict,
        "kind": KINDS.get(conflict.kind, conflict.kind),
        "rows": [_compared(name, ours, others) for name in COMPARED],
        "others": others,
        "covers": showing.covers(record, whole=False),
        "ssn": showing.said("ssn", record.person["ssn"], whole=False),
        "may_decide": request.user.may("conflict.decide") and conflict.state == "open",
    }
    return render(request, "office/conflicts/desk.html", context)


@require_POST
def decide(request: HttpRequest, conflict_id: int) -> HttpResponse:
    """Settle a conflict, with the reason."""
    conflict = _find(request.user, conflict_id)
    decision = request.POST.get("decision", "")
    if decision not in ("same", "different"):
        raise Refused("请选择“同一人”或“不是同一人”")
    settle(conflict=conflict, decision=decision, reason=request.POST.get("reason", "")[:2000], by=request.user)
    return redirect("conflict", conflict_id=conflict.pk)


def _compared(name: str, ours: lookup.Row | None, others: list[lookup.Row]) -> dict[str, object]:
    mine = showing.said(name, ours[name], whole=False) if ours else ""
    theirs = [showing.said(name, other[name], whole=False) for other in others]
    differs = bool(ours) and any(ours[name] != other[name] for other in others)
    return {"label": read_law().fields[name].label, "ours": mine, "others": theirs, "differs": differs}


def _own(officer: Officer) -> QuerySet[Conflict]:
    """The conflicts that fall to an officer's division; the province sees all."""
    return Conflict.objects.filter(division_code__startswith=officer.area[:4])


def _find(officer: Officer, conflict_id: int) -> Conflict:
    found = _own(officer).filter(pk=conflict_id).first()
    if found is None:
        raise Http404
    return found
