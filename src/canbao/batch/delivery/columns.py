"""What a table is checked for column by column: types, lengths, code lists, characters, days; all from the law."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from canbao.batch.delivery.shapes import sql_types
from canbao.batch.steps.step import literal
from canbao.core.dates import FIRST_YEAR, LAST_YEAR
from canbao.law.reader import Law

UNSEEN = r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\x{FFFD}]"
"""Characters that cleaning never leaves in a text, and the one that stands for what could not be decoded."""

LONGEST_TEXT = 4_000
"""Characters of a text for which the law sets no length, such as a message."""

SEVERITIES = ("error", "warning", "note")
AS = {"reference_name": "name", "other_name": "name", "kind": "evidence_kind"}
"""Columns that hold what a field of the law under another name holds."""

RAW = frozenset({("findings", "value"), ("findings", "message")})
"""Texts as the sources wrote them: anything may be in there but what a database can't keep."""

NEEDED = {
    "persons": ("ssn", "is_household"),
    "insurances": ("ssn", "insurance_type", "source", "row"),
    "evidence": ("ssn", "kind", "source", "row"),
    "findings": ("severity", "rule", "message"),
    "conflicts": ("ssn", "reference_name", "other_name", "source", "row"),
}


class Check(NamedTuple):
    """Something that may be wrong with a row: the rule, the column, the condition in SQL, and what the words need."""

    rule: str
    field: str
    when: str
    why: str = ""


def column_checks(table: str, law: Law) -> Iterator[Check]:
    """Every check about one column alone."""
    for name in NEEDED[table]:
        yield Check("value_missing", name, f"{name} IS NULL")
    for name, kind in sql_types(table, law).items():
        if kind in ("DATE", "TIMESTAMP"):
            span = f"DATE '{FIRST_YEAR}-01-01' AND DATE '{LAST_YEAR}-12-31'"
            yield Check("day_implausible", name, f"CAST({name} AS DATE) NOT BETWEEN {span}")
        elif kind == "VARCHAR":
            yield from _text_checks(table, name, law)
    if table in _OWN:
        yield from _OWN[table](law)


def _text_checks(table: str, name: str, law: Law) -> Iterator[Check]:
    codes = _codes(name, law)
    if codes is not None:
        yield Check("code_unknown", name, f"{name} NOT IN ({_listed(codes)})")
        return
    fixed, most = _length(name, law)
    wrong = f"length({name}) <> {most}" if fixed else f"length({name}) > {most}"
    yield Check("length_wrong", name, wrong, f"{'应为' if fixed else '最多'} {most} 个字")
    if (table, name) in RAW:
        yield Check("text_unseen", name, f"contains({name}, chr(0))")
        return
    yield Check("text_unseen", name, f"regexp_matches({name}, {literal(UNSEEN)})")
    yield Check("text_empty", name, f"trim({name}) = ''")


def _codes(name: str, law: Law) -> Iterable[str] | None:
    """The codes that a column may have; None if any text will do."""
    if name == "severity":
        return SEVERITIES
    if name == "rule":
        return law.checks
    spec = law.fields.get(AS.get(name, name))
    if spec is None or spec.codes is None:
        return None
    return [code.code for code in law.codes[spec.codes].codes if code.enabled]


def _length(name: str, law: Law) -> tuple[bool, int]:
    """Whether the length is fixed, and the length or the most that it may be, in characters."""
    spec = law.fields.get(AS.get(name, name))
    written = re.fullmatch(r"C(\.\.)?(\d+)", spec.type) if spec else None
    return (not written[1], int(written[2])) if written else (False, LONGEST_TEXT)


def _insurance_checks(law: Law) -> Iterator[Check]:
    yield Check("state_missing", "contrib_status", "contrib_status IS NULL AND benefit_status IS NULL")


def _evidence_checks(law: Law) -> Iterator[Check]:
    known = [f"{quality.of}/{quality.id}" for quality in law.qualities.values() if quality.of in law.sources]
    wrong = f"quality IS NOT NULL AND kind || '/' || quality NOT IN ({_listed(known)})"
    yield Check("quality_unknown", "quality", wrong)


def _conflict_checks(law: Law) -> Iterator[Check]:
    yield Check("value_implausible", "similarity", "NOT coalesce(similarity BETWEEN 0 AND 1, FALSE)")


_OWN: Mapping[str, Callable[[Law], Iterator[Check]]] = {
    "insurances": _insurance_checks,
    "evidence": _evidence_checks,
    "conflicts": _conflict_checks,
}


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(literal(text) for text in texts)
