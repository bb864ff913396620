"""One person's registration, judged slowly and obviously: the reference that every fast engine is held to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from canbao.core import covers, surveying
from canbao.core.conditions import Record, holds, read_condition
from canbao.core.conditions.python import Value
from canbao.core.dates import read_day
from canbao.core.numbering.judge import judge
from canbao.core.tables import Decision, decide
from canbao.law.reader import Law

Rows = Mapping[str, Sequence[Mapping[str, str]]]

DERIVED = (
    "employment_status",
    "no_unit_type",
    "registration_status",
    "uninsured_reason",
    "wi_disability_allowance_status",
    "wi_survivor_pension_status",
)
"""The derived items in the order in which they need each other."""

WITH_RULE = DERIVED[:4]
"""The derived items whose winning row stands beside them in persons.parquet."""

OF_HOUSEHOLD = (
    "ethnicity", "hukou_address", "hukou_division_code", "hukou_town_name", "hukou_town_code", "hukou_village_name",
    "hukou_village_code",
)  # fmt: skip
"""The items that the household row alone gives."""
HOUSEHOLD_ITEMS = (*OF_HOUSEHOLD, "residence_address", "vital_status", "mobile")
COMPARED = "信息比对"
"""Who has entered and reviewed a record that no surveyor has."""


@dataclass(frozen=True)
class Registration:
    """What is registered about one person, and the decision behind each derived item."""

    items: dict[str, Value]
    decisions: dict[str, Decision] = field(default_factory=dict)


def qualities_of(rows: Rows, law: Law, as_of: date) -> frozenset[str]:
    """The qualities of a person: each holds as soon as one row of its source has it."""
    return frozenset(
        quality.id
        for quality in law.qualities.values()
        if any(holds(read_condition(quality.when), Record(row, as_of)) for row in rows.get(quality.of, ()))
    )


def register(rows: Rows, *, law: Law, profile: str, as_of: date, open_conflict: bool = False) -> Registration:
    """Register one person from merged rows by source name, values being normalised codes and ISO days.

    `survey` may have one row: the answers in force, which the register alone has.
    """
    rows = {**rows, "insurance": covers.understood(rows.get("insurance", ()))}
    qualities = qualities_of(rows, law, as_of)
    registration = Registration(_known_items(rows, qualities, as_of))
    for item in DERIVED:
        registration = _with_decision(registration, item, law, profile, qualities, as_of)
    record = Record(registration.items, as_of, qualities)
    marks: dict[str, Value] = {
        "open_conflict": "1" if open_conflict else "0",
        "item_missing": "1" if missing_items(record, law) else "0",
        "item_wrong": "1" if wrong_items(record, law) else "0",
    }
    judged = replace(registration, items={**registration.items, **marks})
    return _with_decision(judged, "disposition", law, profile, qualities, as_of)


def missing_items(record: Record, law: Law, severity: str = "error") -> list[tuple[str, str]]:
    """The required items that are missing, as (requirement id, field)."""
    return [
        (requirement.id, name)
        for requirement in law.requirements
        if requirement.severity == severity and holds(read_condition(requirement.who), record)
        for name in requirement.fields
        if record.item(name) is None
    ]


def wrong_items(record: Record, law: Law, severity: str = "error") -> list[str]:
    """The ids of the person-level checks that find something wrong."""
    return [
        check.id
        for check in law.checks.values()
        if check.when is not None and check.severity == severity and holds(read_condition(check.when), record)
    ]


def _with_decision(
    registration: Registration, item: str, law: Law, profile: str, qualities: frozenset[str], as_of: date
) -> Registration:
    decision = decide(law.tables[item], profile, Record(registration.items, as_of, qualities))
    items = {**registration.items, item: decision.value, f"{item}_rule": decision.rule}
    return Registration(items, {**registration.decisions, item: decision})


def _known_items(rows: Rows, qualities: frozenset[str], as_of: date) -> dict[str, Value]:
    any_row = next(row for source in rows.values() for row in source)
    judgement = judge(any_row["ssn"], as_of=as_of)
    answers = next(iter(rows.get("survey", ())), {})
    household = next(iter(rows.get("household", ())), {})
    household = surveying.completed(household, answers) if household else household
    slots = covers.slots(rows["insurance"])
    items: dict[str, Value] = {name: household.get(name) or None for name in HOUSEHOLD_ITEMS}
    items |= {name: answers[name] for name in ("residence_address", "mobile") if answers.get(name)}
    items["ethnicity"] = items["ethnicity"] or answers.get("ethnicity") or None
    items |= {"ssn": judgement.normalised, "name": any_row.get("name")}
    items |= {"sex": judgement.sex or any_row.get("sex"), "birth_date": judgement.birth_date or _birth(any_row)}
    items |= _slot_items(slots) | _unit_items(slots, rows)
    items |= {"vital_status": vital_status(household.get("vital_status"), qualities)}
    items |= {"admin_division_code": household.get("hukou_division_code") or _region(slots) or "000000"}
    items |= _signed(answers, as_of)
    return items


def vital_status(declared: str | None, qualities: frozenset[str]) -> str | None:
    """生存状态: dead if reported dead, else as the household list says; who is insured is taken to be alive."""
    if "death_reported" in qualities:
        return "2"
    if declared:
        return declared
    return "1" if "household" not in qualities and "active_cover" in qualities else None


def _signed(answers: Mapping[str, str], as_of: date) -> dict[str, Value]:
    if not answers.get("operator_name"):
        return {"operator_name": COMPARED, "reviewer_name": COMPARED, "operated_at": as_of, "reviewed_at": as_of}
    days = {name: read_day(answers[name]) for name in ("operated_at", "reviewed_at")}
    return {"operator_name": answers["operator_name"], "reviewer_name": answers["reviewer_name"], **days}


def _birth(row: Mapping[str, str]) -> date | None:
    return read_day(row.get("birth_date") or "")


def _region(slots: Mapping[str, Mapping[str, str]]) -> str | None:
    primary = covers.primary_slot(slots)
    return (primary.get("region_code") or None) if primary else None


def _slot_items(slots: Mapping[str, Mapping[str, str]]) -> dict[str, Value]:
    items: dict[str, Value] = {}
    for slug in covers.SLUGS:
        row = slots.get(slug, {})
        items |= {
            f"{slug}_{name}": row.get(name) or None for name in ("contrib_status", "benefit_status", "region_code")
        }
        items[f"{slug}_enrol_date"] = read_day(row.get("enrol_date") or "")
    return items


def _unit_items(slots: Mapping[str, Mapping[str, str]], rows: Rows) -> dict[str, Value]:
    candidates = [covers.primary_slot(slots) or {}, *rows.get("labour", ()), *rows.get("survey", ())]
    chosen = next((row for row in candidates if row.get("unit_no") or row.get("unit_name")), {})
    return {name: chosen.get(name) or None for name in ("unit_no", "unit_name", "unit_type")}
