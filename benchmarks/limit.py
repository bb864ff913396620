"""The limit: reading every column of the sources and writing the results, with nothing in between."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb

TABLES = ("persons", "insurances", "evidence", "findings", "conflicts", "survey")


def read_and_write(city: Path, out: Path, work: Path) -> float:
    """Seconds that DuckDB takes to read all sources whole and to write the tables of `out` again as Parquet.

    The time to load the tables before writing is not counted.
    """
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    seconds = sum(_timed(connection, _read_whole(connection, file)) for file in sorted(city.glob("*.parquet")))
    for name in TABLES:
        connection.execute(f"CREATE OR REPLACE TABLE results AS SELECT * FROM '{out / name}.parquet'")
        target = work / f"{name}.parquet"
        seconds += _timed(connection, f"COPY results TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
        target.unlink()
    return seconds


def _read_whole(connection: duckdb.DuckDBPyConnection, file: Path) -> str:
    columns = [column[0] for column in connection.execute(f"SELECT * FROM '{file}' LIMIT 0").description or ()]
    return f"SELECT {', '.join(f'bit_xor(hash({name}))' for name in columns)} FROM '{file}'"


def _timed(connection: duckdb.DuckDBPyConnection, query: str) -> float:
    started = time.monotonic()
    connection.execute(query).fetchall()
    return time.monotonic() - started
