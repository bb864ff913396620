"""The pages of the rule book. What they show is the law and nobody's data."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from canbao.core.conditions.chinese import label
from canbao.law.models import Code
from canbao.law.reader import Law, read_law
from canbao.office.rule_book.decisions import drawn_tables, said
from canbao.paper.citing import KINDS, cited, validity
from canbao.paper.data_dictionary import GROUPS, PRIVACY
from canbao.paper.rule_book import SEVERITIES, STAGES

Section = tuple[str, str, list[str], list[list[str]]]
"""An anchor, a title, headers and rows."""


@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """Decision tables; `#NU2` is a row."""
    return render(request, "office/rule_book/decisions.html", {"tables": drawn_tables(read_law()), "here": "rule_book"})


@require_GET
def checks(request: HttpRequest) -> HttpResponse:
    """Checks, required items and qualities."""
    law = read_law()
    return _sections(request, "rule_book_checks", [_checks(law), _required(law), _qualities(law)])


@require_GET
def code_lists(request: HttpRequest) -> HttpResponse:
    """Every code list."""
    law = read_law()
    headers = ["代码", "含义", "其他写法", "有效期", "说明"]
    lists = [(one.name, one.label, headers, [_code(code) for code in one.codes]) for one in law.codes.values()]
    return _sections(request, "rule_book_codes", lists)


@require_GET
def fields(request: HttpRequest) -> HttpResponse:
    """The items of a registration, by group."""
    law = read_law()
    return _sections(request, "rule_book_fields", [_group(group, law) for group in GROUPS])


@require_GET
def instruments(request: HttpRequest) -> HttpResponse:
    """The documents that rules come from, and the clauses that are not encoded."""
    law = read_law()
    cited_by = [[one.title, KINDS[one.kind], str(one.issued or ""), one.note] for one in law.instruments.values()]
    missing = [[cited(one, law), one.reason] for one in law.unencoded]
    profiles = [[one.label, validity(one.in_force), one.reading, cited(one, law)] for one in law.profiles.values()]
    sections: list[Section] = [
        ("instruments", "依据", ["名称", "性质", "日期", "说明"], cited_by),
        ("profiles", "口径", ["名称", "有效期", "读法", "依据"], profiles),
        ("unencoded", "未编入规则的条文", ["条文", "原因"], missing),
    ]
    return _sections(request, "rule_book_instruments", sections)


def _sections(request: HttpRequest, here: str, sections: list[Section]) -> HttpResponse:
    return render(request, "office/rule_book/sections.html", {"here": here, "sections": sections})


def _checks(law: Law) -> Section:
    rows = [
        [one.id, one.label, SEVERITIES[one.severity], STAGES[one.found_by], said(one.when, law) or "由程序发现",
         one.message, cited(one, law)]
        for one in law.checks.values()
    ]  # fmt: skip
    return "checks", "检查", ["编号", "名称", "级别", "环节", "何种情形", "提示语", "依据"], rows


def _required(law: Law) -> Section:
    rows = [
        [one.id, one.label, said(one.who, law), "、".join(label(name, law) for name in one.fields), cited(one, law)]
        for one in law.requirements
    ]
    return "required", "必填项", ["编号", "名称", "对象", "指标项", "依据"], rows


def _qualities(law: Law) -> Section:
    rows = [
        [one.label, law.all_sources[one.of].label, said(one.when, law), one.reading, cited(one, law)]
        for one in law.qualities.values()
    ]  # fmt: skip
    return "qualities", "人的性质", ["性质", "来源", "条件", "读法", "依据"], rows


def _code(code: Code) -> list[str]:
    note = "；".join(part for part in ("" if code.enabled else "停用", "" if code.confirmed else "未确认") if part)
    return [code.code, code.label, "、".join(code.aliases), validity(code.in_force), note]


def _group(group: str, law: Law) -> Section:
    rows = [
        [one.label, one.name, one.type, law.codes[one.codes].label if one.codes else "", PRIVACY[one.privacy],
         cited(one, law), one.note]
        for one in law.fields.values()
        if one.group == group
    ]  # fmt: skip
    return group, GROUPS[group], ["指标项", "字段", "类型", "代码表", "保密级别", "依据", "说明"], rows
