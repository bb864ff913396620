"""Parquet: nothing is copied, the file is looked at through a query that makes every column text."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from canbao.batch.reading.contents import measure
from canbao.batch.reading.headers import Heading, read_header
from canbao.batch.reading.rows import quoted, sql_path
from canbao.batch.reading.tables import Reading
from canbao.batch.source_specs import SourceSpec
from canbao.batch.trouble import SourceTrouble
from canbao.law.reader import Law

REMEDY = "请重新导出这个文件"
WHOLE_BELOW = "1e15"
NESTED = ("STRUCT", "MAP", "UNION", "LIST", "VARIANT")
ZONE = "Asia/Shanghai"


def read_parquet_file(connection: duckdb.DuckDBPyConnection, spec: SourceSpec, path: Path, law: Law) -> Reading:
    """Read one Parquet file; row numbers are counted as if it had a header line.

    Raises SourceTrouble for a file whose columns can't be read to their end, and for nested columns.
    """
    names, rows_in = _footer(path, spec.label)
    heading = read_header(names, spec, law)
    query = _query(connection, path, spec.label, heading)
    _refuse_damage(connection, query, spec.label, heading)
    measured = measure(path, spec.label, text=False)
    return Reading(heading, query, rows_in, measured.size, measured.sha256)


def _footer(path: Path, label: str) -> tuple[list[str], int]:
    try:
        file = pq.ParquetFile(path)
        return list(file.schema_arrow.names), int(file.metadata.num_rows)
    except (pa.ArrowException, OSError) as problem:
        raise SourceTrouble(label, "不是完整的 Parquet 文件，或加了密", REMEDY) from problem


def _query(connection: duckdb.DuckDBPyConnection, path: Path, label: str, heading: Heading) -> str:
    """The kept columns as text; columns are taken by position, since DuckDB renames those that differ by case only."""
    scan = f"read_parquet({sql_path(path)}, hive_partitioning = false, binary_as_string = true"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {scan})").fetchall()
    except duckdb.Error as problem:
        raise SourceTrouble(label, "不是完整的 Parquet 文件", REMEDY) from problem
    columns = "".join(
        f"{_as_text(described[place][0], described[place][1], label)} AS {quoted(name)}, "
        for name, place in heading.kept.items()
    )
    return f"SELECT {columns}file_row_number + 2 AS row FROM {scan}, file_row_number = true)"


def _as_text(name: str, kind: str, label: str) -> str:
    """The SQL expression for a column's text: whole numbers without a point, days in ISO form, truth as 1 and 0."""
    column = quoted(name)
    plain = f"CAST({column} AS VARCHAR)"
    if kind.endswith("]") or kind.startswith(NESTED):
        raise SourceTrouble(f"{label} 列 {name}", f"是嵌套类型（{kind}），不是一个值", "请展开成一列一个值后重新导出")
    if kind in ("FLOAT", "DOUBLE"):
        whole = f"CASE WHEN {column} = trunc({column}) THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) ELSE {plain} END"
        large = f"WHEN abs({column}) >= {WHOLE_BELOW} THEN format('{{:.5E}}', CAST({column} AS DOUBLE))"
        return f"CASE WHEN NOT isfinite({column}) THEN NULL {large} ELSE {whole} END"
    if kind.startswith("DECIMAL") and not kind.endswith(",0)"):
        return f"rtrim(rtrim({plain}, '0'), '.')"
    if kind == "BOOLEAN":
        return f"CAST(CAST({column} AS TINYINT) AS VARCHAR)"
    if kind.startswith("TIMESTAMP"):
        moment = f"({column} AT TIME ZONE '{ZONE}')" if "ZONE" in kind else column
        day, clock = f"strftime({moment}, '%Y-%m-%d')", f"CAST({moment} AS VARCHAR)"
        return f"CASE WHEN CAST({moment} AS DATE) = {moment} THEN {day} ELSE {clock} END"
    return f"nullif({column}, '')" if kind == "VARCHAR" else plain


def _refuse_damage(connection: duckdb.DuckDBPyConnection, query: str, label: str, heading: Heading) -> None:
    """Unpack every page of the columns that will be read: damage must be found before results are made of it."""
    lengths = ", ".join(f"sum(strlen({quoted(name)}))" for name in heading.kept)
    try:
        connection.execute(f"SELECT {lengths} FROM ({query})").fetchall()
    except (duckdb.OutOfMemoryException, MemoryError):
        raise
    except duckdb.Error as problem:
        reason = str(problem).splitlines()[0]
        raise SourceTrouble(label, f"读到一半读不下去（{reason}）", REMEDY) from problem
