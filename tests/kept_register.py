"""A register as it stood, kept in memory and put back: quicker than to admit the same city for each test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connections

from emptying import KEPT, tables_in_order
from triggers import without_triggers


@dataclass(frozen=True)
class Kept:
    """The rows of each table that has any, and where each sequence stands."""

    rows: dict[str, bytes]
    sequences: list[tuple[str, int]]


def keep() -> Kept:
    """What is in the register now."""
    with connections["owner"].cursor() as cursor:
        rows = {}
        for name in tables_in_order():
            if name in KEPT:
                continue
            with cursor.copy(f'COPY (SELECT * FROM "{name}") TO STDOUT (FORMAT binary)') as copying:
                content = b"".join(bytes(piece) for piece in copying)
            if len(content) > EMPTY:
                rows[name] = content
        cursor.execute("SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences")
        return Kept(rows, [(name, value) for name, value in cursor.fetchall() if value is not None])


EMPTY = 21
"""Bytes of a binary copy without a row: 19 before the rows, 2 behind them."""


def made_once(name: str, make: Callable[[], object]) -> None:
    """Fill an empty register by `make`, the first time; later by putting back what that made, with the same keys."""
    if name in _MADE:
        put_back(_MADE[name])
        return
    make()
    _MADE[name] = keep()


_MADE: dict[str, Kept] = {}


def put_back(kept: Kept) -> None:
    """Fill an empty register with what was kept."""
    with connections["owner"].cursor() as cursor, without_triggers(cursor):
        for name in reversed(tables_in_order()):
            if name in kept.rows:
                with cursor.copy(f'COPY "{name}" FROM STDIN (FORMAT binary)') as copying:
                    copying.write(kept.rows[name])
        for name, value in kept.sequences:
            cursor.execute("SELECT setval(%s, %s)", [name, value])
