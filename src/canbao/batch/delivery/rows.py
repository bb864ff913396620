"""The rows of the tables: one pass over each for all that can be said of a row alone, then the tables together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb

from canbao.batch.delivery.columns import Check
from canbao.batch.delivery.engine import BATCH_ROWS, stream
from canbao.batch.delivery.row_error import LONGEST_VALUE, RowError, worded
from canbao.batch.delivery.shapes import COLUMNS
from canbao.batch.steps.step import literal


def checked_rows(
    connection: duckdb.DuckDBPyConnection, table: str, relation: str, checks: Sequence[Check]
) -> Iterator[RowError]:
    """Whatever is wrong with single rows of `relation`, which has the table's columns and `place`."""
    whys = {(check.rule, check.field): check.why for check in checks}
    for batch in stream(connection, _faulty(table, relation, checks), BATCH_ROWS):
        for row in batch.to_pylist():
            found = row["found"]
            why = whys[found["rule"], found["field"]]
            yield told(table, row, found["rule"], found["field"], found["value"], why)


def told(table: str, row: dict[str, object], rule: str, field: str | None, value: str | None, why: str) -> RowError:
    """The error about a row with `place`, `ssn` and, where the table has them, `source` and `row`."""
    source, number = row.get("source"), row.get("row")
    place = f"（来源 {source} 第 {number} 行）" if source is not None else ""
    ssn = None if row["ssn"] is None else str(row["ssn"])
    where = int(str(row["place"]))
    return worded(table, rule, row=where, ssn=ssn, field=field, value=value, why=why, place=place)


def _faulty(table: str, relation: str, checks: Sequence[Check]) -> str:
    """The query for faulty rows: only these are looked at check by check."""
    any_fault = " OR ".join(f"({check.when})" for check in checks)
    each = ", ".join(f"CASE WHEN {check.when} THEN {_found(check)} END" for check in checks)
    listed = f"unnest(list_filter([{each}], lambda one: one IS NOT NULL)) AS found"
    return f"SELECT {identity(table)}, {listed} FROM {relation} AS rows WHERE {any_fault}"


def _found(check: Check) -> str:
    value = f"left(CAST({check.field} AS VARCHAR), {LONGEST_VALUE + 1})"
    return f"{{rule: {literal(check.rule)}, field: {literal(check.field)}, value: {value}}}"


def identity(table: str) -> str:
    """What tells where a row is, cut to a length that can be shown."""
    kept = f"place, left(ssn, {LONGEST_VALUE + 1}) AS ssn"
    return f"{kept}, left(source, {LONGEST_VALUE + 1}) AS source, row" if "source" in COLUMNS[table] else kept
