"""Which bit stands for which quality: given once, kept for good, since rows of years hold them."""

from __future__ import annotations

from canbao.law.reader import Law
from canbao.registry.database import Cursor


def quality_bits(cursor: Cursor, law: Law) -> dict[str, int]:
    """The bit of every quality of the law; one that is new gets the next free bit."""
    cursor.execute("SELECT quality, bit FROM quality_bit")
    bits: dict[str, int] = dict(cursor.fetchall())
    for quality in law.qualities:
        if quality not in bits:
            bits[quality] = max(bits.values(), default=-1) + 1
            cursor.execute("INSERT INTO quality_bit VALUES (%s, %s)", [quality, bits[quality]])
    return bits
