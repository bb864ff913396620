"""A city in which one row in a hundred has changed since."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb


def one_percent_changed(city: Path, target: Path) -> Path:
    """Copy a plain city; one person in a hundred has stopped paying into all insurances."""
    target.mkdir()
    for file in city.iterdir():
        if file.is_file() and file.name != "insurance.parquet":
            shutil.copy(file, target)
    changed = "CASE WHEN hash(ssn) % 100 = 0 THEN '3' ELSE contrib_status END AS contrib_status"
    rows = f"SELECT * REPLACE ({changed}) FROM '{city}/insurance.parquet'"
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = true")
        connection.execute(f"COPY ({rows}) TO '{target}/insurance.parquet' (FORMAT parquet, COMPRESSION zstd)")
    return target
