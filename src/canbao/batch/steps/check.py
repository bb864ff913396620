"""Check: the required matrix and the validation catalogue, as bits; only the set ones become findings."""

from __future__ import annotations

from dataclasses import dataclass

from canbao.batch.steps.clean import Cleaning, condition_sql
from canbao.batch.steps.step import Step, view
from canbao.law.models import Check
from canbao.law.reader import Law


@dataclass(frozen=True)
class Mark:
    """One thing that can be wrong with a finished person: a bit, and what it says when set."""

    bit: int
    rule: str
    severity: str
    field: str
    condition: str


def marks(cleaning: Cleaning) -> list[Mark]:
    """Every required item and every person-level check, each on its own bit."""
    written = [*_required(cleaning), *_checks(cleaning)]
    return [Mark(bit, *rest) for bit, rest in enumerate(written)]


def checked(cleaning: Cleaning, found: list[Mark]) -> Step:
    """Adds the bits `wrong_0`, `wrong_1` … (62 a column) and whether an item is missing or wrong."""
    words = [found[start : start + WORD] for start in range(0, len(found), WORD)]
    columns = ", ".join(f"{_word(word)} AS wrong_{place}" for place, word in enumerate(words))
    tests = f"SELECT *, {columns} FROM derived"
    return view(
        "checked",
        f"SELECT *, CASE WHEN {_any(found, 'required_missing')} THEN '1' ELSE '0' END AS item_missing, "
        f"CASE WHEN {_any(found, None)} THEN '1' ELSE '0' END AS item_wrong FROM ({tests}) AS tested",
    )


WORD = 62
"""How many bits one BIGINT holds without its sign."""


def person_findings(found: list[Mark]) -> str:
    """A query for the findings about persons: key, pointer, rule, severity, field."""
    values = ", ".join(
        f"({mark.bit // WORD}, {mark.bit % WORD}, '{mark.rule}', '{mark.severity}', '{mark.field}')" for mark in found
    )
    words = range((len(found) + WORD - 1) // WORD)
    parts = [
        f"SELECT key, first_row AS pointer, marks.rule, marks.severity, marks.field FROM finished JOIN "
        f"(SELECT * FROM (VALUES {values}) AS v(word, bit, rule, severity, field) WHERE word = {word}) AS marks "
        f"ON ((finished.wrong_{word} >> marks.bit) & 1) = 1 WHERE finished.wrong_{word} <> 0"
        for word in words
    ]
    return " UNION ALL ".join(parts)


def _required(cleaning: Cleaning) -> list[tuple[str, str, str, str]]:
    written: list[tuple[str, str, str, str]] = []
    for requirement in cleaning.law.requirements:
        who = condition_sql(requirement.who, cleaning)
        rule = "required_missing" if requirement.severity == "error" else "required_missing_warning"
        written += [(rule, requirement.severity, name, f"({who}) AND {name} IS NULL") for name in requirement.fields]
    return _once(written)


def _once(written: list[tuple[str, str, str, str]]) -> list[tuple[str, str, str, str]]:
    """Two requirements that name one item are one finding."""
    joined: dict[tuple[str, str, str], list[str]] = {}
    for rule, severity, name, condition in written:
        joined.setdefault((rule, severity, name), []).append(f"({condition})")
    return [(*key, " OR ".join(conditions)) for key, conditions in joined.items()]


def _checks(cleaning: Cleaning) -> list[tuple[str, str, str, str]]:
    return [
        (check.id, check.severity, field_of(check), condition_sql(check.when, cleaning))
        for check in person_checks(cleaning.law)
        if check.when is not None
    ]


def person_checks(law: Law) -> list[Check]:
    """The catalogue's lines about finished persons."""
    return [check for check in law.checks.values() if check.when is not None]


def field_of(check: Check) -> str:
    """The field that a check's finding names."""
    return check.field or "ssn"


def _word(word: list[Mark]) -> str:
    return " + ".join(f"CASE WHEN {mark.condition} THEN {1 << mark.bit % WORD} ELSE 0 END" for mark in word)


def _any(found: list[Mark], rule: str | None) -> str:
    """Whether an error of the required matrix (or, with None, of the catalogue) is set."""
    errors = [mark for mark in found if mark.severity == "error"]
    chosen = [mark for mark in errors if (mark.rule == rule if rule else mark.rule != "required_missing")]
    masks: dict[int, int] = {}
    for mark in chosen:
        masks[mark.bit // WORD] = masks.get(mark.bit // WORD, 0) + (1 << mark.bit % WORD)
    return " OR ".join(f"(wrong_{word} & {mask}) <> 0" for word, mask in masks.items()) or "FALSE"
