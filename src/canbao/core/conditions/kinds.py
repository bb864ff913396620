"""The closed list of conditions that law may use, and how they are read from YAML.

A missing value is in no list and is never before, after or below anything: those conditions are then false. Only an
age can be unknown, when the birth date is missing or lies after the day asked for; the unknown then spreads by
Kleene's rules, as NULL does in SQL.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

AgeDay = Literal["age_on_31_august", "age_on_day"]
AGE_DAYS: tuple[AgeDay, ...] = ("age_on_31_august", "age_on_day")


class ConditionError(ValueError):
    """A condition is written in a way that is not on the closed list."""


@dataclass(frozen=True)
class Always:
    """Holds for everything."""


@dataclass(frozen=True)
class Otherwise:
    """Holds when no earlier row of the table holds or might hold; only for the last row."""


@dataclass(frozen=True)
class Among:
    """The field has one of the values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Filled:
    """The field has a value (or has none, with `filled` false)."""

    field: str
    filled: bool


@dataclass(frozen=True)
class BeginsWith:
    """The field's text begins with one of the prefixes."""

    field: str
    prefixes: tuple[str, ...]


@dataclass(frozen=True)
class BeginsWithField:
    """The field's text begins with the other field's text; both are there."""

    field: str
    other: str


@dataclass(frozen=True)
class Before:
    """The field's day lies before the other field's day; both are there."""

    field: str
    other: str


@dataclass(frozen=True)
class Age:
    """The age in whole years on a day is at least `at_least` and below `below`."""

    on: AgeDay
    at_least: int | None
    below: int | None


@dataclass(frozen=True)
class Has:
    """The person has one of the qualities."""

    qualities: tuple[str, ...]


@dataclass(frozen=True)
class Every:
    """All parts hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Some:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: Condition


Condition = Always | Otherwise | Among | Filled | BeginsWith | BeginsWithField | Before | Age | Has | Every | Some | Not


def read_condition(written: Any) -> Condition:
    """Read a condition as YAML writes it: a mapping with exactly one key.

    Raises ConditionError naming the part that is not on the list.
    """
    if not isinstance(written, dict) or len(written) != 1:
        raise ConditionError(f"条件应当是只有一个键的映射，读到的是 {written!r}")
    key, value = next(iter(written.items()))
    if key in _WORDS:
        return _WORDS[key](value)
    if key in AGE_DAYS:
        return _age(key, value)
    return _about_field(key, value)


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The condition itself and all conditions inside it."""
    match condition:
        case Every(parts) | Some(parts):
            inside = parts
        case Not(part):
            inside = (part,)
        case _:
            inside = ()
    return (condition, *(deep for part in inside for deep in parts_of(part)))


def fields_of(condition: Condition) -> set[str]:
    """The fields that the condition looks at, without ages' birth date."""
    found: set[str] = set()
    for part in parts_of(condition):
        if isinstance(part, Among | Filled | BeginsWith | BeginsWithField | Before):
            found.add(part.field)
        if isinstance(part, BeginsWithField | Before):
            found.add(part.other)
    return found


def qualities_of(condition: Condition) -> set[str]:
    """The qualities that the condition asks for."""
    return {quality for part in parts_of(condition) if isinstance(part, Has) for quality in part.qualities}


def may_be_unknown(condition: Condition) -> bool:
    """Whether the condition can be neither true nor false."""
    return any(isinstance(part, Age) for part in parts_of(condition))


def _texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(one, str) for one in values):
        raise ConditionError(f"应当是文字的列表，读到的是 {value!r}（代码请加引号）")
    return tuple(values)


def _parts(value: Any) -> tuple[Condition, ...]:
    if not isinstance(value, list) or not value:
        raise ConditionError(f"all 与 any 后面应当是条件的列表，读到的是 {value!r}")
    return tuple(read_condition(part) for part in value)


_WORDS: dict[str, Callable[[Any], Condition]] = {
    "always": lambda value: Always(),
    "otherwise": lambda value: Otherwise(),
    "has": lambda value: Has(_texts(value)),
    "all": lambda value: Every(_parts(value)),
    "any": lambda value: Some(_parts(value)),
    "not": lambda value: Not(read_condition(value)),
}


def _age(on: AgeDay, value: Any) -> Age:
    if not isinstance(value, dict) or not value or not all(isinstance(years, int) for years in value.values()):
        raise ConditionError(f"年龄条件应当写整岁，读到的是 {value!r}")
    if set(value) == {"from", "to"}:
        return Age(on, value["from"], value["to"] + 1)
    if set(value) <= {"at_least", "below"}:
        return Age(on, value.get("at_least"), value.get("below"))
    raise ConditionError(f"年龄条件只有 at_least、below、from 加 to，读到的是 {value!r}")


def _about_field(field: str, value: Any) -> Condition:
    if value in ("missing", "present"):
        return Filled(field, value == "present")
    if isinstance(value, list):
        return Among(field, _texts(value))
    if isinstance(value, dict) and len(value) == 1:
        relation, other = next(iter(value.items()))
        if relation in _RELATIONS:
            return _RELATIONS[relation](field, other)
    raise ConditionError(f"条件 {field}: {value!r} 不在允许的写法之内")


_RELATIONS: dict[str, Callable[[str, Any], Condition]] = {
    "begins_with": lambda field, value: BeginsWith(field, _texts(value)),
    "begins_with_field": lambda field, other: BeginsWithField(field, str(other)),
    "before_field": lambda field, other: Before(field, str(other)),
    "after_field": lambda field, other: Before(str(other), field),
}
