"""Reading: from the files and queries of city.toml to one view of text for each source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from canbao.batch.dialects.duckdb import room
from canbao.batch.reading.contents import kind_of
from canbao.batch.reading.csv_file import read_csv_file
from canbao.batch.reading.database import fetch
from canbao.batch.reading.headers import Heading
from canbao.batch.reading.parquet_file import read_parquet_file
from canbao.batch.reading.rows import quoted
from canbao.batch.reading.tables import Reading, RowTrouble, SourceFile, SourceTable
from canbao.batch.reading.xlsx_file import read_xlsx_file
from canbao.batch.source_specs import SourceSpec
from canbao.batch.trouble import refusing
from canbao.batch.where import where_sql
from canbao.law.models import Source
from canbao.law.reader import Law

__all__ = ["RowTrouble", "SourceFile", "SourceTable", "read_source"]


def read_source(
    connection: duckdb.DuckDBPyConnection,
    source_name: str,
    specs: tuple[SourceSpec, ...],
    work: Path,
    law: Law,
    after_file: Callable[[SourceFile], None] = lambda file: None,
) -> SourceTable:
    """All files of one source as the view `read_<source>`; what had to be rewritten lies in `work` and must stay.

    `after_file` is told of each file when it has been read.
    `rows_in` of all files = rows of the view + `rows_filtered` + troubles of kind row_malformed. Raises SourceTrouble
    for a file that can't be read and OutOfRoom when disk or memory is at an end.
    """
    source = law.sources[source_name]
    queries: list[str] = []
    files: list[SourceFile] = []
    troubles: list[RowTrouble] = []
    for index, spec in enumerate(specs):
        with _said(spec.label):
            reading = _read(connection, spec, work / f"{source_name}_{index}", law)
            queries.append(_query(source, spec, reading, index))
            files.append(_file(connection, spec, reading))
        troubles += reading.troubles
        after_file(files[-1])
    relation = f"read_{source_name}"
    connection.execute(f"CREATE OR REPLACE VIEW {relation} AS {' UNION ALL '.join(queries)}")
    return SourceTable(source_name, relation, tuple(files), tuple(troubles))


@contextmanager
def _said(label: str) -> Iterator[None]:
    """Says which file was being read when disk, memory or something unforeseen put an end to it."""
    with refusing(f"读取 {label}", "读不下去", "请检查文件、权限和磁盘"), room(f"读取 {label}"):
        yield


def _read(connection: duckdb.DuckDBPyConnection, spec: SourceSpec, kept: Path, law: Law) -> Reading:
    if spec.path is None:
        fetched = kept.with_suffix(".answer.csv")
        fetch(spec, fetched)
        return read_csv_file(connection, spec, fetched, kept, law)
    kind = kind_of(spec, spec.path)
    if kind == "parquet":
        return read_parquet_file(connection, spec, spec.path, law)
    if kind == "xlsx":
        return read_xlsx_file(spec, spec.path, kept, law)
    return read_csv_file(connection, spec, spec.path, kept, law)


def _query(source: Source, spec: SourceSpec, reading: Reading, index: int) -> str:
    """One file's rows in the shape that all files of the source share."""
    present = reading.heading.columns
    columns = "".join(
        f"{quoted(one.name) if one.name in present else 'CAST(NULL AS VARCHAR)'} AS {quoted(one.name)}, "
        for one in source.columns
    )
    first = " - 1" if spec.path is None else ""
    where = f" WHERE {_where(spec, reading.heading)}" if spec.where else ""
    places = f"CAST({index} AS SMALLINT) AS file, CAST(row AS BIGINT){first} AS row"
    return f"SELECT {columns}{places} FROM ({reading.query}){where}"


def _where(spec: SourceSpec, heading: Heading) -> str:
    return where_sql(spec.where, heading.where_columns) if spec.where else "TRUE"


def _file(connection: duckdb.DuckDBPyConnection, spec: SourceSpec, reading: Reading) -> SourceFile:
    filtered = 0
    if spec.where:
        condition = f"coalesce({_where(spec, reading.heading)}, FALSE)"
        row = connection.execute(f"SELECT count(*) FROM ({reading.query}) WHERE NOT {condition}").fetchone()
        filtered = int(row[0]) if row else 0
    heading = reading.heading
    return SourceFile(
        label=spec.label,
        path=spec.path or Path(spec.label),
        bytes=reading.bytes,
        sha256=reading.sha256,
        rows_in=reading.rows_in,
        rows_filtered=filtered,
        columns={ours: heading.names[place] for ours, place in heading.columns.items()},
        ignored=heading.ignored,
    )
