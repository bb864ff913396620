"""A change as pages show it: what becomes of what, with names, and how much of it is done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from canbao.core.place_changes import KINDS, Row
from canbao.law.places import parent_of
from canbao.registry.actions.place_checking import Wanted, wanted
from canbao.registry.models import PlaceChange, Request
from canbao.registry.place_changes import Moved
from canbao.registry.places_now import places, rows_of

SHOWN = 200
"""Rows that a page shows; the rest is told by its number."""


def shown(request: Request) -> dict[str, Any]:
    """What a request for a change asks for, for `place_changes/request_part.html` inside any page of requests."""
    origin = request.undoes or request
    change = wanted(origin.content)
    names = {row.new: row.name for row in change.rows if row.name}
    return {
        "place_request": request,
        "change_kind": KINDS.get(change.kind, change.kind),
        "change_day": change.day,
        "change_rows": [line(row, names) for row in change.rows[:SHOWN]],
        "change_more": max(len(change.rows) - SHOWN, 0),
    }


def line(row: Row, names: dict[str, str]) -> dict[str, str]:
    """A row in words."""
    known = places()
    before = known.name(row.old) if row.old else ""
    return {
        "old": row.old,
        "before": before,
        "new": row.new,
        "after": row.name or names.get(row.new) or known.name(row.new) or before,
        "what": _what(row, before),
    }


def _what(row: Row, before: str) -> str:
    if not row.old:
        return "新设"
    if row.old == row.new:
        return "更名"
    return "改码、更名" if row.name and row.name != before else "改码"


def moved_lines(moved: Iterable[Moved]) -> list[dict[str, Any]]:
    """The rows with how many each moves."""
    moved = list(moved)
    names = {one.row.new: one.row.name for one in moved if one.row.name}
    return [
        {**line(one.row, names), "people": one.people, "officers": one.officers, "requests": one.requests}
        for one in moved[:SHOWN]
    ]


def summary(change: Wanted) -> str:
    """A change in a line: its kind and the first places."""
    return in_a_line(change.kind, change.rows)


def change_summary(change: PlaceChange) -> str:
    """The same of one that was approved."""
    (rows,) = rows_of([change])
    return in_a_line(change.kind, [row for row in rows if row.is_said])


def in_a_line(kind: str, rows: Iterable[Row]) -> str:
    """What a change does, in a line."""
    rows = list(rows)
    return f"{KINDS.get(kind, kind)}：{_told(kind, rows)}"


def _told(kind: str, rows: list[Row]) -> str:
    level = min(len(row.new) for row in rows)
    upper = [row for row in rows if len(row.new) == level]
    called = {row.new: row.name for row in rows if row.name}
    old, new = [row.old for row in upper if row.old], [row.new for row in upper]
    moving = next((row for row in rows if row.old), None)
    if kind == "split" and moving:
        return f"{_names(old or [parent_of(moving.old)], {})} 分出 {_names(new, called)}"
    if kind == "transfer" and old:
        return f"{_names(map(parent_of, old), {})}的 {len(old)} 个下级划入{_names(map(parent_of, new), {})}"
    if kind == "merge":
        return f"{_names(old, {})} 并为 {_names(new, called)}"
    return f"{_names([row.old or row.new for row in upper], called)}{f'（{len(rows)} 项）' if kind == 'list' else ''}"


def _names(codes: Iterable[str], called: dict[str, str]) -> str:
    """The names of some places, the first two of many."""
    different = [*dict.fromkeys(codes)]
    first = "、".join(called.get(code) or places().name(code) or code for code in different[:2])
    return first if len(different) <= 2 else f"{first}等 {len(different)} 个"
