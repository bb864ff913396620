"""Decision tables: which row wins, which others would have matched, and why, in words."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from canbao.core.conditions import Columns, Condition, Record, holds, read_condition, say, to_sql
from canbao.core.conditions.kinds import Otherwise, may_be_unknown
from canbao.law.models import Row, Table
from canbao.law.reader import Law


@dataclass(frozen=True)
class Rule:
    """A row of a table with its condition read."""

    row: Row
    condition: Condition

    @property
    def is_fallback(self) -> bool:
        """Whether the row stands for "none of the above"."""
        return isinstance(self.condition, Otherwise)


@dataclass(frozen=True)
class Decision:
    """What a table says of one record.

    `value` and `rule` are None when the table does not apply or can't tell; `undetermined` tells the two apart.
    """

    value: str | None
    rule: str | None
    also_matching: tuple[str, ...] = ()
    undetermined: bool = False


def decide(table: Table, profile: str, record: Record) -> Decision:
    """Judge one record: the first row in the profile's order whose condition holds.

    A row of the kind "otherwise" wins only if no row before it might hold; else the answer is undetermined.
    """
    if table.only_when is not None and not holds(read_condition(table.only_when), record):
        return Decision(None, None)
    answers = [(rule, holds(rule.condition, record)) for rule in rules(table, profile)]
    matching = [rule for rule, answer in answers if answer and not rule.is_fallback]
    if matching:
        return Decision(matching[0].row.gives, matching[0].row.id, tuple(rule.row.id for rule in matching[1:]))
    if any(answer is None for _, answer in answers):
        return Decision(None, None, undetermined=True)
    fallback = next((rule for rule, _ in answers if rule.is_fallback), None)
    return Decision(fallback.row.gives, fallback.row.id) if fallback else Decision(None, None)


def rules(table: Table, profile: str) -> tuple[Rule, ...]:
    """The table's rows with their conditions, in the order in which the profile tries them."""
    return tuple(Rule(row, read_condition(row.when)) for row in table.rows(profile))


def rule_sql(table: Table, profile: str, columns: Columns) -> exp.Expr:
    """The id of the winning row as a CASE expression; NULL when the table does not apply or can't tell."""
    ordered = rules(table, profile)
    case = exp.Case()
    if table.only_when is not None:
        case = case.when(exp.not_(exp.paren(to_sql(read_condition(table.only_when), columns))), exp.null())
    for rule in ordered:
        if not rule.is_fallback:
            case = case.when(to_sql(rule.condition, columns), exp.Literal.string(rule.row.id))
    for rule in ordered:
        if not rule.is_fallback and may_be_unknown(rule.condition):
            doubt = exp.Is(this=exp.paren(to_sql(rule.condition, columns)), expression=exp.null())
            case = case.when(doubt, exp.null())
    fallback = next((rule for rule in ordered if rule.is_fallback), None)
    return case.else_(exp.Literal.string(fallback.row.id)) if fallback else case


def value_sql(table: Table, rule_column: str) -> exp.Expr:
    """The value that the winning row gives, as a CASE over the column with the row's id."""
    case = exp.Case(this=exp.column(rule_column))
    for row in table.first_match:
        if row.gives is not None:
            case = case.when(exp.Literal.string(row.id), exp.Literal.string(row.gives))
    return case


def decided_sql(query: str, table: Table, profile: str, columns: Columns, dialect: str) -> str:
    """The query with one more item decided, in an engine's dialect: columns <item>_rule and <item>."""
    item = table.decides
    rule = rule_sql(table, profile, columns).sql(dialect)
    value = value_sql(table, f"{item}_rule").sql(dialect)
    ruled = f"SELECT *, {rule} AS {item}_rule FROM ({query}) AS {item}_input"
    return f"SELECT *, {value} AS {item} FROM ({ruled}) AS {item}_ruled"


def why(table: Table, rule_id: str, law: Law) -> str:
    """Why a value was given: the clause, its few words, and the condition said in Chinese."""
    row = next(row for row in table.first_match if row.id == rule_id)
    citation = law.citation(row.source or table.source, row.clause or table.clause)
    return f"{citation}（{row.id}）：{row.phrase}；{say(read_condition(row.when), law)}"
