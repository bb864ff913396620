"""Writing the tables that `propose` reads, from rows that come piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from canbao.batch.candidates.people import NEEDED, OTHERS
from canbao.batch.trouble import refusing

PEOPLE = (*NEEDED, *OTHERS)
"""The columns of a row of people, in their order."""
DECIDED = ("left_id", "right_id", "left_digest", "right_digest")
_SCHEMAS = {
    PEOPLE: pa.schema([(name, pa.int64() if name == "person_id" else pa.string()) for name in PEOPLE]),
    DECIDED: pa.schema([(name, pa.int64() if name.endswith("_id") else pa.string()) for name in DECIDED]),
}
Rows = Iterable[Sequence[Sequence[Any]]]
"""Pieces of rows."""


def write_people(pieces: Rows, file: Path) -> int:
    """Write rows of PEOPLE, days as ISO text; returns how many. Raises OutOfRoom or SourceTrouble."""
    return _write(pieces, file, PEOPLE)


def write_decided(pieces: Rows, file: Path) -> int:
    """Write rows of DECIDED; returns how many. Raises OutOfRoom or SourceTrouble."""
    return _write(pieces, file, DECIDED)


def _write(pieces: Rows, file: Path, columns: tuple[str, ...]) -> int:
    schema, written = _SCHEMAS[columns], 0
    with refusing(str(file), "写不下", "请腾出磁盘空间后再试"), pq.ParquetWriter(file, schema) as writer:
        for piece in pieces:
            values = zip(*piece, strict=True) if piece else ((),) * len(columns)
            arrays = [pa.array(list(column), field.type) for column, field in zip(values, schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            written += len(piece)
    return written
