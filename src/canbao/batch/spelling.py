"""Columns that engines hand over as integers, spelled out as the text that the files have.

An engine is spared millions of equal texts; Arrow's dictionary arrays hold each once, and so does Parquet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from canbao.batch.steps.write import SLOT_REGIONS, SLOT_STATES

Spelling = Mapping[int, str] | None
"""What each integer stands for; None: its own digits."""


def person_spellings() -> dict[str, Spelling]:
    """The integer columns of persons."""
    return dict.fromkeys((*SLOT_STATES, *SLOT_REGIONS), None)


def spelled(reader: pa.RecordBatchReader, spellings: Mapping[str, Spelling]) -> pa.RecordBatchReader:
    """The batches with the named columns as text."""
    fields = [pa.field(one.name, TEXT) if one.name in spellings else one for one in reader.schema]
    schema = pa.schema(fields)
    return pa.RecordBatchReader.from_batches(schema, _batches(reader, schema, spellings))


TEXT = pa.dictionary(pa.int32(), pa.string())


def _batches(
    reader: pa.RecordBatchReader, schema: pa.Schema, spellings: Mapping[str, Spelling]
) -> Iterator[pa.RecordBatch]:
    for batch in reader:
        columns = [
            _spelled(column, spellings[name]) if name in spellings else column
            for name, column in zip(schema.names, batch.columns, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _spelled(numbers: pa.Array, spelling: Spelling) -> pa.DictionaryArray:
    coded = pc.dictionary_encode(numbers)
    if spelling is None:
        words = coded.dictionary.cast(pa.string())
    else:
        words = pa.array([spelling[number] for number in coded.dictionary.to_pylist()], pa.string())
    return pa.DictionaryArray.from_arrays(coded.indices, words)
