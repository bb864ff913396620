"""Covers that exclude each other, told for one person from the facts of all divisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from canbao.law.models import DuplicateCover
from canbao.law.reader import read_law

Row = dict[str, Any]


@dataclass(frozen=True)
class Duplicate:
    """A rule that is broken, with the covers that break it."""

    label: str
    rule: DuplicateCover
    rows: tuple[Row, ...]


def duplicate_covers(insurances: list[Row]) -> list[Duplicate]:
    """The duplicate covers among a person's insurance rows (docs/contract.md, section 4)."""
    return [found for rule in read_law().duplicate_cover for found in _broken(rule, insurances)]


def _broken(rule: DuplicateCover, insurances: list[Row]) -> list[Duplicate]:
    rows = [row for row in insurances if row["insurance_type"] in rule.types and row[rule.state] == "1"]
    if rule.among == "types":
        kinds = {row["insurance_type"] for row in rows}
        return [Duplicate(rule.label, rule, tuple(rows))] if kinds == set(rule.types) else []
    groups = (tuple(row for row in rows if row["insurance_type"] == slug) for slug in rule.types)
    return [Duplicate(rule.label, rule, group) for group in groups if len({row["region_code"] for row in group}) > 1]
