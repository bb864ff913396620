"""数据字典: every field, code list and source column, as the law has them."""

from __future__ import annotations

from itertools import chain

from canbao.law.models import Code, CodeList, Column, FieldSpec, Source
from canbao.law.reader import Law
from canbao.paper.citing import GENERATED, cited, instruments, validity
from canbao.paper.markdown import document, heading, table

GROUPS = {
    "identity": "身份",
    "residence": "户籍与居住",
    "employment": "就业",
    "outcome": "登记结果",
    "insurance": "参保",
    "contact": "联系方式",
    "provenance": "来历",
}
PRIVACY = {"public": "公开", "internal": "内部", "personal": "个人信息", "sensitive": "敏感个人信息"}
TYPES = {"D8": "日期", "T14": "时间", "B": "是否"}
HOW_TO_READ = """\
类型：`C6` 为定长 6 个字符，`C..64` 为至多 64 个字符，`D8` 为年月日，`T14` 为年月日时分秒，`B` 为是或否。
标准代码是同一数据元在国家标准或集中式系统中的代码，可直接用作表头。标“未确认”的，尚未见到正式文本，以后可能更正。"""


def data_dictionary(law: Law) -> str:
    """The data dictionary as Markdown."""
    return document(
        heading(1, "数据字典"),
        GENERATED,
        HOW_TO_READ,
        heading(2, "一、指标项"),
        *chain.from_iterable(_group(group, law) for group in GROUPS),
        heading(2, "二、代码表"),
        *chain.from_iterable(_code_list(codes, law) for codes in law.codes.values()),
        heading(2, "三、数据来源"),
        "表头可用列出的任一写法，全角半角、大小写不拘；也可在 `city.toml` 的 `columns` 中另行对应。",
        *chain.from_iterable(_source(source, law) for source in law.sources.values()),
        heading(2, "四、依据"),
        instruments(law),
    )


def _group(group: str, law: Law) -> list[str]:
    rows = [_field(field, law) for field in law.fields.values() if field.group == group]
    headers = ["指标项", "字段", "类型", "代码表", "标准代码", "其他写法", "保密级别", "依据", "说明"]
    return [heading(3, GROUPS[group]), table(headers, rows)]


def _field(field: FieldSpec, law: Law) -> list[str]:
    return [
        field.label,
        f"`{field.name}`",
        TYPES.get(field.type, "") + f"`{field.type}`",
        _list_label(field.codes, law),
        "、".join(field.element_codes),
        "、".join(field.synonyms),
        PRIVACY[field.privacy],
        cited(field, law),
        _with_doubt(field.note, field.confirmed),
    ]


def _code_list(codes: CodeList, law: Law) -> list[str]:
    headers = ["代码", "含义", "其他写法", "有效期", "依据", "说明"]
    title = heading(3, f"{codes.label}（`{codes.name}`）")
    return [title, f"依据：{cited(codes, law)}", table(headers, [_code(code, law) for code in codes.codes])]


def _code(code: Code, law: Law) -> list[str]:
    note = _with_doubt("" if code.enabled else "停用", code.confirmed)
    return [code.code, code.label, "、".join(code.aliases), validity(code.in_force), cited(code, law), note]


def _source(source: Source, law: Law) -> list[str]:
    headers = ["列", "字段", "必需", "代码表", "可接受的表头"]
    rows = [_column(column, law) for column in source.columns]
    return [heading(3, f"{source.label}（`{source.name}`）"), f"依据：{cited(source, law)}", table(headers, rows)]


def _column(column: Column, law: Law) -> list[str]:
    field = law.fields.get(column.name)
    codes = column.codes or (field.codes if field else None)
    label = column.label or (field.label if field else "")
    return [label, f"`{column.name}`", "是" if column.needed else "", _list_label(codes, law), _headers(column, field)]


def _headers(column: Column, field: FieldSpec | None) -> str:
    own = [column.name, column.label, *column.synonyms]
    inherited = [field.label, *field.element_codes, *field.synonyms] if field else []
    return "、".join(dict.fromkeys(header for header in own + inherited if header))


def _list_label(name: str | None, law: Law) -> str:
    return law.codes[name].label if name in law.codes else name or ""


def _with_doubt(note: str, confirmed: bool) -> str:
    return "；".join(part for part in (note, "" if confirmed else "未确认") if part)
