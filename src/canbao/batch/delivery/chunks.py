"""The persons of a delivery with their rows, chunk by chunk, as bytes that PostgreSQL's COPY takes.

Format: `COPY … FROM STDIN (FORMAT csv)`, UTF-8 without header; NULL is an unquoted empty value, a text is quoted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from canbao.batch.delivery.engine import BATCH_ROWS, read_file, stream
from canbao.batch.delivery.shapes import COLUMNS, CONTENT
from canbao.batch.steps.step import literal

PIECE = 4_096
"""Persons that are looked at together, however large the chunk."""

ROWS_OF_A_PERSON, ROWS_AT_LEAST = 25, 10_000
"""A piece has at most so many insurance or evidence rows for each person, on average, and at least may have so many."""

NOT_SAID = frozenset({"ssn", "source", "row", "operated_at", "reviewed_at"})
"""Columns that say nothing about a person: where a row stood in the city's file, and when the program ran."""

COPY = arrow_csv.WriteOptions(include_header=False, quoting_style="needed", batch_size=2_048)


class Disorder(ValueError):
    """The rows are not in the order of persons, or belong to none: the delivery should have been refused before."""


@dataclass(frozen=True)
class Chunk:
    """Some persons in the order of their numbers, from `first` to `last`, with all their rows, ready for COPY."""

    persons: bytes
    insurances: bytes
    evidence: bytes
    first: str
    last: str
    count: int


def read_chunks(
    connection: duckdb.DuckDBPyConnection, files: Mapping[str, Path], persons: int, after: str | None, upto: str | None
) -> Iterator[Chunk]:
    """Chunks of `persons` persons, from the first number after `after` to `upto`; raises Disorder."""
    people, covers, evidence = (
        SortedRows(stream(connection, _said(table, files[table], after, upto), BATCH_ROWS))
        for table in ("persons", "insurances", "evidence")
    )
    pieces: list[Chunk] = []
    wanted = persons
    while (some := people.take(min(wanted, PIECE))).num_rows:
        last, at_most = some.column("ssn")[-1], max(ROWS_AT_LEAST, ROWS_OF_A_PERSON * some.num_rows)
        pieces.append(_chunk(connection, some, covers.until(last, at_most), evidence.until(last, at_most)))
        wanted -= some.num_rows
        if not wanted:
            yield _joined(pieces)
            pieces, wanted = [], persons
    if pieces:
        yield _joined(pieces)
    if covers.take(1).num_rows or evidence.take(1).num_rows:
        raise Disorder


def csv_pieces(reader: pa.RecordBatchReader) -> Iterator[bytes]:
    """All rows of an answer as CSV, a piece for each batch."""
    return (_csv(pa.Table.from_batches([batch])) for batch in reader)


class SortedRows:
    """An answer sorted by ssn, taken piece by piece; few batches are in memory."""

    def __init__(self, reader: pa.RecordBatchReader) -> None:
        self._batches = iter(reader)
        self._waiting = reader.schema.empty_table()

    def take(self, rows: int) -> pa.Table:
        """The next `rows` rows, fewer at the end."""
        while self._waiting.num_rows < rows and self._more():
            pass
        return self._cut(min(rows, self._waiting.num_rows))

    def until(self, last: pa.Scalar, at_most: int) -> pa.Table:
        """The next rows up to the number `last`; raises Disorder if they are more than `at_most`."""
        while not self._reaches_beyond(last) and self._more():
            if self._waiting.num_rows > at_most + BATCH_ROWS:
                raise Disorder
        return self._cut(pc.sum(pc.less_equal(self._waiting.column("ssn"), last)).as_py() or 0)

    def _reaches_beyond(self, last: pa.Scalar) -> bool:
        numbers = self._waiting.column("ssn")
        return bool(len(numbers)) and numbers[-1].as_py() > last.as_py()

    def _more(self) -> bool:
        batch = next(self._batches, None)
        if batch is not None:
            self._waiting = pa.concat_tables([self._waiting, pa.Table.from_batches([batch])])
        return batch is not None

    def _cut(self, rows: int) -> pa.Table:
        taken, self._waiting = self._waiting.slice(0, rows), self._waiting.slice(rows)
        return taken


def _joined(pieces: Sequence[Chunk]) -> Chunk:
    """One chunk of several that follow each other."""
    tables = [b"".join(getattr(piece, table) for piece in pieces) for table in ("persons", "insurances", "evidence")]
    count = sum(piece.count for piece in pieces)
    return Chunk(tables[0], tables[1], tables[2], pieces[0].first, pieces[-1].last, count)


def _said(table: str, path: Path, after: str | None, upto: str | None) -> str:
    """The query for a table's rows, each with `line`: what it says of its person, as one text."""
    columns = COLUMNS[table]
    said = [f"'{place}=' || CAST({name} AS VARCHAR)" for place, name in enumerate(columns) if name not in NOT_SAID]
    line = f"concat_ws(chr(31), {', '.join(said)}) AS line"
    bounds = [f"ssn > {literal(after)}"] if after is not None else []
    bounds += [f"ssn <= {literal(upto)}"] if upto is not None else []
    beyond = f" WHERE {' AND '.join(bounds)}" if bounds else ""
    return f"SELECT {', '.join(columns)}, {line} FROM {read_file(path)}{beyond}"


def _chunk(connection: duckdb.DuckDBPyConnection, people: pa.Table, covers: pa.Table, evidence: pa.Table) -> Chunk:
    numbers = people.column("ssn").combine_chunks()
    said = pa.table(
        {"own": people.column("line"), "covers": _lines_of(covers, numbers), "evidence": _lines_of(evidence, numbers)}
    )
    known = people.drop_columns("line").append_column(CONTENT, _digests(connection, said))
    rows = [_csv(table.drop_columns("line")) for table in (covers, evidence)]
    return Chunk(_csv(known), rows[0], rows[1], numbers[0].as_py(), numbers[-1].as_py(), len(numbers))


def _lines_of(rows: pa.Table, numbers: pa.Array) -> pa.Array:
    """For each of the numbers, the lines of its rows in one text."""
    owners = pc.index_in(rows.column("ssn").combine_chunks(), value_set=numbers)
    if owners.null_count:
        raise Disorder
    places = owners.to_numpy(zero_copy_only=False)
    if (np.diff(places) < 0).any():
        raise Disorder
    ends = np.cumsum(np.bincount(places, minlength=len(numbers)))
    offsets = pa.array(np.concatenate([[0], ends]), pa.int32())
    lines = pa.ListArray.from_arrays(offsets, rows.column("line").combine_chunks())
    return pc.binary_join(lines, "\x1e")


def _digests(connection: duckdb.DuckDBPyConnection, said: pa.Table) -> pa.ChunkedArray:
    """The MD5 of each row of texts, as 32 hexadecimal digits."""
    connection.register("said", said)
    digests = connection.sql("SELECT md5(concat_ws(chr(29), own, covers, evidence)) AS content FROM said")
    return digests.to_arrow_table().column("content")


def _csv(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    arrow_csv.write_csv(table, sink, COPY)
    written: bytes = sink.getvalue().to_pybytes()
    return written
