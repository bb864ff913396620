"""Why a derived value holds: the person's own facts, judged once more by the law's tables, one record at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from canbao.core import covers
from canbao.core.conditions import Record as Judged
from canbao.core.conditions import holds, read_condition
from canbao.core.conditions.kinds import Age as AgeCondition
from canbao.core.conditions.kinds import fields_of, parts_of, qualities_of
from canbao.core.registration import DERIVED, missing_items, wrong_items
from canbao.core.tables import Decision, decide, rules, why
from canbao.law.models import Condition, Table
from canbao.law.reader import Law, read_law
from canbao.registry.emergencies import looking
from canbao.registry.lookup import Record, whole_record
from canbao.registry.models import Emergency, Officer, SurveyAnswers
from canbao.registry.qualities import qualities_in, quality_bits

Row = dict[str, Any]
DECIDED = (*DERIVED, "disposition")
"""The items of which one may ask why."""


@dataclass(frozen=True)
class Bearing:
    """A quality that the winning row asks for, and what has it; often nothing.

    `rows` are those of a division's files, `answers` the survey in which the person said so.
    """

    quality: str
    label: str
    rows: tuple[Row, ...]
    answers: tuple[SurveyAnswers, ...] = ()


@dataclass(frozen=True)
class Reason:
    """Why an item has its value.

    `words` is the clause with the condition; `also` are rows that hold too, in their order, each with its phrase;
    `items` are the fields that were looked at; `is_current` says whether today's law gives what is registered.
    """

    item: str
    label: str
    value: str | None
    rule: str | None
    words: str
    also: tuple[tuple[str, str], ...]
    is_undetermined: bool
    is_current: bool
    items: dict[str, Any]
    bearings: tuple[Bearing, ...]
    gaps: tuple[str, ...]


def reason(person_id: int, item: str, *, by: Officer, purpose: str, under: Emergency | None = None) -> Reason | None:
    """Why one of DECIDED has its value, or None if there is no such person in the officer's area.

    A sensitive item can't be explained without being told, so that asking why is unmasking it. Raises Refused.
    """
    permission = "person.unmask" if read_law().fields[item].privacy == "sensitive" else "person.see"
    with looking(by=by, action="person.why", permission=permission, purpose=purpose, under=under) as note:
        note.details.update(item=item)
        record = whole_record(person_id, by, note)
        return explained(record, item) if record else None


def explained(record: Record, item: str) -> Reason:
    """The reason for an item of a record that has been looked up."""
    law = read_law()
    table, judged = law.tables[item], _judged(record, law)
    decision = decide(table, settings.PROFILE, judged)
    looked_at = [*_conditions(table, decision)]
    return Reason(
        item=item,
        label=table.label,
        value=decision.value,
        rule=decision.rule,
        words=_words(table, decision, law),
        also=tuple((row.id, row.phrase) for row in table.first_match if row.id in decision.also_matching),
        is_undetermined=decision.undetermined,
        is_current=decision.rule == record.person[f"{item}_rule"],
        items={name: judged.item(name) for name in _fields(looked_at)},
        bearings=tuple(_bearings(looked_at, record, law)),
        gaps=tuple(_gaps(judged, law)) if item == "disposition" else (),
    )


def _words(table: Table, decision: Decision, law: Law) -> str:
    if decision.rule is not None:
        return why(table, decision.rule, law)
    citation = law.citation(table.source, table.clause)
    return f"{citation}：{'资料不足，未能判定' if decision.undetermined else '不属于判定范围，或没有一行成立'}"


def _conditions(table: Table, decision: Decision) -> Iterator[Condition]:
    """What was looked at: whom the table is for, and the winning row; all rows if none won or the last did."""
    if table.only_when is not None:
        yield table.only_when
    by_id = {rule.row.id: rule for rule in rules(table, settings.PROFILE)}
    winner = by_id.get(decision.rule or "")
    chosen = [winner] if winner is not None and not winner.is_fallback else [*by_id.values()]
    yield from (rule.row.when for rule in chosen)


def _fields(conditions: list[Condition]) -> list[str]:
    """The fields that conditions look at, each once, in their order."""
    found: dict[str, None] = {}
    for written in conditions:
        condition = read_condition(written)
        found |= dict.fromkeys(sorted(fields_of(condition)))
        if any(isinstance(part, AgeCondition) for part in parts_of(condition)):
            found["birth_date"] = None
    return [*found]


def _judged(record: Record, law: Law) -> Judged:
    person = record.person
    with connection.cursor() as cursor:
        qualities = qualities_in(person["qualities"], quality_bits(cursor, law))
    items = {**person, "open_conflict": "1" if person["open_conflict"] else "0"}
    known = Judged(items, person["judged_on"], qualities)
    marks = {
        "item_missing": "1" if missing_items(known, law) else "0",
        "item_wrong": "1" if wrong_items(known, law) else "0",
    }
    return Judged({**items, **marks}, person["judged_on"], qualities)


def _gaps(judged: Judged, law: Law) -> Iterator[str]:
    """What is missing or wrong, in words: why somebody is sent back."""
    for name in dict.fromkeys(field for _, field in missing_items(judged, law)):
        yield f"缺{law.fields[name].label}"
    yield from (law.checks[id_].label for id_ in wrong_items(judged, law))


def _bearings(conditions: list[Condition], record: Record, law: Law) -> Iterator[Bearing]:
    """The qualities asked for; those of a survey only if it found them, since who was not surveyed has none."""
    asked = [quality for written in conditions for quality in sorted(qualities_of(read_condition(written)))]
    for quality in dict.fromkeys(asked):
        rows, answers = tuple(_rows_with(quality, record, law)), tuple(_answers_with(quality, record, law))
        if answers or law.qualities[quality].of in law.sources:
            yield Bearing(quality, law.qualities[quality].label, rows, answers)


def _rows_with(quality: str, record: Record, law: Law) -> Iterator[Row]:
    """The rows that have a quality; what is held out has no say."""
    if law.qualities[quality].of == "insurance":
        condition = read_condition(law.qualities[quality].when)
        found: list[Mapping[str, Any]] = [
            row
            for row in covers.understood(record.insurances)
            if holds(condition, Judged(row, record.person["judged_on"]))
        ]
    else:
        found = [row for row in record.evidence if row["quality"] == quality]
    yield from (dict(row) for row in found if not record.is_held(row))


def _answers_with(quality: str, record: Record, law: Law) -> Iterator[SurveyAnswers]:
    """The answers that have a quality; the first ones of a person alone count."""
    asked = law.qualities[quality]
    if asked.of == "survey":
        condition = read_condition(asked.when)
        yield from (
            one for one in record.answers[:1] if holds(condition, Judged(one.items, record.person["judged_on"]))
        )
