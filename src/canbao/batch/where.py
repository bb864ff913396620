"""The rows that a source keeps: comparisons of columns with texts, and nothing that could do anything else."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

COMPARISONS = (
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like, exp.ILike, exp.In, exp.Is, exp.Between,
)  # fmt: skip
CONNECTIVES = (exp.And, exp.Or, exp.Not, exp.Paren)
CONDITIONS = (*COMPARISONS, *CONNECTIVES)
OPERANDS = (exp.Column, exp.Literal, exp.Null)
USABLE = "只能用列、带引号的文字、= <> < > IN LIKE BETWEEN IS NULL AND OR NOT"


class WhereError(ValueError):
    """The condition is not one that we run; the message says what is wrong with it."""


def read_where(text: str) -> exp.Expr:
    """The condition as a tree.

    Raises WhereError for anything but comparisons (=, <>, <, >, IN, LIKE, BETWEEN, IS NULL) of columns and texts,
    joined by AND, OR, NOT.
    """
    try:
        tree = sqlglot.parse_one(text, read="duckdb")
    except (SqlglotError, RecursionError) as problem:
        raise WhereError("不是一个条件") from problem
    _refuse_others(tree, CONDITIONS)
    return tree


def _refuse_others(node: exp.Expr, allowed: tuple[type[exp.Expr], ...]) -> None:
    """Connectives join conditions, comparisons compare operands, and operands have nothing below them."""
    if not isinstance(node, allowed):
        raise WhereError(f"{node.sql('duckdb')} 不能用在这里；{USABLE}")
    if isinstance(node, exp.Literal) and not node.is_string:
        raise WhereError(f"所有值都是文字，{node.name} 要加单引号")
    if isinstance(node, exp.Column) and len(node.parts) > 1:
        raise WhereError(f"{node.sql('duckdb')} 只写列名即可")
    if isinstance(node, exp.In) and not node.expressions:
        raise WhereError("IN 后面要列出值")
    if not isinstance(node, exp.Column):
        for child in node.iter_expressions():
            _refuse_others(child, CONDITIONS if isinstance(node, CONNECTIVES) else OPERANDS)


def names_in(text: str) -> tuple[str, ...]:
    """The columns that the condition names, as written, each once."""
    return tuple(dict.fromkeys(column.name for column in read_where(text).find_all(exp.Column)))


def where_sql(text: str, columns: dict[str, str]) -> str:
    """The condition in DuckDB's dialect; `columns` gives for each name in it the column to look at."""
    tree = read_where(text).copy()
    for column in tree.find_all(exp.Column):
        column.set("this", exp.to_identifier(columns[column.name], quoted=True))
    return tree.sql("duckdb", comments=False)
