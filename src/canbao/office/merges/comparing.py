"""Two records side by side: each item of both, masked, with a mark where they differ; what each source says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from canbao.core.numbering.judge import judge
from canbao.core.numbering.resident import ResidentNumber
from canbao.office.conflicts.comparing import ITEMS, cover_headers, cover_rows
from canbao.office.people.person_page import change
from canbao.office.people.showing import label_of, show
from canbao.registry.lookup import Record

DECIDED = ("registration_status", "employment_status", "disposition")
LATEST = 5
"""How many changes of each record are shown; the person's own page has them all."""


@dataclass(frozen=True)
class Line:
    """One item of both records; it differs only if both say something."""

    label: str
    values: tuple[str, str]
    differs: bool


@dataclass(frozen=True)
class Side:
    """One of the two: its surrogate key, its masked number and name, what is known of it and from whom."""

    id: int
    number: str
    name: str
    is_odd: bool
    covers: list[list[str]]
    statements: list[list[str]]
    history: list[dict[str, Any]]


def compared(one: Record, other: Record, *, whole: bool = False) -> dict[str, Any]:
    """Everything that templates/office/merges/both.html draws; numbers and the like masked unless `whole`."""
    return {
        "sides": [_side(one, whole), _side(other, whole)],
        "lines": [line for name in (*ITEMS, *DECIDED) if (line := _line(name, one, other, whole)) is not None],
        "cover_headers": cover_headers(),
        "statement_headers": ["报送单位", "号码", "姓名", "资料日期", "采用"],
    }


def better(one: Record, other: Record) -> int:
    """The key of the record whose number should be kept: a valid one before an odd one, a resident's before others."""
    return max((one, other), key=_rank).person["id"]


def _rank(record: Record) -> tuple[bool, bool, bool]:
    """Whether the number is valid, a resident's, and the household's."""
    found = judge(record.person["ssn"])
    is_odd = found.number is None or any(finding.severity == "warning" for finding in found.findings)
    return not is_odd, found.kind == ResidentNumber.kind, bool(record.person["is_household"])


def _side(record: Record, whole: bool) -> Side:
    person = record.person
    return Side(
        id=person["id"],
        number=show("ssn", person["ssn"], whole=whole),
        name=show("name", person["name"]),
        is_odd=not _rank(record)[0],
        covers=list(cover_rows(record.insurances)),
        statements=[_statement(fact, whole) for fact in record.facts],
        history=[change(entry, whole=whole) for entry in record.history[:LATEST]],
    )


def _statement(fact: dict[str, Any], whole: bool) -> list[str]:
    """What a division says of somebody, in short."""
    shown = [show(name, fact[name], whole=whole) for name in ("ssn", "name")]
    division = show("admin_division_code", fact["division_code"])
    return [division, *shown, fact["as_of"].isoformat(), "待核准，未采用" if fact["is_held"] else "采用"]


def _line(name: str, one: Record, other: Record, whole: bool) -> Line | None:
    values = one.person.get(name), other.person.get(name)
    if values == (None, None):
        return None
    differs = None not in values and values[0] != values[1]
    shown = show(name, values[0], whole=whole), show(name, values[1], whole=whole)
    return Line(label_of(name), shown, differs)
