"""The pairs: what the file of them holds, and reading it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from canbao.batch.candidates.settings import words

PAIRS = pa.schema(
    [
        ("left_id", pa.int64()),
        ("right_id", pa.int64()),
        ("probability", pa.float64()),
        ("weight", pa.float64()),
        ("reasons", pa.list_(pa.string())),
        ("left_digest", pa.string()),
        ("right_digest", pa.string()),
    ]
)
"""left_id < right_id; probability from 0 to 1; weight in bits (log2 of the odds); digests: 32 hexadecimal digits of the
compared items of each side, by which a decision is known to be about the same data."""


@dataclass(frozen=True)
class Pair:
    """Two records that may be one person, as PAIRS has them."""

    left_id: int
    right_id: int
    probability: float
    weight: float
    reasons: tuple[str, ...]
    left_digest: str
    right_digest: str

    @property
    def words(self) -> tuple[str, ...]:
        """The reasons as an officer reads them."""
        return tuple(words(code) for code in self.reasons)


def read_pairs(file: Path) -> Iterator[Pair]:
    """The pairs of a file that `propose` wrote, likeliest first."""
    with pq.ParquetFile(file) as opened:
        for batch in opened.iter_batches():
            for row in batch.to_pylist():
                yield Pair(**{**row, "reasons": tuple(row["reasons"])})
