"""A private DuckDB that sees the files of one delivery and nothing else: no other file, no network, no setting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from canbao.batch.dialects.duckdb import NOTHING_FROM_OUTSIDE, room
from canbao.batch.steps.step import literal

BATCH_ROWS = 4_096
MEMORY = "160MB"
"""Enough for any number of rows, since whatever is larger is spilled to the delivery's own folder."""


@contextmanager
def locked_engine(files: Mapping[str, Path], work: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A fresh connection that may read `files` and spill into `work`.

    Raises OutOfRoom, also while it is used, when memory or disk is at an end.
    """
    settings: dict[str, Any] = {"threads": 1, "memory_limit": MEMORY, "temp_directory": str(work / "spill")}
    settings |= NOTHING_FROM_OUTSIDE
    with room("核对数据包"), duckdb.connect(":memory:", config=settings) as connection:
        connection.execute("SET enable_progress_bar = false")
        allowed = ", ".join(literal(str(path)) for path in files.values())
        connection.execute(f"SET allowed_paths = [{allowed}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection


def read_file(path: Path) -> str:
    """A Parquet file as a relation, with the columns that it has."""
    return f"read_parquet({literal(str(path))}, hive_partitioning = false)"


def stream(connection: duckdb.DuckDBPyConnection, query: str, batch_rows: int) -> pa.RecordBatchReader:
    """The answer batch by batch, in the order of the file that is read; several may be under way at once."""
    return connection.cursor().sql(query).to_arrow_reader(batch_rows)


def counted_file(path: Path) -> str:
    """A Parquet file as a relation, its rows counted in `place` from 1."""
    counted = f"read_parquet({literal(str(path))}, hive_partitioning = false, file_row_number = true)"
    return f"(SELECT * EXCLUDE (file_row_number), file_row_number + 1 AS place FROM {counted})"
