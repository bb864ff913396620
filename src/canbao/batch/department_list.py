"""A department's list in one file, CSV or XLSX, read with the same care as a city's sources, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from canbao.batch.dialects.duckdb import NOTHING_FROM_OUTSIDE, room
from canbao.batch.reading import RowTrouble, SourceTable, read_source
from canbao.batch.source_specs import SourceSpec
from canbao.law.reader import Law

ENDINGS = (".csv", ".txt", ".xlsx")
MEMORY = "256MB"
Row = tuple[int, dict[str, str]]
"""A row's number, as a spreadsheet counts it, and its values by column; empty ones are left out."""


@dataclass(frozen=True)
class DepartmentList:
    """A file that has been read: `rows` records with the broken ones, the headers that were used and those not."""

    connection: duckdb.DuckDBPyConnection
    table: SourceTable

    @property
    def rows(self) -> int:
        """Records, those that could not be understood included."""
        return self.table.files[0].rows_in

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headers that are none of the source's."""
        return tuple(name for name in self.table.files[0].ignored if name.strip())

    @property
    def broken(self) -> tuple[RowTrouble, ...]:
        """Rows that are no records."""
        return tuple(one for one in self.table.troubles if one.check == "row_malformed")

    def pieces(self, rows: int) -> Iterator[Sequence[Row]]:
        """All rows in the order of the file, so many at a time."""
        columns = list(self.table.files[0].columns)
        named = ", ".join(f'"{column}"' for column in (*columns, "row"))
        answer = self.connection.cursor().execute(f'SELECT {named} FROM {self.table.relation} ORDER BY "row"')
        while piece := answer.fetchmany(rows):
            yield [(row[-1], _values(columns, row)) for row in piece]


def _values(columns: Sequence[str], row: Sequence[str | None]) -> dict[str, str]:
    return {column: value for column, value in zip(columns, row[:-1], strict=True) if value}


@contextmanager
def opened_list(file: Path, label: str, source: str, law: Law) -> Iterator[DepartmentList]:
    """The list in a file, with the headers of one of the law's sources; `label` is what its user calls the file.

    Raises SourceTrouble for a file that can't be read as a whole, and OutOfRoom.
    """
    with TemporaryDirectory(dir=file.parent, prefix=f"{file.stem}-") as folder:
        settings: dict[str, Any] = {
            "threads": 1,
            "memory_limit": MEMORY,
            "temp_directory": f"{folder}/spill",
            **NOTHING_FROM_OUTSIDE,
        }
        with room(label), duckdb.connect(":memory:", config=settings) as connection:
            spec = SourceSpec(source, label, path=file)
            yield DepartmentList(connection, read_source(connection, source, (spec,), Path(folder), law))
