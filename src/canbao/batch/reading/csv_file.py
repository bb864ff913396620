"""CSV: DuckDB reads it at full speed; where its count of records is not the count of lines, it is read with care."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from canbao.batch.reading.contents import measure
from canbao.batch.reading.csv_records import LONGEST_RECORD, records
from canbao.batch.reading.csv_text import NAMES, OTHER, Text, as_utf8
from canbao.batch.reading.headers import Heading, read_header, refuse_width
from canbao.batch.reading.rows import Row, keep_rows, kept_query, quoted, sql_path, sql_target
from canbao.batch.reading.tables import Reading, RowTrouble
from canbao.batch.source_specs import SourceSpec
from canbao.batch.trouble import SourceTrouble
from canbao.law.reader import Law

DELIMITERS = ",\t;"
LONGEST_HEADER = 1 << 20
MOST_MALFORMED = 200_000
PROBLEMS = {
    "MISSING COLUMNS": "列数比表头少",
    "TOO MANY COLUMNS": "列数比表头多",
    "UNQUOTED VALUE": "引号没有成对，或引号后面还有文字",
    "LINE SIZE OVER MAXIMUM": f"一行超过 {LONGEST_RECORD >> 20} MB",
}
REJECTS, SCANS = "canbao_rejects", "canbao_reject_scans"


@dataclass(frozen=True)
class Csv:
    """A CSV file that is UTF-8: what it is called, where it is, how it is divided, and where its rows are kept."""

    label: str
    text: Text
    delimiter: str
    heading: Heading
    kept: Path


def read_csv_file(connection: duckdb.DuckDBPyConnection, spec: SourceSpec, path: Path, kept: Path, law: Law) -> Reading:
    """Read one CSV file; `kept` is where in the work folder its rows go (endings are added).

    Row numbers are a spreadsheet's: header and blank lines count, a record with a line break inside counts once.
    A blank line is no record; a line of nothing but separators is one. Raises SourceTrouble when the file as a whole
    can't be read.
    """
    measured = measure(path, spec.label, text=True, wide=(spec.encoding or "").startswith("utf-16"))
    text = as_utf8(spec, path, measured, kept.with_suffix(".csv"))
    delimiter, names = _header(text.path, spec.label)
    file = Csv(spec.label, text, delimiter, read_header(names, spec, law), kept.with_suffix(".parquet"))
    rows_in, query, troubles = _quickly(connection, file) or _with_care(file)
    return Reading(file.heading, query, rows_in, measured.size, measured.sha256, tuple(troubles))


def _header(path: Path, label: str) -> tuple[str, list[str]]:
    """The separator and the names in the first record."""
    place = f"{label} 第 1 行（表头）"
    with path.open(encoding="utf-8-sig", newline=None) as file:
        start = file.read(LONGEST_HEADER)
    first = start.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    refuse_width(first.count(delimiter) + 1 if '"' not in first else 0, place)
    if "\n" not in start and len(start) == LONGEST_HEADER:
        raise SourceTrouble(place, "表头超过 1 MB", "请检查换行是否正确")
    try:
        return delimiter, next(csv.reader(io.StringIO(start), delimiter=delimiter, strict=True), [])
    except csv.Error as problem:
        raise SourceTrouble(place, "表头的引号没有成对", "请改正表头") from problem


Result = tuple[int, str, list[RowTrouble]]
"""Records in the file, the query that reads them back, and the troubles."""


def _quickly(connection: duckdb.DuckDBPyConnection, file: Csv) -> Result | None:
    """Let DuckDB read; None unless each line after the header became exactly one row or one rejected row.

    Only then is it certain that no line was swallowed by a quote that another line left open, and that a record's
    number is its line's. Where lines end in different ways, DuckDB's numbers of rejected rows are wrong from the start.
    """
    if not file.text.counted.is_uniform:
        return None
    try:
        accepted = _count(connection, f"COPY ({_scan(file)}) TO {sql_target(file.kept)} (FORMAT parquet)")
        rejected = _count(connection, f"SELECT count(DISTINCT line) FROM {REJECTS}")
        if accepted + rejected != file.text.counted.lines - 1:
            return None
        _refuse_many(file.label, rejected)
        whole = kept_query(file.kept, file.heading.kept, "file_row_number + 2")
        query = _renumbered(connection, file) if rejected else whole
        return accepted + rejected, query, [*_rejections(connection, file), *_mixed(file, file.text.mixed)]
    except (duckdb.OutOfMemoryException, duckdb.IOException):
        raise
    except duckdb.Error:
        return None
    finally:
        connection.execute(f"DROP TABLE IF EXISTS {REJECTS}")
        connection.execute(f"DROP TABLE IF EXISTS {SCANS}")


def _scan(file: Csv) -> str:
    types = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(file.heading.names)))
    columns = ", ".join(f"c{place} AS {quoted(name)}" for name, place in file.heading.kept.items())
    return (
        f"SELECT {columns} FROM read_csv({sql_path(file.text.path)}, auto_detect = false, columns = {{{types}}}, "
        f"header = true, delim = '{file.delimiter}', quote = '\"', escape = '\"', strict_mode = true, "
        f"store_rejects = true, rejects_table = '{REJECTS}', rejects_scan = '{SCANS}', rejects_limit = 0, "
        f"max_line_size = {LONGEST_RECORD}, buffer_size = {4 * LONGEST_RECORD}, hive_partitioning = false)"
    )


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _refuse_many(label: str, malformed: int) -> None:
    if malformed > MOST_MALFORMED:
        remedy = "请检查分隔符、引号和表头，重新导出"
        raise SourceTrouble(label, f"有 {malformed} 行以上与表头对不上，整个文件不可信", remedy)


def _renumbered(connection: duckdb.DuckDBPyConnection, file: Csv) -> str:
    """Keep the accepted rows once more, with numbers that leave room for the rejected ones."""
    ranked = f"SELECT line, row_number() OVER (ORDER BY line) AS place FROM (SELECT DISTINCT line FROM {REJECTS})"
    shifts = f"SELECT line - 1 - place AS after, max(place) AS shift FROM ({ranked}) GROUP BY 1"
    accepted = kept_query(file.kept, file.heading.kept, "file_row_number")
    numbered = file.kept.with_suffix(".numbered.parquet")
    names = "".join(f"{quoted(name)}, " for name in file.heading.kept)
    connection.execute(
        f"COPY (SELECT {names}row + coalesce(shift, 0) AS row FROM ({accepted}) "
        f"ASOF LEFT JOIN ({shifts}) ON row >= after) TO {sql_target(numbered)} (FORMAT parquet)"
    )
    file.kept.unlink()
    return kept_query(numbered, file.heading.kept, "row + 2")


def _rejections(connection: duckdb.DuckDBPyConnection, file: Csv) -> list[RowTrouble]:
    query = f"SELECT line, CAST(min(error_type) AS VARCHAR) FROM {REJECTS} GROUP BY line ORDER BY line"
    found = connection.execute(query).fetchall()
    return [_malformed(file.label, line, PROBLEMS.get(kind, "不合 CSV 的写法")) for line, kind in found]


def _malformed(label: str, row: int, problem: str) -> RowTrouble:
    return RowTrouble("row_malformed", label, row, None, None, f"第 {row} 行不成一条记录：{problem}；请改正后重新导出")


def _mixed(file: Csv, rows: Iterable[int]) -> list[RowTrouble]:
    main = file.text.encoding
    other = NAMES.get(OTHER.get(main, ""), "")
    message = f"编码是 {other}，文件其余部分是 {NAMES.get(main, main)}；已按 {other} 读取，请核对文字是否正确"
    return [RowTrouble("encoding_mixed", file.label, row, None, None, f"第 {row} 行{message}") for row in rows]


def _with_care(file: Csv) -> Result:
    """Read record by record in Python."""
    malformed: list[RowTrouble] = []
    mixed: list[int] = []
    accepted = keep_rows(file.kept, list(file.heading.kept), _good(file, malformed, mixed))
    query = kept_query(file.kept, file.heading.kept)
    return accepted + len(malformed), query, [*malformed, *_mixed(file, mixed)]


def _good(file: Csv, malformed: list[RowTrouble], mixed: list[int]) -> Iterator[Row]:
    positions = list(file.heading.kept.values())
    odd = set(file.text.mixed)
    for record in records(file.text.path, file.delimiter, len(file.heading.names)):
        if odd and not odd.isdisjoint(range(record.first, record.last + 1)):
            mixed.append(record.row)
        if record.row == 1:
            continue
        if record.values is None:
            malformed.append(_malformed(file.label, record.row, record.problem))
            _refuse_many(file.label, len(malformed))
        else:
            values = record.values
            yield record.row, [values[place] or None for place in positions]
