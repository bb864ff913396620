"""The SQL reading: the same condition as an expression over columns, for any engine that sqlglot prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from sqlglot import exp

from canbao.core.conditions import kinds
from canbao.core.conditions.kinds import Condition
from canbao.core.conditions.python import day_of_age
from canbao.core.dates import latest_birth_attaining


@dataclass(frozen=True)
class Columns:
    """Where the expression finds things: fields are columns of the same name, qualities are bits of one integer."""

    as_of: date
    quality_bits: Mapping[str, int]
    quality_column: str = "qualities"

    def item(self, name: str) -> exp.Expr:
        """The field's column, or the day of judgement."""
        return day(self.as_of) if name == "as_of" else exp.column(name)

    def mask(self, qualities: tuple[str, ...]) -> int:
        """The integer with the bits of these qualities set."""
        return sum(1 << self.quality_bits[quality] for quality in qualities)


def day(value: date) -> exp.Expr:
    """A day as a typed literal."""
    return exp.cast(exp.Literal.string(value.isoformat()), "DATE")


def to_sql(condition: Condition, columns: Columns) -> exp.Expr:
    """The condition as an expression that is TRUE, FALSE or, for unknown ages only, NULL."""
    match condition:
        case kinds.Always() | kinds.Otherwise():
            return exp.true()
        case kinds.Among(name, values):
            return _known(exp.In(this=columns.item(name), expressions=[exp.Literal.string(one) for one in values]))
        case kinds.Filled(name, filled):
            return _filled(columns.item(name), filled)
        case kinds.BeginsWith(name, prefixes):
            return _known(exp.or_(*[_starts(columns.item(name), exp.Literal.string(one)) for one in prefixes]))
        case kinds.BeginsWithField(name, other):
            return _known(_starts(columns.item(name), columns.item(other)))
        case kinds.Before(name, other):
            return _known(exp.LT(this=columns.item(name), expression=columns.item(other)))
        case kinds.Age():
            return _age(condition, columns)
        case kinds.Has(qualities):
            return _has(columns.mask(qualities), columns)
        case kinds.Every(parts):
            return exp.and_(*[to_sql(part, columns) for part in parts])
        case kinds.Some(parts):
            return exp.or_(*[to_sql(part, columns) for part in parts])
        case kinds.Not(part):
            return exp.not_(exp.paren(to_sql(part, columns)))
    assert_never(condition)


def _known(expression: exp.Expr) -> exp.Expr:
    """Comparisons with a missing value are false, not unknown."""
    return exp.Coalesce(this=exp.paren(expression), expressions=[exp.false()])


def _filled(column: exp.Expr, filled: bool) -> exp.Expr:
    missing = exp.Is(this=column, expression=exp.null())
    return exp.paren(exp.not_(missing)) if filled else exp.paren(missing)


def _starts(column: exp.Expr, prefix: exp.Expr) -> exp.Expr:
    return exp.StartsWith(this=column, expression=prefix)


def _has(mask: int, columns: Columns) -> exp.Expr:
    bits = exp.BitwiseAnd(this=exp.column(columns.quality_column), expression=exp.Literal.number(mask))
    return exp.NEQ(this=exp.paren(bits), expression=exp.Literal.number(0))


def _age(condition: kinds.Age, columns: Columns) -> exp.Expr:
    """Ages become comparisons of the birth date with constant days, which is exact and needs no arithmetic per row."""
    on = day_of_age(condition.on, columns.as_of)
    birth = exp.column("birth_date")
    bounds: list[exp.Expr] = []
    if condition.at_least is not None:
        bounds.append(exp.LTE(this=birth, expression=day(latest_birth_attaining(condition.at_least, on))))
    if condition.below is not None:
        bounds.append(exp.GT(this=birth, expression=day(latest_birth_attaining(condition.below, on))))
    born = exp.LTE(this=birth.copy(), expression=day(on))
    return exp.Case(ifs=[exp.If(this=born, true=exp.and_(*bounds))])
