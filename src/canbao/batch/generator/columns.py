"""Columns of text in two forms: plain, or as places in a table of the few values there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from canbao.batch.generator.dice import Array, Bits, Mask

Rewrite = Callable[[str, int], str | None]
"""Makes another text of a text; the number is random bits, to choose among several ways."""


@dataclass
class Coded:
    """A column whose values are entries of `table`; a place of -1 is a missing value."""

    table: Any
    places: Array

    def arrow(self) -> Any:
        """The column as an Arrow dictionary array.

        Its dictionary has used entries only when the table is longer than the column, and none of them twice: for
        those pyarrow 26 writes other bytes each time.
        """
        table, places = self.table, np.asarray(self.places, dtype=np.int32)
        if len(table) > len(places):
            used, inverse = np.unique(places, return_inverse=True)
            shift = int(len(used) > 0 and used[0] < 0)
            table, places = table.take(pa.array(used[shift:])), (inverse - shift).astype(np.int32)
        encoded, missing = table.dictionary_encode(), places < 0
        if len(encoded.dictionary) < len(table):
            table, places = encoded.dictionary, encoded.indices.to_numpy()[places]
        return pa.DictionaryArray.from_arrays(pa.array(places, mask=missing), table)

    def plain(self) -> Any:
        """The column as an Arrow array of strings."""
        return self.table.take(pa.array(self.places, mask=np.asarray(self.places) < 0))


CODED = pa.dictionary(pa.int32(), pa.string())
"""The Arrow type of a coded column."""

Column = Any
"""A Coded or an Arrow array of strings."""


def coded(values: Sequence[str], places: Array) -> Coded:
    """A coded column with a table made of `values`."""
    return Coded(pa.array(values, pa.string()), places)


def absent(column: Column) -> Mask:
    """Where the column has no value."""
    if isinstance(column, Coded):
        return np.asarray(column.places) < 0
    return np.asarray(pc.is_null(column).to_numpy(zero_copy_only=False))


def blanked(column: Column, mask: Mask) -> Column:
    """The column with the values under the mask missing."""
    if isinstance(column, Coded):
        return Coded(column.table, np.where(mask, -1, column.places))
    return pc.if_else(pa.array(mask), pa.scalar(None, pa.string()), column)


def rewritten(column: Column, mask: Mask, rewrite: Rewrite, bits: Bits) -> Column:
    """The column with each value under the mask written anew; missing ones stay missing. `bits` are for all rows."""
    rows = np.flatnonzero(mask)
    if not len(rows):
        return column
    rolls = bits[rows].tolist()
    texts = zip(_texts(column, rows), rolls, strict=True)
    return replaced(column, rows, [rewrite(text, roll) if text is not None else None for text, roll in texts])


def replaced(column: Column, rows: Array, written: list[str | None]) -> Column:
    """The column with the values of `rows` (ascending) replaced."""
    if isinstance(column, Coded):
        places = np.array(column.places, dtype=np.int64)
        fresh = len(column.table) + np.arange(len(rows))
        places[rows] = np.where([text is None for text in written], -1, fresh)
        return Coded(pa.concat_arrays([column.table, pa.array(written, pa.string())]), places)
    mask = np.zeros(len(column), dtype=bool)
    mask[rows] = True
    return pc.replace_with_mask(column, pa.array(mask), pa.array(written, pa.string()))


def _texts(column: Column, rows: Array) -> list[str | None]:
    if isinstance(column, Coded):
        places = np.asarray(column.places)[rows]
        texts: list[str | None] = column.table.take(pa.array(places, mask=places < 0)).to_pylist()
        return texts
    taken: list[str | None] = column.take(pa.array(rows)).to_pylist()
    return taken


def joined(*parts: Any) -> Any:
    """Strings put together row by row."""
    return pc.binary_join_element_wise(*parts, "")


def digits(numbers: Array, width: int, prefix: str = "") -> Any:
    """Whole numbers as strings of exactly `width` digits behind a prefix; fast because all are equally long."""
    head = np.frombuffer(prefix.encode(), dtype=np.uint8)
    letters = np.empty((len(numbers), len(head) + width), dtype=np.uint8)
    letters[:, : len(head)] = head
    left = numbers.astype(np.int64)
    for place in range(letters.shape[1] - 1, len(head) - 1, -1):
        left, digit = np.divmod(left, 10)
        letters[:, place] = digit + ord("0")
    return equally_long(letters)


def equally_long(letters: Array) -> Any:
    """A matrix of ASCII letters, a row for each string, as an Arrow array."""
    count, width = letters.shape
    offsets = np.arange(0, (count + 1) * width, width, dtype=np.int32) if width else np.zeros(count + 1, dtype=np.int32)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(letters.tobytes()))
