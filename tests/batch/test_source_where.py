"""Conditions on rows: comparisons and nothing else."""

from __future__ import annotations

import pytest

from canbao.batch.where import WhereError, names_in, read_where, where_sql


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("a = '1'", "\"A1\" = '1'"),
        ("a <> '1' AND NOT (b LIKE 'x%' OR a IS NOT NULL)", None),
        ("a IN ('1', '2') OR b BETWEEN '1' AND '2'", None),
        ("\"a\" = 'it''s' /* why */", "\"A1\" = 'it''s'"),
    ],
)
def test_what_may_be_written(text: str, sql: str | None) -> None:
    printed = where_sql(text, {"a": "A1", "b": 'B"1'})
    assert sql is None or printed == sql
    assert set(names_in(text)) <= {"a", "b"}


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "'x'", "a = 1", "a AND b = '1'", "f(a) = '1'", "a IN (SELECT 1)", "a = (SELECT 1)", "t.a = '1'",
        "a = '1'; DROP TABLE x", "a = b || 'x'", "a = current_date", "a IS TRUE", "(a = '1') = b", "a = '1' OR TRUE",
        "a IN (b + 'x')", "EXISTS (SELECT 1)", "a = CAST(b AS INT)", "a = ? ", "* = '1'", "a = '1", "(" * 5_000,
    ],
)  # fmt: skip
def test_what_may_not(text: str) -> None:
    with pytest.raises(WhereError):
        read_where(text)
