"""Bytes that come in pieces: each goes on from what is there, and the whole is what its digest says."""

from __future__ import annotations

import hashlib

from canbao.survey.phones.devices import PhoneRefused


def grown(kept: bytes, piece: bytes, *, at: int, length: int, announced: int) -> bytes:
    """What is there with one more piece; `announced` is the length that the first piece named.

    Raises PhoneRefused (`offset`), with how much is there, for a piece that doesn't go on from it.
    """
    have = len(kept)
    if announced != length or at != have or have + len(piece) > length:
        raise PhoneRefused(409, "offset", "接不上；将从断开的地方再送", have=have)
    return bytes(kept) + piece


def is_meant(content: bytes, sha256: str) -> bool:
    """Whether the whole is what was announced."""
    return hashlib.sha256(content).hexdigest() == sha256
