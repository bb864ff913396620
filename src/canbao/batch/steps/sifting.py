"""Sifting: which raw rows are plainly in order, column by column, and what their columns then are.

A row is in order if reading it the long way would find nothing to say about it and give these very values.
"""

from __future__ import annotations

from canbao.batch.steps import expressions as to
from canbao.batch.steps.step import literal
from canbao.law.models import CodeList, Column
from canbao.law.reader import Law

REGION_FORM = "[1-9][0-9]{5}"
IDENTITY_IN_ORDER = f"strlen(ssn) = 18 AND regexp_full_match(name, {literal(to.HAN)})"
"""A resident number of 18 digits is tested besides; a name of Chinese characters alone needs no normalising."""

NO_COVER = {"contrib_status": "0"}
"""Codes about which there is something to say although they are in their list."""


def quick(column: Column) -> str:
    """The column's typed value for a row in order: its text, or a date or moment made of it."""
    if column.name == "updated_at":
        return to.quick_moment(column.name)
    if is_day(column) and column.name != "birth_date":
        return to.quick_day(column.name)
    return column.name


def typed(column: Column) -> str:
    """The sifted column as the long way would type it, with its name."""
    if column.name == "birth_date":
        return f"CASE WHEN birth_date IS NOT NULL THEN {to.birth_date('key')} END AS birth_date"
    if column.name == "payer_category":
        return f"{to.payer_category()} AS payer_category"
    return column.name


def in_order(column: Column, law: Law) -> str:
    """Whether the column's text needs no second look."""
    fits = _fits(column, law)
    return fits if column.needed else f"({column.name} IS NULL OR {fits})"


def is_day(column: Column) -> bool:
    """Whether the column holds days."""
    return column.name.endswith(("_date", "_on"))


def _fits(column: Column, law: Law) -> str:
    name = column.name
    if name == "sex":
        return f"(sex IN ('0', '9') OR sex = {to.sex('digits')})"
    if column.codes is not None:
        return f"{name} IN ({_codes(name, law.codes[column.codes])})"
    if name == "region_code":
        return f"regexp_full_match({name}, {literal(REGION_FORM)})"
    if name == "birth_date":
        iso = "strlen(birth_date) = 10 AND substr(birth_date, 5, 1) = '-' AND substr(birth_date, 8, 1) = '-'"
        return f"(birth_date = substr(ssn, 7, 8) OR ({iso} AND replace(birth_date, '-', '') = substr(ssn, 7, 8)))"
    if name == "updated_at" or is_day(column):
        return f"quick_{name} IS NOT NULL"
    return f"({name} <> '' AND NOT regexp_matches({name}, {literal(to.TIDY)}))"


def _codes(name: str, list_: CodeList) -> str:
    return ", ".join(literal(one.code) for one in list_.codes if one.enabled and one.code != NO_COVER.get(name))
