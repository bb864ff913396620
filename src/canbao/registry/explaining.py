"""Why a registered value is what it is: the winning rule and its clause, and the facts that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from canbao.core.conditions import Record as Judged
from canbao.core.conditions import holds, read_condition, say
from canbao.core.conditions.chinese import label, value_label
from canbao.core.conditions.kinds import qualities_of
from canbao.core.covers import understood
from canbao.core.registration import DERIVED
from canbao.core.tables import Decision, decide, why
from canbao.law.models import Quality, Row
from canbao.law.reader import Law, read_law
from canbao.registry.lookup import Record

DECIDED = (*DERIVED, "disposition")


@dataclass(frozen=True)
class Fact:
    """A source row that a value rests on: who reported it, in which file and row, and what it shows."""

    division_code: str
    kind: str
    source: str
    row: int
    shows: str


@dataclass(frozen=True)
class Reason:
    """One derived value with its rule; `also` are other rows of the table that hold too, `absent` what nobody says."""

    item: str
    label: str
    value: str | None
    meaning: str
    rule: str | None
    why: str
    also: tuple[str, ...]
    facts: tuple[Fact, ...]
    absent: tuple[str, ...]


def reason(record: Record, item: str, *, profile: str) -> Reason:
    """Why a derived item of a person is as registered; raises KeyError for what is not derived."""
    law = read_law()
    table = law.tables[item]
    judged = _judged(record, law)
    decision = decide(table, profile, judged)
    rule = next((row for row in table.first_match if row.id == decision.rule), None)
    value = record.person[item]
    named = _named(rule)
    return Reason(
        item=item,
        label=label(item, law),
        value=value,
        meaning=value_label(item, value, law) if value else "没有值",
        rule=decision.rule,
        why=why(table, decision.rule, law) if decision.rule else _no_rule(decision, item, law),
        also=tuple(f"{id_} {_phrase(table.first_match, id_)}" for id_ in decision.also_matching),
        facts=tuple(_facts(record, law, [law.qualities[one] for one in named if one in judged.qualities], judged)),
        absent=tuple(law.qualities[one].label for one in named if one not in judged.qualities),
    )


def _judged(record: Record, law: Law) -> Judged:
    person = record.person
    qualities = _qualities(record, law, person["judged_on"])
    marks = {"open_conflict": "1" if person["open_conflict"] else "0", **_marks(person)}
    return Judged({**person, **marks}, person["judged_on"], qualities)


def _marks(person: dict[str, Any]) -> dict[str, str]:
    """What the disposition asks besides: told from the row that won, since the record itself was judged by it."""
    rule = person["disposition_rule"]
    return {"item_missing": "1" if rule in ("D5", "D6") else "0", "item_wrong": "0"}


def _qualities(record: Record, law: Law, as_of: date) -> frozenset[str]:
    told = {fact["quality"] for fact in record.evidence if fact["quality"] in law.qualities}
    insured = [quality for quality in law.qualities.values() if quality.of == "insurance"]
    rows = _understood(record)
    return frozenset(
        told | {one.id for one in insured if any(holds(read_condition(one.when), Judged(row, as_of)) for row in rows)}
    )


def _understood(record: Record) -> list[dict[str, Any]]:
    return understood([{key: value for key, value in row.items() if value is not None} for row in record.insurances])


def _named(rule: Row | None) -> list[str]:
    return sorted(qualities_of(read_condition(rule.when))) if rule else []


def _facts(record: Record, law: Law, qualities: list[Quality], judged: Judged) -> Iterator[Fact]:
    for quality in qualities:
        if quality.of == "insurance":
            condition = read_condition(quality.when)
            rows = [row for row in _understood(record) if holds(condition, Judged(row, judged.as_of))]
        else:
            rows = [row for row in record.evidence if row["quality"] == quality.id]
        for row in rows:
            yield Fact(row["division_code"], law.sources[quality.of].label, row["source"], row["row"], quality.label)


def _phrase(rows: tuple[Row, ...], id_: str) -> str:
    return next(row.phrase for row in rows if row.id == id_)


def _no_rule(decision: Decision, item: str, law: Law) -> str:
    table = law.tables[item]
    if decision.undetermined:
        return "缺少出生日期等资料，判定不了，需要调查"
    if table.only_when is not None:
        return f"只对这样的人判定：{say(read_condition(table.only_when), law)}"
    return "表中没有一条成立"
