"""The files of OUT/: written by one writer whatever the engine, so that the bytes depend on the rows alone."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

GROUP_ROWS = 131_072
WAITING_BATCHES = 8
UNREPEATED = frozenset({"ssn", "name", "hukou_address", "residence_address", "mobile", "row", "other_name", "value"})
"""Columns whose values seldom repeat: a dictionary of them would cost time and save nothing."""


class ParquetFile:
    """A Parquet file in the making; rows arrive in any batches and leave in groups of fixed size.

    Encoding happens on a thread of its own, so that the engine goes on meanwhile; a few batches wait at most.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._batches: queue.Queue[pa.RecordBatch | None] = queue.Queue(WAITING_BATCHES)
        self._problem: BaseException | None = None
        self._thread: threading.Thread | None = None

    def add(self, reader: pa.RecordBatchReader) -> None:
        """Append all batches of an answer; raises what went wrong in writing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._write, args=(reader.schema,), daemon=True)
            self._thread.start()
        for batch in reader:
            self._hand_over(batch)

    def close(self) -> None:
        """Write what is waiting and end the file."""
        if self._thread is not None:
            self._hand_over(None)
            self._thread.join()
        self._raise()

    def _hand_over(self, batch: pa.RecordBatch | None) -> None:
        self._raise()
        self._batches.put(batch)

    def _raise(self) -> None:
        if self._problem is not None:
            raise self._problem

    def _write(self, schema: pa.Schema) -> None:
        """The thread: takes batches until None comes, and after a problem takes them without writing."""
        batches = self._handed_over()
        try:
            with _writer(self.path, schema) as writer:
                for group in _groups(batches, schema):
                    writer.write_table(group, row_group_size=GROUP_ROWS)
        except BaseException as problem:
            self._problem = problem
            for _ in batches:
                pass

    def _handed_over(self) -> Iterator[pa.RecordBatch]:
        """The batches until None comes; asked again after the end, it ends again."""
        yield from iter(self._batches.get, None)

    def __enter__(self) -> ParquetFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _groups(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows in tables of GROUP_ROWS, the last one shorter."""
    waiting = schema.empty_table()
    for batch in batches:
        waiting = pa.concat_tables([waiting, pa.Table.from_batches([batch], schema)])
        while waiting.num_rows >= GROUP_ROWS:
            yield _canonical(waiting.slice(0, GROUP_ROWS))
            waiting = waiting.slice(GROUP_ROWS)
    if waiting.num_rows:
        yield _canonical(waiting)


def _canonical(group: pa.Table) -> pa.Table:
    """The group in one chunk, its dictionaries holding the group's own words in the order in which they first occur.

    Else the bytes would tell how the rows were cut into batches on their way here.
    """
    columns = [_own_words(column.combine_chunks()) for column in group.columns]
    return pa.Table.from_arrays(columns, schema=group.schema)


def _own_words(column: pa.Array) -> pa.Array:
    if not pa.types.is_dictionary(column.type):
        return column
    used = pc.dictionary_encode(column.indices)
    return pa.DictionaryArray.from_arrays(used.indices, column.dictionary.take(used.dictionary))


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    repeated = [name for name in schema.names if name not in UNREPEATED]
    return pq.ParquetWriter(
        path, schema, compression="zstd", compression_level=1, use_dictionary=repeated, store_schema=False
    )
