"""Duplicates in words: a line of the list, covers side by side, what may be and what was decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from canbao.law.reader import read_law
from canbao.office.people.showing import label_of, show
from canbao.office.shell import area_name
from canbao.registry.access import covers
from canbao.registry.duplicates import choices, place_of
from canbao.registry.models import Duplicate, Officer

ITEMS = (
    "contrib_status", "benefit_status", "enrol_date", "region_code", "payer_category", "personal_status", "unit_name",
)  # fmt: skip
RIGHT = "属实，不必处理"


def listed_row(one: Duplicate) -> dict[str, Any]:
    """A duplicate as a line of the list; whose it is the desk tells."""
    rule = read_law().duplicate_kinds[one.kind]
    return {
        "id": one.pk,
        "kind": rule.label,
        "short": rule.short,
        "types": "、".join(dict.fromkeys(type_label(row["insurance_type"]) for row in one.rows)),
        "places": "、".join(dict.fromkeys(area_name(place_of(row)) for row in one.rows)),
        "found_on": one.found_on,
        "state": one.state,
        "decided": decided(one),
        "due_on": one.due_on if one.state == "waiting" else None,
        "is_late": one.state == "waiting" and one.due_on is not None and one.due_on < timezone.localdate(),
    }


def type_label(insurance_type: str) -> str:
    """What an insurance type is called; empty for all of a place's."""
    labels = {code.code: code.label for code in read_law().codes["insurance_type"].codes}
    return labels.get(insurance_type, insurance_type)


def decided(one: Duplicate) -> str:
    """The decision that holds, in a few words; empty without one."""
    if not one.decision:
        return ""
    return said(one.ends) if one.ends else RIGHT


def said(ends: str) -> str:
    """Which cover is to end."""
    named, _, place = ends.partition(":")
    return f"应由{area_name(place)}终止{type_label(named) or '全部参保'}"


def side_by_side(one: Duplicate) -> tuple[list[str], list[list[str]]]:
    """The headers and lines of a table with a column for each cover: who says what of it, as of when, by which row."""
    headers = ["项目", *(f"{type_label(row['insurance_type'])}·{area_name(place_of(row))}" for row in one.rows)]
    lines = [[label_of(name), *(show(name, row[name]) for row in one.rows)] for name in ITEMS]
    lines += [
        ["报送单位", *(show("admin_division_code", row["division_code"]) for row in one.rows)],
        ["截至", *(show("", row["as_of"], whole=True) for row in one.rows)],
        ["来源", *(f"{row['source']} 第{row['row']}行" for row in one.rows)],
    ]
    return headers, lines


def offered(one: Duplicate, by: Officer) -> list[tuple[str, str, str]]:
    """What may be decided: its value, its words, and what follows from it."""
    found = []
    for choice in choices(one):
        is_here = covers(by.area, choice.place)
        hint = "由本地业务系统终止，数据显示已终止后本条自动了结" if is_here else "请该地终止，本条列入该地的清单"
        found.append((choice.ends, said(choice.ends), hint))
    return [*found, ("", RIGHT, "如当月转移、资料有误且已另行更正；各地所报不变就不再提出")]


def time_line(one: Duplicate) -> Iterator[dict[str, Any]]:
    """All that was decided, the latest first."""
    for entry in reversed(one.said):
        label = said(entry["ends"]) if entry["ends"] else RIGHT
        by = f"{entry['name']}（{area_name(entry['area'])}）"
        yield {"at": datetime.fromisoformat(entry["at"]), "label": label, "by": by, "note": entry["reason"]}


def matters_by_subject(found: list[Duplicate]) -> dict[tuple[str, str], Duplicate]:
    """The latest of each rule and type; they come the latest first."""
    return {(one.kind, one.subject): one for one in reversed(found)}
