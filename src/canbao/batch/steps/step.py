"""A batch job is a list of these: a name and one SQL statement, written once and printed per engine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One named statement; `sql` is DuckDB's dialect, from which sqlglot prints every other."""

    name: str
    sql: str
    ordered: bool = False
    """Whether the rows must come to lie in the order in which the query gives them."""


def table(name: str, query: str, *, ordered: bool = False) -> Step:
    """A step that makes the table `name` from a query."""
    return Step(name, f"CREATE OR REPLACE TABLE {name} AS {query}", ordered)


def view(name: str, query: str) -> Step:
    """A step that gives a query a name without running it."""
    return Step(name, f"CREATE OR REPLACE VIEW {name} AS {query}")


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
