"""The files of OUT/: written by one writer whatever the engine, so that the bytes depend on the rows alone."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

GROUP_ROWS = 131_072
UNREPEATED = frozenset({"ssn", "name", "hukou_address", "residence_address", "mobile", "row", "other_name", "value"})
"""Columns whose values seldom repeat: a dictionary of them would cost time and save nothing."""


class ParquetFile:
    """A Parquet file in the making; rows arrive in any batches and leave in groups of fixed size."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = 0

    def add(self, reader: pa.RecordBatchReader) -> None:
        """Append all batches of an answer."""
        if self._writer is None:
            self._writer = _writer(self.path, reader.schema)
        for batch in reader:
            self._waiting.append(batch)
            self._waiting_rows += batch.num_rows
            self.rows += batch.num_rows
            while self._waiting_rows >= GROUP_ROWS:
                self._write_group(GROUP_ROWS)

    def close(self) -> None:
        """Write what is waiting and end the file."""
        if self._waiting_rows:
            self._write_group(self._waiting_rows)
        if self._writer is not None:
            self._writer.close()

    def _write_group(self, rows: int) -> None:
        assert self._writer is not None
        waiting = pa.Table.from_batches(self._waiting, schema=self._writer.schema)
        self._writer.write_table(waiting.slice(0, rows).combine_chunks(), row_group_size=rows)
        self._waiting = waiting.slice(rows).to_batches()
        self._waiting_rows -= rows

    def __enter__(self) -> ParquetFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    repeated = [name for name in schema.names if name not in UNREPEATED]
    return pq.ParquetWriter(
        path, schema, compression="zstd", compression_level=1, use_dictionary=repeated, store_schema=False
    )
