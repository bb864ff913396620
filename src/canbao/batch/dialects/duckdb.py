"""DuckDB as an engine: prints a step in its dialect, runs it, and lends it core's functions."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import sqlglot

from canbao.batch.steps.step import Step, literal, table
from canbao.batch.trouble import OutOfRoom, SourceTrouble, reason_within, refused
from canbao.core.codes import CodeReader
from canbao.core.dates import read_day
from canbao.core.names import normalise_name
from canbao.core.text import normalise_text
from canbao.law.reader import Law


class DuckDB:
    """One private DuckDB that keeps nothing: its memory and its spill folder end with the run.

    `memory` is a size such as `4GB`; without it DuckDB takes its own share of the machine.
    """

    name = "duckdb"

    def __init__(self, work: Path, law: Law, memory: str | None = None, threads: int | None = None) -> None:
        settings: dict[str, Any] = {"temp_directory": str(work / "spill"), **NOTHING_FROM_OUTSIDE}
        if memory:
            settings["memory_limit"] = memory
        if threads:
            settings["threads"] = threads
        self._work = work
        self._outside: dict[str, str] = {}
        self.connection = duckdb.connect(":memory:", config=settings)
        self.connection.execute("SET enable_progress_bar = false")
        self._lend_functions(law)

    @property
    def version(self) -> str:
        """The engine and its version, on which fingerprints depend."""
        return f"{self.name} {duckdb.__version__}"

    def print(self, step: Step) -> str:
        """The step's statement in this engine's dialect."""
        return printed(step.sql, self.name)

    def run(self, step: Step) -> None:
        """Run one step; raises OutOfRoom when memory or disk is at an end."""
        with room("计算"):
            self._keep_order(step.ordered)
            self.connection.execute(self.print(step))

    def _keep_order(self, ordered: bool) -> None:
        """Keeping order costs memory and threads, so it is asked for where it matters only."""
        self.connection.execute(f"SET preserve_insertion_order = {ordered}")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a small answer."""
        with room("读取结果"):
            return self.connection.execute(printed(query, self.name)).fetchall()

    def stream(self, query: str, batch_rows: int) -> pa.RecordBatchReader:
        """A large answer, batch by batch, in the order of the query or of the table it reads."""
        with room("读取结果"):
            self._keep_order(True)
            reader = self.connection.sql(printed(query, self.name)).to_arrow_reader(batch_rows)
        return pa.RecordBatchReader.from_batches(reader.schema, _batches(reader))

    def give(self, name: str, content: pa.Table) -> None:
        """Make an Arrow table known to the steps."""
        self.connection.register("given", content)
        with room("计算"):
            self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given")
        self.connection.unregister("given")

    def divide(self, name: str, query: str, outside: str, cuts: Sequence[int]) -> None:
        """Keep a query's rows as `name`, divided by key: below the first cut, below the second, … and the rest.

        Rows for which `outside` holds are kept apart. Without cuts there is one part, in memory; else all parts lie
        in the work folder, so that memory has to hold one part only.
        """
        self._outside[name] = outside
        if not cuts:
            self.run(table(name, query))
            return
        whens = " ".join(f"WHEN key < {cut} THEN {place}" for place, cut in enumerate(cuts))
        placed = (
            f"SELECT *, CASE WHEN {outside} THEN {APART} {whens} ELSE {len(cuts)} END AS part FROM ({query}) AS rows"
        )
        target = f"{literal(str(self._work / name))} (FORMAT parquet, COMPRESSION snappy, PARTITION_BY (part))"
        self.run(table(f"{name}_shape", f"SELECT * FROM ({query}) AS rows LIMIT 0"))
        self.run(Step(name, f"COPY ({placed}) TO {target}"))

    def part(self, name: str, place: int | None) -> str:
        """One part of what was divided, as a relation; None for the rows kept apart."""
        if not (self._work / name).exists():
            outside = self._outside[name]
            return f"(SELECT * FROM {name} WHERE {outside if place is None else f'NOT ({outside})'})"
        folder = self._work / name / f"part={APART if place is None else place}"
        return _parquet(folder / "*.parquet") if folder.exists() else f"{name}_shape"

    def parts(self, name: str, cuts: Sequence[int]) -> str:
        """All parts of what was divided, without the rows kept apart, as a relation."""
        every = (f"SELECT * FROM {self.part(name, place)} AS part" for place in range(len(cuts) + 1))
        return f"({' UNION ALL '.join(every)})"

    def file(self, path: Path) -> str:
        """A Parquet file as a relation."""
        return _parquet(path)

    def forget(self, place: int) -> None:
        """Free the room of one part of everything."""
        for folder in self._work.glob(f"*/part={place}"):
            shutil.rmtree(folder)

    def close(self) -> None:
        """End the engine and free what it held."""
        self.connection.close()

    def _lend_functions(self, law: Law) -> None:
        codes = CodeReader(law)
        self._lend("canbao_text", _over(normalise_text, pa.string()), 1, "VARCHAR")
        self._lend("canbao_name", _over(normalise_name, pa.string()), 1, "VARCHAR")
        self._lend("canbao_day", _over(read_day, pa.date32()), 1, "DATE")
        self._lend("canbao_code", _over_two(codes.read, pa.string()), 2, "VARCHAR")

    def _lend(self, name: str, function: Callable[..., pa.Array], texts: int, gives: str) -> None:
        self.connection.create_function(
            name, function, ["VARCHAR"] * texts, gives, type="arrow", null_handling="special"
        )  # type: ignore[call-overload]


NOTHING_FROM_OUTSIDE = {"autoinstall_known_extensions": "false", "allow_community_extensions": "false"}
"""Settings with which the engine fetches no code."""

APART = -1
"""The name of the part for rows that belong to none."""


def _parquet(files: Path) -> str:
    return f"read_parquet({literal(str(files))}, hive_partitioning = false)"


def printed(sql: str, dialect: str) -> str:
    """A statement written in DuckDB's dialect, printed for another; for DuckDB it is what was written."""
    if dialect == DuckDB.name:
        return sql
    return sqlglot.transpile(sql, read="duckdb", write=dialect, normalize_functions=False)[0]


@contextmanager
def room(what: str) -> Iterator[None]:
    """Turns an engine's cry for memory or disk into OutOfRoom, and its trouble with a file into SourceTrouble."""
    try:
        yield
    except (duckdb.OutOfMemoryException, MemoryError) as problem:
        raise _no_memory(what) from problem
    except duckdb.IOException as problem:
        raise _disk(what, str(problem)) from problem
    except (OSError, pa.ArrowException) as problem:
        if "Out of Memory Error" in str(problem):
            raise _no_memory(what) from problem
        if "IO Error" in str(problem):
            raise _disk(what, str(problem)) from problem
        raise


def _no_memory(what: str) -> OutOfRoom:
    return OutOfRoom(f"{what}：内存或临时空间不够")


def _disk(what: str, said: str) -> OutOfRoom | SourceTrouble:
    """The engine says why in English, the system's own words among it; when not even those, the disk is at an end."""
    number = reason_within(said)
    if number is None:
        return OutOfRoom(f"{what}：磁盘写不下或读不出")
    return refused(number, what, "磁盘写不下或读不出", "请核对文件、权限和磁盘")


def _batches(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The batches of an answer; the engine may still run out of room while it gives them."""
    with room("读取结果"):
        yield from reader


def _over(read: Callable[[str], Any], kind: pa.DataType) -> Callable[[pa.Array], pa.Array]:
    """The function over a column of text: NULL for NULL, and NULL where it finds nothing."""
    return lambda texts: pa.array([None if text is None else read(text) or None for text in texts.to_pylist()], kind)


def _over_two(read: Callable[[str, str], Any], kind: pa.DataType) -> Callable[[pa.Array, pa.Array], pa.Array]:
    """The same over two columns of which the first has no NULL."""

    def each(firsts: pa.Array, texts: pa.Array) -> pa.Array:
        pairs = zip(firsts.to_pylist(), texts.to_pylist(), strict=True)
        return pa.array([None if text is None else read(first, text) for first, text in pairs], kind)

    return each
