"""Where the tests put files and have them read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from canbao.batch.reading import SourceTable, read_source
from canbao.batch.source_specs import SourceSpec
from canbao.law.reader import Law

HEADER = "社会保障号码,姓名,住址"


@dataclass
class Desk:
    """Reads files of one folder with one engine."""

    folder: Path
    law: Law
    connection: duckdb.DuckDBPyConnection

    def put(self, name: str, content: str | bytes) -> SourceSpec:
        """Write a file and give its spec as a household source."""
        data = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(data)
        return self.spec(name)

    def spec(self, name: str, **more: Any) -> SourceSpec:
        return SourceSpec(**{"source": "household", "label": name, "path": self.folder / name, **more})

    def read(self, *specs: SourceSpec) -> SourceTable:
        work = self.folder / "work"
        work.mkdir(exist_ok=True)
        return read_source(self.connection, specs[0].source, specs, work, self.law)

    def rows(self, table: SourceTable) -> list[tuple[Any, ...]]:
        """All rows as (file, row, columns in the law's order); asserts that none was lost."""
        columns = ", ".join(column.name for column in self.law.sources[table.name].columns)
        query = f"SELECT file, row, {columns} FROM {table.relation} ORDER BY file, row"
        rows = self.connection.execute(query).fetchall()
        malformed = sum(trouble.check == "row_malformed" for trouble in table.troubles)
        assert sum(file.rows_in - file.rows_filtered for file in table.files) == len(rows) + malformed
        return rows
