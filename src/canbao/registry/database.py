"""A cursor as the register's modules use it: Django's and psycopg's both are one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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


@contextmanager
def by_index(cursor: Cursor) -> Iterator[None]:
    """Within it, what is joined with a table of the province is looked up there by index, row by row.

    PostgreSQL takes one look-up in a table of sixteen divisions to cost sixteen, and would rather read all people of
    the province for each piece of some thousand, or keep what it takes to be a few rows and go through them for each.
    """
    cursor.execute(
        "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL random_page_cost = 0.01; "
        "SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL enable_material = off"
    )
    yield
    cursor.execute(
        "SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on; SET LOCAL random_page_cost = 1.1; "
        "SET LOCAL enable_material = on"
    )
