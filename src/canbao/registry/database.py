"""A cursor as the register's modules use it: Django's and psycopg's both are one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol


class Cursor(Protocol):
    """Runs statements in the caller's transaction."""

    def execute(self, query: Any, params: Any = None, /) -> Any: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    @property
    def rowcount(self) -> int: ...

    @property
    def description(self) -> Sequence[Any] | None: ...


def rows(cursor: Cursor) -> list[dict[str, Any]]:
    """The answer of the last statement, each row by the names of its columns."""
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def row(cursor: Cursor) -> dict[str, Any] | None:
    """The first row of the answer, or None."""
    found = rows(cursor)
    return found[0] if found else None
