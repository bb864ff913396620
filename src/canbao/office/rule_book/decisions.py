"""Decision tables as a page draws them: rows with an anchor, the order of each profile, worked cases."""

from __future__ import annotations

from dataclasses import dataclass

from canbao.core.conditions import read_condition, say
from canbao.core.conditions.chinese import value_label
from canbao.law.models import Condition, Row, Table
from canbao.law.reader import Law
from canbao.paper.citing import cited, validity
from canbao.paper.worked_cases import worked_cases


@dataclass(frozen=True)
class DrawnRow:
    """A row in words; `id` is its anchor."""

    id: str
    gives: str
    phrase: str
    when: str
    citation: str
    reading: str


@dataclass(frozen=True)
class DrawnTable:
    """A decision table in words; `id` is its anchor; cases are name, profiles, day, facts, answer."""

    id: str
    label: str
    citation: str
    reading: str
    only_when: str
    orders: list[tuple[str, list[str]]]
    rows: list[DrawnRow]
    cases: list[list[str]]


def drawn_tables(law: Law) -> list[DrawnTable]:
    """All decision tables, as the law lists them."""
    return [_table(one, law) for one in law.tables.values()]


def said(condition: Condition | None, law: Law) -> str:
    """A condition in Chinese; an empty text for none."""
    return say(read_condition(condition), law) if condition is not None else ""


def _table(one: Table, law: Law) -> DrawnTable:
    return DrawnTable(
        id=one.decides,
        label=one.label,
        citation=f"{cited(one, law)}，{validity(one.in_force)}",
        reading=one.reading,
        only_when=said(one.only_when, law),
        orders=[(profile.label, [row.id for row in one.rows(profile.id)]) for profile in law.profiles.values()],
        rows=[_row(row, one, law) for row in one.first_match],
        cases=worked_cases(one, law),
    )


def _row(row: Row, one: Table, law: Law) -> DrawnRow:
    return DrawnRow(
        id=row.id,
        gives="不给值" if row.gives is None else value_label(one.decides, row.gives, law),
        phrase=row.phrase,
        when=said(row.when, law),
        citation=law.citation(row.source or one.source, row.clause or one.clause),
        reading=row.reading,
    )
