"""Worked cases as a reader wants them: what is known of the person, and what the table says."""

from __future__ import annotations

from canbao.core.conditions.chinese import label, value_label
from canbao.law.models import Case, Table
from canbao.law.reader import Law


def worked_cases(one: Table, law: Law) -> list[list[str]]:
    """The cases in which this table is asked: name, profiles, day, facts, answer with the winning row."""
    return [_case(case, one, law) for case in law.cases if one.decides in case.expects]


def _case(case: Case, one: Table, law: Law) -> list[str]:
    profiles = "、".join(law.profiles[id_].label for id_ in case.profiles if id_ in law.profiles)
    return [f"{case.id} {case.label}", profiles, str(case.as_of), _facts(case, law), _answer(case, one, law)]


def _facts(case: Case, law: Law) -> str:
    known = [f"{_source(name, law)}：{_row(row, law)}" for name, rows in case.rows.items() for row in rows]
    return "；".join(known) or "没有任何资料"


def _source(name: str, law: Law) -> str:
    return law.all_sources[name].label if name in law.all_sources else name


def _row(row: dict[str, str], law: Law) -> str:
    return "，".join(f"{label(name, law)} {value_label(name, value, law)}" for name, value in row.items()) or "有记录"


def _answer(case: Case, one: Table, law: Law) -> str:
    value = case.expects[one.decides]
    rule = case.expects.get(f"{one.decides}_rule")
    words = "不给值" if value is None else value_label(one.decides, value, law)
    return f"{words}（{rule}）" if rule else words
