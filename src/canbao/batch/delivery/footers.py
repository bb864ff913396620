"""What a file claims to be before a row of it is read: its columns, their types, and how much it unfolds to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb

from canbao.batch.delivery.chunks import ROWS_AT_LEAST, ROWS_OF_A_PERSON
from canbao.batch.delivery.engine import read_file
from canbao.batch.delivery.row_error import RowError, worded
from canbao.batch.delivery.shapes import COLUMNS, sql_types
from canbao.batch.outputs import GROUP_ROWS
from canbao.batch.steps.step import literal
from canbao.law.reader import Law

LARGEST_COLUMN = 64 << 20
"""Bytes of one column in a row group, unfolded: more than the longest addresses of a full group take."""

MOST_PERSONS = 200_000_000
"""More than the province has."""


def footer_errors(connection: duckdb.DuckDBPyConnection, files: Mapping[str, Path], law: Law) -> Iterator[RowError]:
    """Whatever is wrong with the tables as such; if there is anything, their rows can't be read."""
    for table, path in files.items():
        try:
            yield from _column_errors(connection, table, path, law)
            yield from _size_errors(connection, table, path)
        except duckdb.Error as problem:
            yield unreadable(table, problem)


def unreadable(table: str, problem: duckdb.Error) -> RowError:
    """The error for a table that the engine can't read."""
    if isinstance(problem, duckdb.OutOfMemoryException):
        return worded(table, "table_too_large", value="展开后过大，内存放不下")
    return worded(table, "table_unreadable", value=reason(str(problem)))


def reason(problem: str) -> str:
    """Why the engine could not read, in words of ours: its own name files and their contents."""
    return "不是 UTF-8 文字" if "encoding" in problem or "UTF" in problem else "Parquet 内容损坏"


def _column_errors(connection: duckdb.DuckDBPyConnection, table: str, path: Path, law: Law) -> Iterator[RowError]:
    described = connection.execute(f"DESCRIBE SELECT * FROM {read_file(path)}").fetchall()
    found = {str(name): str(kind) for name, kind, *_ in described}
    wanted = sql_types(table, law)
    for name in wanted.keys() - found.keys():
        yield worded(table, "column_missing", field=name, value=name)
    for name in found.keys() - wanted.keys():
        yield worded(table, "column_extra", field=name, value=name)
    for name in wanted.keys() & found.keys():
        if wanted[name] != found[name]:
            wrong = f"{name} 的类型应为 {wanted[name]}，实为 {found[name]}"
            yield worded(table, "column_type", field=name, value=wrong)
    if sorted(found) == sorted(wanted) and tuple(found) != COLUMNS[table]:
        yield worded(table, "column_order")


def _size_errors(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> Iterator[RowError]:
    """Our writer keeps row groups small; one that claims more would have to be held in memory."""
    query = (
        "SELECT max(row_group_num_rows), max(total_uncompressed_size), min(total_uncompressed_size) "
        f"FROM parquet_metadata({literal(str(path))})"
    )
    ((rows, most, least),) = connection.execute(query).fetchall()
    if (rows or 0) > GROUP_ROWS:
        yield worded(table, "table_too_large", value=f"一个行组有 {rows} 行，超过 {GROUP_ROWS} 行")
    if (most or 0) > LARGEST_COLUMN or (least or 0) < 0:
        yield worded(table, "table_too_large", value=f"一列展开有 {most} 字节，超过 {LARGEST_COLUMN} 字节")


def row_count_errors(rows: Mapping[str, int]) -> Iterator[RowError]:
    """Tables with more rows than any city has."""
    if rows["persons"] > MOST_PERSONS:
        yield worded("persons", "table_too_large", value=f"有 {rows['persons']} 人，超过 {MOST_PERSONS} 人")
    most = ROWS_OF_A_PERSON * rows["persons"] + ROWS_AT_LEAST
    for table in ("insurances", "evidence"):
        if rows[table] > most:
            yield worded(table, "table_too_large", value=f"有 {rows[table]} 行，平均每人超过 {ROWS_OF_A_PERSON} 行")
