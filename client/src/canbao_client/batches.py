"""Rows as lines of JSON, cut into batches that the server takes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from canbao_client.answers import Row

BATCH_ROWS = 2_000
BATCH_BYTES = 4 << 20
ROW_BYTES = 16 << 10
"""Limits of the contract (docs/exchange.md)."""


def line_of(row: Row) -> str:
    """A row as one line, without its end."""
    return json.dumps(asdict(row), ensure_ascii=False, separators=(",", ":"))


def cut(lines: Iterable[str], rows: int = BATCH_ROWS, size: int = BATCH_BYTES) -> Iterator[list[str]]:
    """Lines in their order, in lists of at most so many rows and bytes (before they are packed)."""
    batch: list[str] = []
    held = 0
    for line in lines:
        length = len(line.encode()) + 1
        if batch and (len(batch) == rows or held + length > size):
            yield batch
            batch, held = [], 0
        batch.append(line)
        held += length
    if batch:
        yield batch


def packed(lines: Iterable[str]) -> bytes:
    """Lines as gzipped NDJSON; the same lines give the same bytes."""
    return gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0)
