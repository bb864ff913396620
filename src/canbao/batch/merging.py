"""Merging: the rows of changed persons into an earlier table, which keeps its order by number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


def merged(earlier: Path, fresh: pa.RecordBatchReader, changed: pa.Array) -> pa.RecordBatchReader:
    """The earlier rows whose ssn is not among `changed`, and the fresh rows, in the order of ssn.

    Both come sorted; rows of one ssn stay in their order, and none is in both. Memory holds the fresh rows and one row
    group of the earlier ones.
    """
    schema = fresh.schema
    return pa.RecordBatchReader.from_batches(schema, _merged(pq.ParquetFile(earlier), fresh.read_all(), changed))


def _merged(earlier: pq.ParquetFile, fresh: pa.Table, changed: pa.Array) -> Iterator[pa.RecordBatch]:
    taken = 0
    for group in range(earlier.num_row_groups):
        rows = _as(earlier.read_row_group(group), fresh.schema)
        last = rows.column("ssn")[-1] if group + 1 < earlier.num_row_groups else None
        until = fresh.num_rows if last is None else _count_until(fresh.column("ssn"), last)
        kept = rows.filter(pc.invert(pc.is_in(rows.column("ssn"), changed)))
        yield from _in_order(kept, fresh.slice(taken, until - taken)).to_batches()
        taken = until
    if taken < fresh.num_rows:
        yield from fresh.slice(taken).to_batches()


def _as(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Rows read back from a file, in the types in which they were written."""
    columns = [
        pc.dictionary_encode(rows.column(one.name)) if pa.types.is_dictionary(one.type) else rows.column(one.name)
        for one in schema
    ]
    return pa.Table.from_arrays(columns, names=schema.names).cast(schema)


def _count_until(numbers: pa.ChunkedArray, last: pa.Scalar) -> int:
    return int(pc.sum(pc.less_equal(numbers, last)).as_py() or 0)


def _in_order(kept: pa.Table, inserted: pa.Table) -> pa.Table:
    if not inserted.num_rows:
        return kept
    together = pa.concat_tables([kept, inserted]).unify_dictionaries().combine_chunks()
    return together.take(pc.sort_indices(together.column("ssn")))
