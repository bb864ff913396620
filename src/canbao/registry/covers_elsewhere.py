"""Cover elsewhere and duplicate cover of one person, from all divisions' rows, with the places to ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from canbao.core.covers import understood
from canbao.law.models import DuplicateCover
from canbao.law.reader import Law
from canbao.registry.lookup import Record

Row = dict[str, Any]
DEAD = "2"
"""生存状态 of somebody who has died."""


@dataclass(frozen=True)
class Duplicate:
    """Covers that exclude each other: the rule, the type where it is about one alone, and the rows on all sides."""

    rule: DuplicateCover
    subject: str
    rows: tuple[Row, ...]

    @property
    def places(self) -> tuple[str, ...]:
        """Where to ask: the places of cover, each once."""
        return tuple(sorted({str(row["region_code"]) for row in self.rows if row["region_code"]}))


def covering_rows(record: Record) -> list[Row]:
    """The insurance rows that count as cover; those of a statement that is held out do not."""
    return [dict(row) for row in understood(record.insurances) if not record.is_held(row)]


def duplicates(record: Record, law: Law) -> list[Duplicate]:
    """Every pair of covers that law says exclude each other (`duplicate_cover.yaml`)."""
    rows = covering_rows(record)
    is_dead = record.person["vital_status"] == DEAD
    return [
        Duplicate(rule, subject, tuple(found))
        for rule in law.duplicate_cover
        if is_dead or rule.among != "death"
        for subject, found in _excluding(rule, rows)
    ]


def elsewhere(record: Record) -> list[Row]:
    """Covers that are paid, paused or drawn in another city than the one the person belongs to."""
    home = record.person["home"][:4]
    active = ("1", "2")
    return [
        row
        for row in covering_rows(record)
        if row["region_code"]
        and not row["region_code"].startswith(home)
        and (row["contrib_status"] in active or row["benefit_status"] in active)
    ]


def _excluding(rule: DuplicateCover, rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    of_rule = [row for row in rows if row["insurance_type"] in rule.types and row[rule.state] in rule.values]
    if rule.among == "places":
        for slug in rule.types:
            same_type = [row for row in of_rule if row["insurance_type"] == slug]
            if len({row["region_code"] for row in same_type if row["region_code"]}) > 1:
                yield slug, same_type
    elif of_rule and (rule.among == "death" or {row["insurance_type"] for row in of_rule} == set(rule.types)):
        yield "", of_rule
