"""规则手册: how every derived value is decided, clause by clause, with worked cases."""

from __future__ import annotations

from itertools import chain

from canbao.core.conditions import read_condition, say
from canbao.core.conditions.chinese import label, value_label
from canbao.law.models import Check, Condition, DuplicateCover, Profile, Quality, Row, Table
from canbao.law.reader import Law
from canbao.paper.citing import GENERATED, cited, instruments, validity
from canbao.paper.markdown import bullets, document, heading, table
from canbao.paper.worked_cases import worked_cases

# The guidance's own order; a table that is not named here follows at the end.
READING_ORDER = ("registration_status", "employment_status", "no_unit_type", "uninsured_reason")
SEVERITIES = {"error": "错误", "warning": "提醒", "note": "提示"}
STAGES = {"load": "读入", "clean": "规范", "match": "比对", "slot": "归并", "check": "检查"}
AMONG = {"places": "在不同参保地同时", "types": "在不同险种同时", "death": "登记为死亡的人仍"}
HOW_TO_READ = """\
每个推断出的值都由一张判定表给出：按口径规定的次序逐行比对，第一条成立的行取胜，它的行号写在值的旁边。
“条文”是原文中足以找到该处的几个字，“读法”写明原文留有余地时本系统怎样理解。判断所需的资料不全时，结果为“未定”，须去核实，不作推断。"""


def rule_book(law: Law) -> str:
    """The rule book as Markdown."""
    return document(
        heading(1, "规则手册"),
        GENERATED,
        HOW_TO_READ,
        heading(2, "一、依据"),
        instruments(law),
        heading(2, "二、口径"),
        table(["口径", "名称", "有效期", "读法", "依据"], [_profile(one, law) for one in law.profiles.values()]),
        heading(2, "三、判定表"),
        *chain.from_iterable(_table(one, law) for one in _in_reading_order(law)),
        heading(2, "四、人的性质"),
        "所列来源中只要有一行符合，性质即成立；判定表只引用这些性质、年龄和已判定的项目。",
        table(["性质", "来源", "条件", "读法", "依据"], [_quality(one, law) for one in law.qualities.values()]),
        heading(2, "五、必填项"),
        *_required(law),
        heading(2, "六、检查"),
        table(
            ["编号", "名称", "级别", "环节", "何种情形", "提示语", "依据"],
            [_check(one, law) for one in law.checks.values()],
        ),
        heading(2, "七、重复参保"),
        table(["编号", "名称", "情形", "依据"], [_duplicate(one, law) for one in law.duplicate_cover]),
        heading(2, "八、未编入规则的条文"),
        table(["条文", "原因"], [[cited(one, law), one.reason] for one in law.unencoded]),
    )


def _in_reading_order(law: Law) -> list[Table]:
    last = len(READING_ORDER)
    place = {name: number for number, name in enumerate(READING_ORDER)}
    return sorted(law.tables.values(), key=lambda one: (place.get(one.decides, last), one.decides == "disposition"))


def _profile(profile: Profile, law: Law) -> list[str]:
    return [f"`{profile.id}`", profile.label, validity(profile.in_force), profile.reading, cited(profile, law)]


def _table(one: Table, law: Law) -> list[str]:
    headers = ["行号", "结果", "条文", "条件", "依据", "读法"]
    return [
        heading(3, f"{one.label}（`{one.decides}`）"),
        bullets(_facts(one, law)),
        table(headers, [_row(row, one, law) for row in one.first_match]),
        *_examples(one, law),
    ]


def _facts(one: Table, law: Law) -> list[str]:
    facts = [f"依据：{cited(one, law)}，{validity(one.in_force)}", f"读法：{one.reading}"]
    if one.only_when is not None:
        facts.append(f"只判定：{_said(one.only_when, law)}")
    return facts + [f"次序：{_order(profile, one)}" for profile in law.profiles.values()]


def _order(profile: Profile, one: Table) -> str:
    return f"{profile.label}（`{profile.id}`）{' → '.join(row.id for row in one.rows(profile.id))}"


def _row(row: Row, one: Table, law: Law) -> list[str]:
    gives = "不给值" if row.gives is None else value_label(one.decides, row.gives, law)
    citation = law.citation(row.source or one.source, row.clause or one.clause)
    return [row.id, gives, row.phrase, _said(row.when, law), citation, row.reading]


def _examples(one: Table, law: Law) -> list[str]:
    rows = worked_cases(one, law)
    return [heading(4, "范例"), table(["范例", "口径", "基准日", "资料", "结果"], rows)] if rows else []


def _quality(quality: Quality, law: Law) -> list[str]:
    source = law.all_sources[quality.of].label if quality.of in law.all_sources else quality.of
    return [quality.label, source, _said(quality.when, law), quality.reading, cited(quality, law)]


def _required(law: Law) -> list[str]:
    names = dict.fromkeys(name for requirement in law.requirements for name in requirement.fields)
    sets = [
        [one.id, one.label, _said(one.who, law), SEVERITIES[one.severity], cited(one, law)] for one in law.requirements
    ]
    marks = [
        [label(name, law), f"`{name}`", *("●" if name in one.fields else " " for one in law.requirements)]
        for name in names
    ]
    return [
        table(["编号", "名称", "对象", "缺失时", "依据"], sets),
        table(["指标项", "字段", *(one.id for one in law.requirements)], marks),
    ]


def _check(check: Check, law: Law) -> list[str]:
    wrong = "由程序在该环节发现" if check.when is None else _said(check.when, law)
    severity, stage = SEVERITIES[check.severity], STAGES[check.found_by]
    return [f"`{check.id}`", check.label, severity, stage, wrong, check.message, cited(check, law)]


def _duplicate(duplicate: DuplicateCover, law: Law) -> list[str]:
    types = "、".join(value_label("insurance_type", name, law) for name in duplicate.types)
    words = "”或“".join(value_label(f"{duplicate.types[0]}_{duplicate.state}", one, law) for one in duplicate.values)
    wording = f"{types}：{AMONG[duplicate.among]}为“{words}”；{duplicate.days} 天内应有结果"
    return [duplicate.kind, duplicate.label, wording, cited(duplicate, law)]


def _said(condition: Condition, law: Law) -> str:
    return say(read_condition(condition), law)
