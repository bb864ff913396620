"""Sifting: which raw rows are plainly in order, column by column, and what their columns then are.

A row is in order if reading it the long way would find nothing to say about it and give these very values.
"""

from __future__ import annotations

from canbao.batch.steps import expressions as to
from canbao.batch.steps.step import literal
from canbao.core.covers import PAYER_SQL
from canbao.law.models import CodeList, Column, Source
from canbao.law.reader import Law

REGION_FORM = "[1-9][0-9]{5}"
IDENTITY_IN_ORDER = f"strlen(ssn) = 18 AND regexp_full_match(name, {literal(to.HAN)})"
"""A resident number of 18 digits is tested besides; a name of Chinese characters alone needs no normalising."""

NO_COVER = {"contrib_status": "0"}
"""Codes about which there is something to say although they are in their list."""

SPAN = "'1800-01-01' AND '2199-12-31'"
"""The days that the usual forms may mean; core reads the year 2200 too."""


def content(source: Source) -> list[Column]:
    """The columns that say something about the person, not who it is."""
    return [column for column in source.columns if column.name not in ("ssn", "name")]


def quick(column: Column) -> str:
    """The column's typed value for a row in order: its text, or a date or moment made of it.

    One plain function of the column, so that an engine may answer for each distinct text once.
    """
    if column.name == "updated_at":
        return f"TRY_CAST({column.name} AS TIMESTAMP)"
    if is_day(column):
        packed = f"CAST(try_strptime({column.name}, '%Y%m%d') AS DATE)"
        return f"coalesce(TRY_CAST({column.name} AS DATE), {packed})"
    return column.name


def typed(column: Column) -> str:
    """The typed column with its name; a payer category that is missing is the usual one."""
    if column.name == "payer_category":
        return f"{PAYER_SQL} AS payer_category"
    return column.name


def in_order(source: Source, law: Law) -> str:
    """Whether a row needs no second look; a resident number is tested besides."""
    columns = content(source)
    texts = [column.name for column in columns if _is_text(column)]
    parts = [IDENTITY_IN_ORDER, *(_in_order(column, law) for column in columns)]
    if texts:
        parts.append(f"NOT regexp_matches(concat({', '.join(texts)}), {literal(to.TIDY)})")
    return " AND ".join(parts)


def _in_order(column: Column, law: Law) -> str:
    fits = _fits(column, law)
    return fits if column.needed else f"({column.name} IS NULL OR {fits})"


def _is_text(column: Column) -> bool:
    """Whether the column holds free text; all of a row's are looked at together, which is one pass instead of many."""
    return column.codes is None and column.name not in ("region_code", "updated_at") and not is_day(column)


def is_day(column: Column) -> bool:
    """Whether the column holds days."""
    return column.name.endswith(("_date", "_on"))


def _fits(column: Column, law: Law) -> str:
    name = column.name
    if name == "sex":
        return "(sex IN ('0', '9') OR (sex IN ('1', '2') AND (sex = '1') = (digits % 2 = 1)))"
    if column.codes is not None:
        return f"{name} IN ({_codes(name, law.codes[column.codes])})"
    if name == "region_code":
        return f"regexp_full_match({name}, {literal(REGION_FORM)})"
    if name == "updated_at":
        return f"strlen({name}) IN (10, 19) AND {_is_dashed(name)} AND quick_{name} BETWEEN {SPAN}"
    if is_day(column):
        form = f"((strlen({name}) = 10 AND {_is_dashed(name)}) OR regexp_full_match({name}, '[0-9]{{8}}'))"
        return f"{form} AND quick_{name} BETWEEN {SPAN}{_as_in_number(name)}"
    return f"{name} <> ''"


def _is_dashed(name: str) -> str:
    """Of the separators that a cast takes, none but the one that `core.dates.read_day` takes too."""
    return f"contains({name}, '-')"


def _as_in_number(name: str) -> str:
    if name != "birth_date":
        return ""
    return f" AND {to.day_number(f'quick_{name}')} = {to.birth_number('digits')}"


def _codes(name: str, list_: CodeList) -> str:
    return ", ".join(literal(one.code) for one in list_.codes if one.enabled and one.code != NO_COVER.get(name))
