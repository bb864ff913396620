"""Why a registered value is what it is: the value, its clause, and the source rows it rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from canbao.batch.dialects.duckdb import NOTHING_FROM_OUTSIDE
from canbao.batch.known import Fact, Known, once
from canbao.batch.steps.write import EVIDENCE_COLUMNS, PERSON_COLUMNS
from canbao.batch.summary import read_summary
from canbao.batch.trouble import SourceTrouble
from canbao.core.conditions import Condition, Record, holds, kinds, read_condition, say
from canbao.core.conditions.chinese import value_label
from canbao.core.conditions.kinds import fields_of
from canbao.core.covers import SLOT_ITEMS, SLUGS, UNIT_ITEMS
from canbao.core.numbering.judge import judge
from canbao.core.registration import DERIVED
from canbao.core.tables import Decision, decide, rules, why
from canbao.law.models import Row, Table
from canbao.law.places import read_places
from canbao.law.reader import Law, read_law

DECIDED = (*DERIVED, "disposition")
ALWAYS = {"always": True}
FACTS = ("insurances", "evidence", "findings", "conflicts")
PLACE_ITEMS = ("admin_division_code", "hukou_division_code", *(f"{slug}_region_code" for slug in SLUGS))
CHOSEN = {
    "name": "户籍的姓名；没有的取参保记录中最多的",
    "mobile": "依次取户籍、社保卡、最近更新的参保记录",
    "residence_address": "依次取户籍、社保卡",
    "admin_division_code": "依次取户口所在地、主险种的参保地、报送单位",
    "vital_status": "在死亡名单的为死亡，其余照户籍；不在户籍名单而有有效参保的视为健在",
    "personal_status": "依险种次序取第一个填了的",
    **dict.fromkeys(UNIT_ITEMS, "取主险种的单位，没有的取就业登记"),
    **{f"{slug}_{item}": "同一险种有几行的只取一行" for slug in SLUGS for item in SLOT_ITEMS},
}
"""How a value is chosen where several rows may give it; docs/contract.md, sections 3, 4 and 6."""


@dataclass(frozen=True)
class Reason:
    """One value: what it means, the clause and rule that gave it, other rules that hold too, and what it rests on.

    `rows` are source files with row numbers; `absent` are the qualities that no row of any source has.
    """

    item: str
    label: str
    value: str | None
    meaning: str
    why: str
    clause: str
    rule: str | None = None
    also_matching: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """A person, a reason for each value, and what is doubtful about them.

    A number that no person has, but that findings are about, gives these findings alone.
    """

    ssn: str
    person: Fact
    reasons: tuple[Reason, ...]
    findings: tuple[Fact, ...]
    conflicts: tuple[Fact, ...]


def explain(out: Path, number: str) -> Explanation:
    """Explain one person of a folder that `canbao clean` wrote; the number may be written in any way.

    Raises SourceTrouble if the folder is not such a folder or nothing in it is about the number.
    """
    run, law, ssn = read_summary(out)["run"], read_law(), judge(number).normalised
    with duckdb.connect(config={**NOTHING_FROM_OUTSIDE}) as connection:
        persons = _facts(connection, out, "persons", ssn)
        if not persons:
            return _nobody(ssn, _about_number(connection, out, (number.strip(), ssn)), out)
        insurances, evidence, findings, conflicts = (_facts(connection, out, name, ssn) for name in FACTS)
    known = Known(law, date.fromisoformat(run["as_of"]), persons[0], insurances, evidence, findings, conflicts)
    reasons = [*_given(known), *_decided(known, run["profile"])]
    return Explanation(ssn, persons[0], tuple(reasons), tuple(findings), tuple(conflicts))


def somebody(out: Path) -> str | None:
    """The number of one person of the folder, of the survey list if that has anybody; None where nobody is."""
    with duckdb.connect(config={**NOTHING_FROM_OUTSIDE}) as connection:
        for name in ("survey", "persons"):
            found = _asked(connection, out / f"{name}.parquet", "ssn IS NOT NULL ORDER BY ssn LIMIT 1", [])
            if found:
                return str(found[0]["ssn"])
    return None


def _facts(connection: duckdb.DuckDBPyConnection, out: Path, name: str, ssn: str) -> list[Fact]:
    columns = ", ".join(EVIDENCE_COLUMNS) if name == "evidence" else "*"
    return _asked(connection, out / f"{name}.parquet", "ssn = ?", [ssn], columns)


def _about_number(connection: duckdb.DuckDBPyConnection, out: Path, written: tuple[str, ...]) -> list[Fact]:
    """The findings about a number that nobody has, because it is wrong or because its rows were not used."""
    condition = "ssn = $2 OR (field IN ('ssn', 'correct_ssn') AND value IN ($2, $3))"
    return _asked(connection, out / "findings.parquet", condition, list(written))


def _asked(
    connection: duckdb.DuckDBPyConnection, file: Path, condition: str, values: list[str], columns: str = "*"
) -> list[Fact]:
    query = f"SELECT {columns} FROM read_parquet($1) WHERE {condition.replace('?', '$2')}"
    try:
        found = connection.execute(query, [str(file), *values])
    except duckdb.Error as problem:
        raise SourceTrouble(str(file), "没有这个文件、读不出来，或是旧版本写的", "请重新运行 canbao clean") from problem
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _nobody(ssn: str, findings: list[Fact], out: Path) -> Explanation:
    if not findings:
        raise SourceTrouble(str(out), f"没有社会保障号码为 {ssn or '（空）'} 的人，也没有关于它的问题", "请核对号码")
    return Explanation(ssn, {}, (), tuple(findings), ())


def _given(known: Known) -> list[Reason]:
    """The values that are taken over, with the rows they were taken from."""
    return [_taken(name, known) for name in PERSON_COLUMNS if name in known.given and known.person[name] is not None]


def _taken(name: str, known: Known) -> Reason:
    spec, value = known.law.fields[name], _text(known.person[name])
    clause = known.law.citation(spec.source, spec.clause)
    told = f"{clause}；{CHOSEN[name]}" if name in CHOSEN else clause
    absent = (known.law.qualities["household"].label,) if known.person[name] is False else ()
    meaning, rows = _meaning(name, value, known.law), once(known.given[name])
    return Reason(name, spec.label, value, meaning, told, clause, rows=rows, absent=absent)


def _decided(known: Known, profile: str) -> list[Reason]:
    """The values that decision tables give; later tables rest on earlier ones."""
    reasons = []
    for item in DECIDED:
        reasons.append(_decision(item, profile, known))
        known.decided[item] = reasons[-1].rows
    return reasons


def _decision(item: str, profile: str, known: Known) -> Reason:
    table, law = known.law.tables[item], known.law
    decision, value = decide(table, profile, known.record), _text(known.person[item])
    clause = law.citation(table.source, table.clause)
    bare = Reason(item, table.label, value, _meaning(item, value, law), clause, clause)
    if decision.value != value:
        now = _meaning(item, decision.value, law)
        return replace(bare, why=f"{clause}；这是别的版本的规则判定的，现行规则判为 {now}；请重新运行 canbao clean")
    if decision.rule is not None:
        return _ruled(bare, decision, table, profile, known)
    told, leaves = _undetermined(table, profile, known) if decision.undetermined else _inapplicable(table, known)
    rows, absent = _basis(leaves, known)
    return replace(bare, why=f"{clause}：{told}", rows=rows, absent=absent)


def _ruled(bare: Reason, decision: Decision, table: Table, profile: str, known: Known) -> Reason:
    """Adds the row that won; it rests on what it looks at, and on what rows tried before it did not find."""
    tried = [rule.row for rule in rules(table, profile)]
    row = next(one for one in tried if one.id == decision.rule)
    earlier = [leaf for one in tried[: tried.index(row)] for leaf in _leaves(read_condition(one.when), known.record)]
    own = _leaves(read_condition(row.when), known.record)
    needed = _leaves(read_condition(table.only_when or ALWAYS), known.record)
    rows, _ = _basis([*needed, *(earlier if own == [kinds.Otherwise()] else own)], known)
    _, absent = _basis([*own, *earlier], known)
    also = tuple(_also(one, bare.item, known.law) for one in tried if one.id in decision.also_matching)
    clause = known.law.citation(row.source or table.source, row.clause or table.clause)
    told = why(table, row.id, known.law)
    return replace(bare, why=told, clause=clause, rule=row.id, also_matching=also, rows=rows, absent=absent)


def _also(row: Row, item: str, law: Law) -> str:
    return f"{row.id}（{_meaning(item, row.gives, law)}）：{say(read_condition(row.when), law)}"


def _inapplicable(table: Table, known: Known) -> tuple[str, list[Condition]]:
    """Why a table does not apply: what its precondition asks for and the person has not."""
    condition = read_condition(table.only_when or ALWAYS)
    parts = condition.parts if isinstance(condition, kinds.Every) else (condition,)
    failing = [part for part in parts if not holds(part, known.record)]
    leaves = [leaf for part in failing for leaf in _leaves(part, known.record)]
    return f"不适用，只判定这样的人：{say(condition, known.law)}", leaves


def _undetermined(table: Table, profile: str, known: Known) -> tuple[str, list[Condition]]:
    """Why a table can't tell: the rules that might hold if the age were known."""
    doubtful = [rule for rule in rules(table, profile) if holds(rule.condition, known.record) is None]
    names = "、".join(rule.row.id for rule in doubtful)
    leaves = [leaf for rule in doubtful for leaf in _leaves(rule.condition, known.record)]
    return f"出生日期不明，{names} 能否成立判断不了，需要核实", leaves


def _leaves(condition: Condition, record: Record) -> list[Condition]:
    """The simple conditions inside; of alternatives those that hold, or all if none does."""
    match condition:
        case kinds.Some(parts):
            inside = tuple(part for part in parts if holds(part, record)) or parts
        case kinds.Every(parts):
            inside = parts
        case kinds.Not(part):
            inside = (part,)
        case _:
            return [condition]
    return [leaf for part in inside for leaf in _leaves(part, record)]


def _basis(leaves: list[Condition], known: Known) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rows that simple conditions rest on, and the qualities that no row has, though one of a city's could."""
    rows: list[str] = []
    absent: list[str] = []
    for leaf in leaves:
        if isinstance(leaf, kinds.Has):
            present = [quality for quality in leaf.qualities if quality in known.record.qualities]
            rows += [place for quality in present for place in known.with_quality(quality)]
            told = (known.law.qualities[quality] for quality in leaf.qualities)
            absent += [] if present else [one.label for one in told if one.of in known.law.sources]
        names = {"birth_date"} if isinstance(leaf, kinds.Age) else fields_of(leaf)
        rows += [place for name in sorted(names) for place in known.rows_of(name)]
    return once(rows), once(absent)


def _meaning(name: str, value: str | None, law: Law) -> str:
    """The code with its label, or with the name of the place."""
    if value is None:
        return "（无）"
    if name in PLACE_ITEMS:
        return f"{value} {read_places().name(value)}".strip()
    return value_label(name, value, law)


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "是" if value else "否"
    return None if value is None else str(value)
