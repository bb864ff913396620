"""What the results know about one person, and which source rows say it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from canbao.batch.steps.write import COVER_COLUMNS
from canbao.core.conditions import Record, holds, read_condition
from canbao.core.covers import SLOT_ITEMS, UNIT_ITEMS, UNIT_ORDER, slot_order
from canbao.core.numbering.judge import judge
from canbao.core.registration import OF_HOUSEHOLD
from canbao.core.registration import qualities_of as qualities_of_rows
from canbao.law.reader import Law

OF_THE_RUN = ("operator_name", "operated_at", "reviewer_name", "reviewed_at")

Fact = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """What the results know about one person, and which source rows say it."""

    law: Law
    as_of: date
    person: Fact
    insurances: list[Fact]
    evidence: list[Fact]
    findings: list[Fact]
    conflicts: list[Fact]
    decided: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """For each item that a table has decided so far, the rows that the decision rests on."""

    @cached_property
    def record(self) -> Record:
        """The person as decision tables see them."""
        have = {fact["quality"] for fact in self.evidence if fact["quality"]}
        have |= qualities_of_rows({"insurance": [_cover(row) for row in self.insurances]}, self.law, self.as_of)
        marks = {mark: "1" if self.given[mark] else "0" for mark in ("open_conflict", "item_missing", "item_wrong")}
        items = {name: plain(value) for name, value in self.person.items()}
        return Record({**items, **marks}, self.as_of, frozenset(have))

    @cached_property
    def given(self) -> dict[str, list[str]]:
        """For each item that is not decided by a table, the rows that it was taken from."""
        listed, household = self.listed("household"), self.household
        errors = (check.id for check in self.law.checks.values() if check.when and check.severity == "error")
        return {
            "ssn": _places([*self.evidence, *self.insurances]),
            "name": self.named,
            **dict.fromkeys(("sex", "birth_date"), self.identity),
            **dict.fromkeys(OF_HOUSEHOLD, household),
            "residence_address": self.holding("residence_address", "household", "card"),
            "mobile": self.mobile,
            "vital_status": self.listed("death") or household or self.with_quality("active_cover"),
            "death_date": self.listed("death"),
            "is_household": listed,
            "admin_division_code": self.division,
            "personal_status": _places([row for row in self.slots.values() if row["personal_status"]][:1]),
            **dict.fromkeys(UNIT_ITEMS, self.unit),
            **{f"{slug}_{item}": _places([row]) for slug, row in self.slots.items() for item in SLOT_ITEMS},
            **dict.fromkeys(OF_THE_RUN, self.run),
            "open_conflict": _places(self.conflicts),
            "item_missing": self.found("required_missing"),
            "item_wrong": self.found(*errors),
        }

    def rows_of(self, item: str) -> list[str]:
        """The rows that an item, or the rule that won for it, rests on."""
        decided = self.decided.get(item.removesuffix("_rule"))
        return self.given.get(item, []) if decided is None else list(decided)

    def listed(self, kind: str) -> list[str]:
        """The person's rows in one source other than insurance."""
        return _places(fact for fact in self.evidence if fact["kind"] == kind)

    def found(self, *rules: str) -> list[str]:
        """The rows about which one of the checks found something."""
        return _places(fact for fact in self.findings if fact["rule"] in rules)

    def with_quality(self, quality: str) -> list[str]:
        """The rows that have a quality."""
        if self.law.qualities[quality].of != "insurance":
            return _places(fact for fact in self.evidence if fact["quality"] == quality)
        condition = read_condition(self.law.qualities[quality].when)
        return _places(row for row in self.insurances if holds(condition, Record(_cover(row), self.as_of)))

    @cached_property
    def slots(self) -> dict[str, Fact]:
        """The row that stands for each insurance type, in the order in which the person's unit is looked for."""
        of_type = {slug: [row for row in self.insurances if row["insurance_type"] == slug] for slug in UNIT_ORDER}
        return {slug: min(rows, key=self._standing) for slug, rows in of_type.items() if rows}

    def _standing(self, row: Fact) -> tuple[Any, ...]:
        """The order of `steps.slot`: what the slot is chosen by, then all columns, missing values last."""
        columns = [column.name for column in self.law.sources["insurance"].columns if column.name in row]
        return slot_order(_cover(row)), [(row[name] is None, row[name]) for name in columns if name != "ssn"]

    @property
    def run(self) -> list[str]:
        """Where values come from that no source has."""
        return ["本次运行（city.toml）"]

    @property
    def household(self) -> list[str]:
        """The household row that stands for the person; findings name the others."""
        others = self.found("household_rows_differ")
        return [place for place in self.listed("household") if place not in others]

    @property
    def named(self) -> list[str]:
        """The household rows that bear the name, else the insurance rows, else all rows."""
        without = self.found("name_missing", "merged_by_resolution")
        household = [place for place in self.listed("household") if place not in without]
        insured = _places(row for row in self.insurances if row["name"] == self.person["name"])
        return household or insured or [place for place in _places(self.evidence) if place not in without]

    @property
    def identity(self) -> list[str]:
        """Where sex and birth date come from: most numbers say them."""
        if judge(self.person["ssn"]).birth_date is not None:
            return ["社会保障号码本身"]
        return self.household or _places(self.insurances)

    @property
    def division(self) -> list[str]:
        """Where the reporting division comes from: the household, else the primary slot, else the run itself."""
        if self.person["hukou_division_code"]:
            return self.household
        primary = next(iter(self.slots.values()), None)
        return _places([primary]) if primary and primary["region_code"] else self.run

    @property
    def unit(self) -> list[str]:
        """The primary slot's row if that names a unit, else the row of the labour register that stands."""
        primary = next(iter(self.slots.values()), None)
        named = primary is not None and (primary["unit_no"] or primary["unit_name"])
        return _places([primary]) if primary and named else self.holding("unit", "labour")

    @property
    def mobile(self) -> list[str]:
        """The row that the mobile was taken from."""
        return self.holding("mobile", "household", "card") or _places(self.insured_mobile)

    def holding(self, item: str, *kinds: str) -> list[str]:
        """The row that an item is completed from: of the first of several sources that has one."""
        holders = [fact for fact in self.evidence if item in (fact["holds"] or "").split(",")]
        of_kind = (_places(fact for fact in holders if fact["kind"] == kind) for kind in kinds)
        return next((places for places in of_kind if places), [])

    @property
    def insured_mobile(self) -> list[Fact]:
        """The insurance row with the latest mobile, by the second as `steps.slot` has it; the smaller of equals."""
        rows = sorted((row for row in self.insurances if row["mobile"]), key=lambda row: str(row["mobile"]))
        latest = max(rows, key=lambda row: (row["updated_at"] or datetime.min).replace(microsecond=0), default=None)
        return [latest] if latest else []


def plain(value: Any) -> str | date | None:
    """A value as conditions see it."""
    if isinstance(value, datetime):
        return value.date()
    return value if value is None or isinstance(value, str | date) else str(value)


def _cover(fact: Fact) -> dict[str, str]:
    return {name: str(fact[name]) for name in COVER_COLUMNS if fact[name] is not None}


def _places(facts: Iterable[Fact]) -> list[str]:
    return list(once(f"{fact['source']} 第{fact['row']}行" for fact in facts))


def once(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts in their order, each once."""
    return tuple(dict.fromkeys(texts))
