"""What the tables must say together: one order, rows of known persons only, the household, the reporting area."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import duckdb

from canbao.batch.delivery.columns import Check
from canbao.batch.delivery.engine import BATCH_ROWS, stream
from canbao.batch.delivery.row_error import LONGEST_VALUE, RowError
from canbao.batch.delivery.rows import identity, told
from canbao.batch.steps.step import literal
from canbao.law.places import PROVINCE, read_places

MOST_ROWS_OF_A_PERSON = 200
Relations = Mapping[str, str]
"""Each table as a relation with `place`."""


class Doubt(NamedTuple):
    """A query for rows of a table that are at fault, and the error that each of them is."""

    table: str
    rule: str
    field: str
    rows: str


def area_checks(division: str) -> list[Check]:
    """Hukou lie in the city that reports; the province may report all."""
    if division == PROVINCE:
        return []
    when = f"left(hukou_division_code, 4) <> {literal(division[:4])}"
    return [Check("outside_area", "hukou_division_code", when, f"{division} {read_places().name(division)}".strip())]


def region_checks(regions: Collection[str] = ()) -> list[Check]:
    """Places of cover are regions of China, in any list since 1980 or among `regions`."""
    places = read_places()
    known = ", ".join(literal(code) for code in sorted({*places.regions, *places.over_time, *regions}))
    return [Check("region_unknown", "region_code", f"region_code NOT IN ({known})")]


def agreement_errors(connection: duckdb.DuckDBPyConnection, relations: Relations) -> Iterator[RowError]:
    """Whatever is wrong with rows that are good by themselves."""
    for doubt in _doubts(relations):
        value = f"left(CAST({doubt.field} AS VARCHAR), {LONGEST_VALUE + 1})"
        query = f"SELECT {identity(doubt.table)}, {value} AS wrong FROM ({doubt.rows}) AS rows"
        for batch in stream(connection, query, BATCH_ROWS):
            for row in batch.to_pylist():
                yield told(doubt.table, row, doubt.rule, doubt.field, row["wrong"], "")


def _doubts(of: Relations) -> Iterator[Doubt]:
    yield from _order(of)
    for table in ("insurances", "evidence", "conflicts"):
        unknown = f"SELECT rows.* FROM {of[table]} AS rows ANTI JOIN {of['persons']} AS people ON people.ssn = rows.ssn"
        yield Doubt(table, "person_unknown", "ssn", unknown)
    yield from _households(of)
    named = f"(SELECT ssn FROM {of['insurances']} WHERE name IS NOT NULL) AS named"
    nameless = f"(SELECT * FROM {of['persons']} WHERE name IS NULL) AS rows"
    yield Doubt("persons", "name_missing", "name", f"SELECT rows.* FROM {nameless} SEMI JOIN {named} USING (ssn)")
    for table in ("insurances", "evidence"):
        yield Doubt(table, "rows_too_many", "ssn", _crowds(of[table]))


def _order(of: Relations) -> Iterator[Doubt]:
    for table in ("persons", "insurances", "evidence"):
        following = f"SELECT *, lag(ssn) OVER () AS before FROM {of[table]}"
        yield Doubt(table, "order_wrong", "ssn", f"SELECT * FROM ({following}) AS following WHERE ssn < before")
        if table == "persons":
            yield Doubt(table, "number_twice", "ssn", f"SELECT * FROM ({following}) AS following WHERE ssn = before")


def _households(of: Relations) -> Iterator[Doubt]:
    listed = f"(SELECT ssn FROM {of['evidence']} WHERE kind = 'household') AS listed"
    for flag, join in (("is_household", "ANTI"), ("NOT is_household", "SEMI")):
        people = f"(SELECT * FROM {of['persons']} WHERE {flag}) AS rows"
        query = f"SELECT rows.* FROM {people} {join} JOIN {listed} ON listed.ssn = rows.ssn"
        yield Doubt("persons", "household_differs", "is_household", query)


def _crowds(relation: str) -> str:
    """The first row too many of each number that has more rows than a person can have; they lie one after the other."""
    before = f"lag(ssn, {MOST_ROWS_OF_A_PERSON}) OVER () AS one, lag(ssn, {MOST_ROWS_OF_A_PERSON + 1}) OVER () AS two"
    return f"SELECT * FROM (SELECT *, {before} FROM {relation}) AS rows WHERE ssn = one AND two IS DISTINCT FROM ssn"
