"""The Python reading: one record at a time, slow and obvious; the other readings are held to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from canbao.core.conditions import kinds
from canbao.core.conditions.kinds import Condition
from canbao.core.dates import attained, cut_off

Value = str | date | None


@dataclass(frozen=True)
class Record:
    """What conditions look at: items by field name, the qualities a person has, and the day of judgement."""

    items: Mapping[str, Value]
    as_of: date
    qualities: frozenset[str] = field(default_factory=frozenset)

    def item(self, name: str) -> Value:
        """The item's value; the empty text counts as missing."""
        return self.as_of if name == "as_of" else (self.items.get(name) or None)


def holds(condition: Condition, record: Record) -> bool | None:
    """Whether the condition holds for the record; None when an age is unknown and decides."""
    match condition:
        case kinds.Always() | kinds.Otherwise():
            return True
        case kinds.Among(name, values):
            return record.item(name) in values
        case kinds.Filled(name, filled):
            return (record.item(name) is not None) == filled
        case kinds.BeginsWith(name, prefixes):
            return str(record.item(name) or "").startswith(prefixes)
        case kinds.BeginsWithField(name, other):
            return _begins_with_field(record.item(name), record.item(other))
        case kinds.Before(name, other):
            return _before(record.item(name), record.item(other))
        case kinds.Age():
            return _age(condition, record)
        case kinds.Has(qualities):
            return not record.qualities.isdisjoint(qualities)
        case kinds.Every(parts):
            return _every(holds(part, record) for part in parts)
        case kinds.Some(parts):
            return _some(holds(part, record) for part in parts)
        case kinds.Not(part):
            return _not(holds(part, record))
    assert_never(condition)


def day_of_age(on: kinds.AgeDay, as_of: date) -> date:
    """The day on which an age is judged: 31 August of as_of's year, or as_of itself.

    粤人社办〔2017〕96号 二（三）2.
    """
    return cut_off(as_of) if on == "age_on_31_august" else as_of


def _begins_with_field(value: Value, other: Value) -> bool:
    return isinstance(value, str) and isinstance(other, str) and value.startswith(other)


def _before(value: Value, other: Value) -> bool:
    return isinstance(value, date) and isinstance(other, date) and value < other


def _age(condition: kinds.Age, record: Record) -> bool | None:
    birth = record.item("birth_date")
    on = day_of_age(condition.on, record.as_of)
    if not isinstance(birth, date) or birth > on:
        return None
    old_enough = condition.at_least is None or attained(birth, condition.at_least, on)
    young_enough = condition.below is None or not attained(birth, condition.below, on)
    return old_enough and young_enough


def _every(answers: Iterable[bool | None]) -> bool | None:
    seen = list(answers)
    return False if False in seen else (None if None in seen else True)


def _some(answers: Iterable[bool | None]) -> bool | None:
    seen = list(answers)
    return True if True in seen else (None if None in seen else False)


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer
