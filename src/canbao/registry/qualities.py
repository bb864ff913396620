"""Which bit stands for which quality: given once, kept for good, since rows of years hold them."""

from __future__ import annotations

from collections.abc import Mapping

from canbao.law.reader import Law
from canbao.registry.database import Cursor

GIVING = 0x71626974
"""The lock of whoever gives a bit: after a new edition of the law several want to at once."""


def quality_bits(cursor: Cursor, law: Law) -> dict[str, int]:
    """The bit of every quality of the law; one that is new gets the next free bit."""
    bits = _given(cursor)
    if law.qualities.keys() <= bits.keys():
        return bits
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GIVING])
    bits = _given(cursor)
    for quality in law.qualities:
        if quality not in bits:
            bits[quality] = max(bits.values(), default=-1) + 1
            cursor.execute("INSERT INTO quality_bit VALUES (%s, %s)", [quality, bits[quality]])
    return bits


def qualities_in(kept: int | None, bits: Mapping[str, int]) -> frozenset[str]:
    """The qualities whose bits are set in what a person's row keeps of them."""
    return frozenset(quality for quality, bit in bits.items() if (kept or 0) >> bit & 1)


def _given(cursor: Cursor) -> dict[str, int]:
    cursor.execute("SELECT quality, bit FROM quality_bit")
    return dict(cursor.fetchall())
