"""Merging: the rows of changed persons into an earlier table, which keeps its order by number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from canbao.batch.outputs import UNREPEATED
from canbao.batch.spelling import TEXT


def merged(earlier: Path, fresh: pa.RecordBatchReader, changed: pa.Array) -> pa.RecordBatchReader:
    """The earlier rows whose ssn is not among `changed`, and the fresh rows, in the order of ssn.

    Both come sorted; rows of one ssn stay in their order, and none is in both. Memory holds the fresh rows and one row
    group of the earlier ones.
    """
    schema = fresh.schema
    return pa.RecordBatchReader.from_batches(schema, _merged(earlier, fresh.read_all(), changed))


def _merged(earlier: Path, fresh: pa.Table, changed: pa.Array) -> Iterator[pa.RecordBatch]:
    """Repeated words are moved about as the numbers that the file has for them, and spelled out at the end."""
    schema, worded = fresh.schema, _worded(fresh.schema)
    file = pq.ParquetFile(earlier, read_dictionary=[one.name for one in worded if one.type == TEXT])
    fresh, taken = _as(fresh, worded), 0
    for group in range(file.num_row_groups):
        rows = _as(file.read_row_group(group, use_threads=False), worded)
        last = rows.column("ssn")[-1] if group + 1 < file.num_row_groups else None
        until = fresh.num_rows if last is None else _count_until(fresh.column("ssn"), last)
        kept = rows.filter(pc.invert(pc.is_in(rows.column("ssn"), changed)))
        yield from _as(_in_order(kept, fresh.slice(taken, until - taken)), schema).to_batches()
        taken = until
    if taken < fresh.num_rows:
        yield from _as(fresh.slice(taken), schema).to_batches()


def _worded(schema: pa.Schema) -> pa.Schema:
    """The schema with every column of repeated words as a dictionary."""
    return pa.schema(
        [one.with_type(TEXT) if pa.types.is_string(one.type) and one.name not in UNREPEATED else one for one in schema]
    )


def _as(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """The rows with the types of another schema."""
    columns = [_in_type(rows.column(one.name), one.type) for one in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _in_type(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    if column.type == wanted:
        return column
    coded = pc.dictionary_encode(column) if pa.types.is_dictionary(wanted) else column
    return coded.cast(wanted)


def _count_until(numbers: pa.ChunkedArray, last: pa.Scalar) -> int:
    return int(pc.sum(pc.less_equal(numbers, last)).as_py() or 0)


def _in_order(kept: pa.Table, inserted: pa.Table) -> pa.Table:
    if not inserted.num_rows:
        return kept
    together = pa.concat_tables([kept, inserted]).unify_dictionaries().combine_chunks()
    return together.take(pc.sort_indices(together.column("ssn")))
