"""Pages of dry runs: asked for, what an admission would change, and some of those whom it would touch."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_POST

from canbao.office.packages.finding import find, is_moving
from canbao.office.packages.queueing import queue
from canbao.office.pages import begins_after, unkept
from canbao.office.people.showing import NOTHING, as_text, label_of, place_name, show, show_name, with_words
from canbao.registry.access import Refused
from canbao.registry.actions.rehearsals import order_rehearsal
from canbao.registry.rehearsals import PAGE, rehearsed_people

EFFECTS = {"registered": "新登记", "changed": "资料变化", "gone": "不再报送", "conflict": "提出争议"}
COUNTS = {
    "people": "数据包里的人", "registered": "新登记", "changed": "登记变化", "changed_facts": "报送的资料有变化",
    "gone": "不再报送", "conflicts": "新提出的争议",
}  # fmt: skip


@require_POST
def rehearse(request: HttpRequest, package_id: int) -> HttpResponse:
    """Put a dry run on the queue."""
    package = find(request.user, package_id)
    if is_moving(package):
        raise Refused("这个数据包还有后台任务没有办完；请等它结束再试运行")
    order_rehearsal(package=package, by=request.user)
    with transaction.atomic():
        queue("rehearse_package", package, request.user)
    return redirect("package", package_id=package.id)


@require_GET
def shown(request: HttpRequest, package_id: int) -> HttpResponse:
    """What the last dry run has counted."""
    package = find(request.user, package_id)
    context = {"package": package, "may_see_people": request.user.may("person.see"), **told(package.rehearsal)}
    return render(request, "office/packages/rehearsal.html", context)


@unkept
@require_GET
def people(request: HttpRequest, package_id: int) -> HttpResponse:
    """Some of the people whom the admission would touch, within the reader's area."""
    package = find(request.user, package_id)
    found = rehearsed_people(package, after=begins_after(request), by=request.user)
    context = {
        "package": package,
        "people": [_person(one) for one in found],
        "next": found[-1]["place"] if len(found) == PAGE else None,
    }
    return render(request, "office/packages/rehearsed_people.html", context)


def told(kept: dict[str, Any]) -> dict[str, Any]:
    """A dry run's counts for the eye: `at`, `counts` as label and number, `items` as rows, `unchanged`."""
    if not kept:
        return {"at": None}
    counts = kept["counts"]
    return {
        "at": parse_datetime(kept["at"]),
        "counts": [(label, counts.get(name, 0)) for name, label in COUNTS.items()],
        "items": [
            {"label": label_of(item), "was": _value(item, was), "now": _value(item, now), "many": many}
            for item, was, now, many in kept["items"]
        ],
    }


def _value(item: str, value: str | None) -> str:
    """A code with its words: of many people together nothing is masked."""
    if value is None:
        return NOTHING
    return as_text(value == "true") if value in ("true", "false") else with_words(item, value)


def _person(one: dict[str, Any]) -> dict[str, Any]:
    changed = sorted(one["changes"].items(), key=lambda each: each[1] is None)
    return {
        "id": one["person_id"],
        "effect": EFFECTS[one["effect"]],
        "number": one["ssn"] if one["person_id"] is None else show("ssn", one["ssn"]),
        "name": show_name(one["name"]) if one["person_id"] else one["name"],
        "place": place_name(one["home"]) or NOTHING,
        "changes": [_change(item, pair) for item, pair in changed],
    }


def _change(item: str, pair: list[Any] | None) -> str:
    if pair is None:
        return label_of(item)
    was, now = (show(item, _plain(value)) for value in pair)
    return f"{label_of(item)}：{now}" if was == NOTHING else f"{label_of(item)}：{was} → {now}"


def _plain(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
