"""Check: the required matrix and the validation catalogue, as bits; only the set ones become findings."""

from __future__ import annotations

from dataclasses import dataclass

from canbao.batch.steps.clean import Cleaning, condition_sql
from canbao.batch.steps.step import Step, view
from canbao.law.models import Check, Requirement
from canbao.law.reader import Law

WORD = 62
"""How many bits one BIGINT holds without its sign."""


@dataclass(frozen=True)
class Mark:
    """One thing that can be wrong with a finished person: a bit, and what it says when set."""

    bit: int
    rule: str
    severity: str
    field: str


def marks(law: Law) -> list[Mark]:
    """Every required item and every person-level check, each on its own bit; an item required twice has one."""
    required = [_required_mark(one, name) for one in law.requirements for name in one.fields]
    checks = [_check_mark(check) for check in person_checks(law)]
    return [Mark(bit, *mark) for bit, mark in enumerate(dict.fromkeys([*required, *checks]))]


def _required_mark(requirement: Requirement, name: str) -> tuple[str, str, str]:
    rule = "required_missing" if requirement.severity == "error" else "required_missing_warning"
    return rule, requirement.severity, name


def _check_mark(check: Check) -> tuple[str, str, str]:
    return check.id, check.severity, field_of(check)


def checked(cleaning: Cleaning) -> Step:
    """Adds the bits `wrong_0`, `wrong_1` … (62 a column) and whether an item is missing or wrong."""
    found = marks(cleaning.law)
    columns = ", ".join(f"{_word(word, cleaning)} AS wrong_{word}" for word in _words(found))
    tests = f"SELECT *, {columns} FROM derived"
    return view(
        "checked",
        f"SELECT *, CASE WHEN {_any(found, 'required_missing')} THEN '1' ELSE '0' END AS item_missing, "
        f"CASE WHEN {_any(found, None)} THEN '1' ELSE '0' END AS item_wrong FROM ({tests}) AS tested",
    )


def _words(found: list[Mark]) -> range:
    return range(-(-len(found) // WORD))


def _word(word: int, cleaning: Cleaning) -> str:
    """The bits of one word; who must have an item is asked once for all items of a requirement."""
    law = cleaning.law
    bits = {(mark.rule, mark.severity, mark.field): mark.bit for mark in marks(law) if mark.bit // WORD == word}
    parts = []
    for one in law.requirements:
        missing = {name: bits[mark] for name in one.fields if (mark := _required_mark(one, name)) in bits}
        if missing:
            each = " + ".join(
                f"CASE WHEN {name} IS NULL THEN {_value(bit)} ELSE 0 END" for name, bit in missing.items()
            )
            parts.append(f"CASE WHEN {condition_sql(one.who, cleaning)} THEN {each} ELSE 0 END")
    for check in person_checks(law):
        if check.when is not None and (mark := _check_mark(check)) in bits:
            parts.append(f"CASE WHEN {condition_sql(check.when, cleaning)} THEN {_value(bits[mark])} ELSE 0 END")
    return " | ".join(parts)


def _value(bit: int) -> str:
    return f"CAST({1 << bit % WORD} AS BIGINT)"


def person_findings(found: list[Mark]) -> str:
    """A query for the findings about persons: key, pointer, rule, severity, field."""
    values = ", ".join(
        f"({mark.bit // WORD}, {mark.bit % WORD}, '{mark.rule}', '{mark.severity}', '{mark.field}')" for mark in found
    )
    parts = [
        f"SELECT key, first_row AS pointer, marks.rule, marks.severity, marks.field FROM finished JOIN "
        f"(SELECT * FROM (VALUES {values}) AS v(word, bit, rule, severity, field) WHERE word = {word}) AS marks "
        f"ON ((finished.wrong_{word} >> marks.bit) & 1) = 1 WHERE finished.wrong_{word} <> 0"
        for word in _words(found)
    ]
    return " UNION ALL ".join(parts)


def person_checks(law: Law) -> list[Check]:
    """The catalogue's lines about finished persons."""
    return [check for check in law.checks.values() if check.when is not None]


def field_of(check: Check) -> str:
    """The field that a check's finding names."""
    return check.field or "ssn"


def _any(found: list[Mark], rule: str | None) -> str:
    """Whether an error of the required matrix (or, with None, of the catalogue) is set."""
    errors = [mark for mark in found if mark.severity == "error"]
    chosen = [mark for mark in errors if (mark.rule == rule if rule else mark.rule != "required_missing")]
    masks: dict[int, int] = {}
    for mark in chosen:
        masks[mark.bit // WORD] = masks.get(mark.bit // WORD, 0) + (1 << mark.bit % WORD)
    return " OR ".join(f"(wrong_{word} & {mask}) <> 0" for word, mask in masks.items()) or "FALSE"
