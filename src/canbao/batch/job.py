"""One run of the cleaning, and what all its stages know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from canbao.batch.config import Config
from canbao.batch.dialects.duckdb import DuckDB
from canbao.batch.reading import SourceTable
from canbao.batch.steps.clean import Cleaning
from canbao.law.reader import Law

FILES = ("persons", "insurances", "evidence", "findings", "conflicts", "survey")
"""The tables of OUT/."""

BASIS = "basis"
"""The folder in OUT/ with what the next run builds on."""

Announce = Callable[[str, int, int, int | None], None]
"""Told of each stage: its name in Chinese, how many parts are done, how many there are, and how many source rows that
were (None where it is not known). A stage begins with none of its parts done and ends with all.
"""


Warn = Callable[[str], None]
"""Told in Chinese of what somebody should know although the run goes on."""


@dataclass
class Job:
    """The engine, what is being cleaned, and where the results go.

    `labels` gives each file's name by the number that rows point to. `cuts` are the keys at which persons are divided
    into parts. `earlier` is the folder of an earlier run whose unchanged persons are taken over.
    """

    engine: DuckDB
    config: Config
    law: Law
    fresh: Path
    announce: Announce
    warn: Warn = lambda words: None
    memory: str | None = None
    earlier: Path | None = None
    tables: dict[str, SourceTable] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    cuts: list[int] = field(default_factory=list)

    @property
    def cleaning(self) -> Cleaning:
        """What the cleaning steps need to know."""
        return Cleaning(self.law, self.config.run.as_of, "resolution" in self.tables)

    def rows_in(self, source: str) -> int:
        """How many rows the files of a source have; 0 for a source that the city does not have."""
        return sum(file.rows_in for file in self.tables[source].files) if source in self.tables else 0

    @property
    def basis(self) -> Path:
        """The folder with what the next run builds on."""
        return self.fresh / BASIS
