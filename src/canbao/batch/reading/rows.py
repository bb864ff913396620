"""Rows kept as text in a Parquet file of the work folder, and how DuckDB is told where a file is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from canbao.batch.steps.step import literal

BATCH = 20_000
Row = tuple[int, Sequence[str | None]]
"""A row's number and its values."""


def keep_rows(path: Path, names: Sequence[str], rows: Iterable[Row]) -> int:
    """Write rows with columns `names` and `row`, batch by batch; returns how many there were."""
    schema = pa.schema([*((name, pa.string()) for name in names), ("row", pa.int64())])
    count = 0
    with pq.ParquetWriter(path, schema) as writer:
        for columns in _batches(iter(rows), len(names)):
            arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(columns[-1])
    return count


def _batches(rows: Iterator[Row], width: int) -> Iterator[list[list[str | None] | list[int]]]:
    """Columns of at most BATCH rows, the numbers last.

    Rows are taken apart at once: millions of living row objects would keep the garbage collector busy.
    """
    while True:
        columns: list[list[str | None]] = [[] for _ in range(width)]
        numbers: list[int] = []
        for number, values in islice(rows, BATCH):
            numbers.append(number)
            for column, value in zip(columns, values, strict=True):
                column.append(value)
        if not numbers:
            return
        yield [*columns, numbers]


def sql_path(path: Path) -> str:
    """The path as an SQL literal in which DuckDB sees no pattern."""
    return literal("".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path.absolute())))


def sql_target(path: Path) -> str:
    """The path as an SQL literal to write to."""
    return literal(str(path.absolute()))


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def kept_query(path: Path, names: Iterable[str], row: str = "row") -> str:
    """The query that reads kept rows back; `row` is the expression for a row's number."""
    columns = "".join(f"{quoted(name)}, " for name in names)
    parquet = f"read_parquet({sql_path(path)}, file_row_number = true, hive_partitioning = false)"
    return f"SELECT {columns}CAST({row} AS BIGINT) AS row FROM {parquet}"
