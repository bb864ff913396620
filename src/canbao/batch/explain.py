"""Why a registered value is what it is: the value, its clause, and the source rows it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from canbao.batch.steps.derive import SLOT_ITEMS
from canbao.batch.steps.write import COVER_COLUMNS
from canbao.batch.summary import read_summary
from canbao.batch.trouble import SourceTrouble
from canbao.core.conditions import Record, holds, read_condition
from canbao.core.conditions.chinese import value_label
from canbao.core.conditions.kinds import Age, parts_of, qualities_of
from canbao.core.covers import SLUGS, UNIT_ORDER
from canbao.core.registration import DERIVED, HOUSEHOLD_ITEMS
from canbao.core.registration import qualities_of as qualities_of_rows
from canbao.core.tables import decide, why
from canbao.law.reader import Law, read_law

DECIDED = (*DERIVED, "disposition")
FACTS = ("insurances", "evidence", "findings", "conflicts")
Fact = dict[str, Any]


@dataclass(frozen=True)
class Reason:
    """One value: its item and Chinese label, what it means, why it was given, and the rows it rests on."""

    item: str
    label: str
    value: str | None
    meaning: str
    why: str
    also_matching: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """A person, a reason for each value, and what is doubtful about them."""

    person: Fact
    reasons: tuple[Reason, ...]
    findings: tuple[Fact, ...]
    conflicts: tuple[Fact, ...]


def explain(out: Path, ssn: str) -> Explanation:
    """Explain one person of a folder that `canbao clean` wrote.

    Raises SourceTrouble if the folder is not such a folder or nobody in it has the number.
    """
    run, law = read_summary(out)["run"], read_law()
    persons = _facts(out, "persons", ssn)
    if not persons:
        raise SourceTrouble(str(out), f"没有社会保障号码为 {ssn} 的人", "请核对号码；无法识别的号码见 findings.parquet")
    facts = {name: _facts(out, name, ssn) for name in FACTS}
    record = _record(persons[0], facts, law, date.fromisoformat(run["as_of"]))
    reasons = [
        *_given(persons[0], facts, law),
        *(_decided(item, run["profile"], record, facts, law) for item in DECIDED),
    ]
    return Explanation(persons[0], tuple(reasons), tuple(facts["findings"]), tuple(facts["conflicts"]))


def somebody(out: Path) -> str | None:
    """The number of one person of the folder, of the survey list if that has anybody; None where nobody is."""
    for name in ("survey", "persons"):
        found = duckdb.execute("SELECT min(ssn) FROM read_parquet($1)", [str(out / f"{name}.parquet")]).fetchone()
        if found and found[0]:
            return str(found[0])
    return None


def _facts(out: Path, name: str, ssn: str) -> list[Fact]:
    found = duckdb.execute("SELECT * FROM read_parquet($1) WHERE ssn = $2", [str(out / f"{name}.parquet"), ssn])
    columns = [column[0] for column in found.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _record(person: Fact, facts: Mapping[str, list[Fact]], law: Law, as_of: date) -> Record:
    rules = {finding["rule"] for finding in facts["findings"]}
    errors = {check.id for check in law.checks.values() if check.when is not None and check.severity == "error"}
    marks = {
        "open_conflict": "1" if facts["conflicts"] else "0",
        "item_missing": "1" if "required_missing" in rules else "0",
        "item_wrong": "1" if rules & errors else "0",
    }
    have = {fact["quality"] for fact in facts["evidence"] if fact["quality"]}
    have |= qualities_of_rows({"insurance": [_cover(row) for row in facts["insurances"]]}, law, as_of)
    return Record({**{name: _plain(value) for name, value in person.items()}, **marks}, as_of, frozenset(have))


def _plain(value: Any) -> str | date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if value is None or isinstance(value, str | date) else str(value)


def _cover(fact: Fact) -> dict[str, str]:
    return {name: str(fact[name]) for name in COVER_COLUMNS if fact[name] is not None}


def _decided(item: str, profile: str, record: Record, facts: Mapping[str, list[Fact]], law: Law) -> Reason:
    table = law.tables[item]
    decision = decide(table, profile, record)
    value, meaning = decision.value, value_label(item, decision.value, law) if decision.value else "（无）"
    if decision.rule is None:
        told = "资料不足，无法判定，需要核实" if decision.undetermined else "不适用"
        return Reason(item, table.label, value, meaning, told, (), ())
    row = next(one for one in table.first_match if one.id == decision.rule)
    condition = read_condition(row.when)
    rows = _resting_on(qualities_of(condition), record, facts, law)
    if any(isinstance(part, Age) for part in parts_of(condition)):
        rows += _places(fact for fact in facts["evidence"] if fact["kind"] == "household") or [
            "出生日期取自社会保障号码"
        ]
    return Reason(
        item,
        table.label,
        value,
        meaning,
        why(table, decision.rule, law),
        decision.also_matching,
        tuple(dict.fromkeys(rows)),
    )


def _resting_on(qualities: set[str], record: Record, facts: Mapping[str, list[Fact]], law: Law) -> list[str]:
    """The rows that have one of the qualities."""
    rows = _places(fact for fact in facts["evidence"] if fact["quality"] in qualities)
    for quality in qualities & {one.id for one in law.qualities.values() if one.of == "insurance"}:
        condition = read_condition(law.qualities[quality].when)
        rows += _places(one for one in facts["insurances"] if holds(condition, Record(_cover(one), record.as_of)))
    return rows


def _given(person: Fact, facts: Mapping[str, list[Fact]], law: Law) -> list[Reason]:
    """The values that are taken over, with the rows they were taken from."""
    household = _places(fact for fact in facts["evidence"] if fact["kind"] == "household")
    everything = household + _places(facts["insurances"]) + _places(facts["evidence"])
    reasons = [_taken("ssn", person, law, everything), _taken("name", person, law, everything)]
    reasons += [_taken(name, person, law, ["取自社会保障号码（GB 11643-1999）"]) for name in ("sex", "birth_date")]
    reasons += [_taken(name, person, law, _rows_with(name, person, facts) or household) for name in HOUSEHOLD_ITEMS]
    for slug in SLUGS:
        rows = _slot_rows(slug, person, facts)
        reasons += [
            _taken(f"{slug}_{item}", person, law, rows) for item in SLOT_ITEMS if person[f"{slug}_{item}"] is not None
        ]
    units = sorted(facts["insurances"], key=lambda fact: UNIT_ORDER.index(fact["insurance_type"]))
    holders = _places(
        fact for fact in units if fact["unit_no"] == person["unit_no"] and fact["unit_name"] == person["unit_name"]
    )
    labour = _places(fact for fact in facts["evidence"] if fact["kind"] == "labour")
    reasons += [_taken(name, person, law, holders[:1] or labour) for name in ("unit_no", "unit_name", "unit_type")]
    return [reason for reason in reasons if reason.value is not None]


def _rows_with(name: str, person: Fact, facts: Mapping[str, list[Fact]]) -> list[str]:
    """For the items that other sources complete: the rows that may have given them."""
    household = [fact for fact in facts["evidence"] if fact["kind"] == "household"]
    if name == "mobile":
        insured = [fact for fact in facts["insurances"] if fact["mobile"] == person["mobile"]]
        return _places([*household, *(fact for fact in facts["evidence"] if fact["kind"] == "card"), *insured])
    if name == "residence_address":
        return _places(fact for fact in facts["evidence"] if fact["kind"] in ("household", "card"))
    if name == "vital_status":
        deaths = [fact for fact in facts["evidence"] if fact["kind"] == "death"]
        return _places(deaths or household or facts["insurances"])
    return []


def _slot_rows(slug: str, person: Fact, facts: Mapping[str, list[Fact]]) -> list[str]:
    own = [fact for fact in facts["insurances"] if fact["insurance_type"] == slug]
    same = [fact for fact in own if all(fact[item] == person[f"{slug}_{item}"] for item in SLOT_ITEMS)]
    return _places(same[:1] or own)


def _taken(name: str, person: Fact, law: Law, rows: list[str]) -> Reason:
    spec, value = law.fields[name], person[name]
    text = None if value is None else str(value)
    meaning = value_label(name, text, law) if text else "（无）"
    return Reason(
        name, spec.label, text, meaning, law.citation(spec.source, spec.clause), (), tuple(dict.fromkeys(rows))
    )


def _places(facts: Iterable[Fact]) -> list[str]:
    return list(dict.fromkeys(f"{fact['source']} 第{fact['row']}行" for fact in facts))
