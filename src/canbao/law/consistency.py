"""What the law's files must agree on with each other: sources, fields, codes, qualities, tables, periods and cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from canbao.law.mentions import Mention, mentions
from canbao.law.models import Case, Cited, Code, CodeList, Condition, InForce, Quality, Row, Source, Table
from canbao.law.spellings import ambiguous_codes, ambiguous_headers

if TYPE_CHECKING:
    from canbao.law.reader import Law

MARKS = ("open_conflict", "item_missing", "item_wrong")
"""What the disposition may ask besides a person's items: 0 or 1, known when all else is judged."""

Found = Iterator[str]


def contradictions(law: Law) -> list[str]:
    """What does not agree, in Chinese, each line naming the entry; empty if all is well."""
    return [line for check in CHECKS for line in check(law)]


def uncited(entries: Iterable[tuple[str, Cited]], law: Law) -> Found:
    """Entries that cite an instrument nobody wrote down, each with the name under which a person finds it."""
    for name, entry in entries:
        if entry.source not in law.instruments:
            yield f"{name}：依据 {entry.source} 不在 instruments.yaml 中"


def twice(names: Iterable[str]) -> list[str]:
    """Names that are there more than once, sorted."""
    return sorted(name for name, times in Counter(names).items() if times > 1)


def _uncited(law: Law) -> Found:
    return uncited(_cited(law), law)


def _cited(law: Law) -> Iterator[tuple[str, Cited]]:
    """Every entry that cites, with the name under which a person finds it."""
    yield from ((f"指标项 {one.name}", one) for one in law.fields.values())
    for codes in law.codes.values():
        yield f"代码表 {codes.name}", codes
        yield from ((f"代码表 {codes.name} 的 {code.code}", code) for code in codes.codes)
    yield from ((f"来源 {one.name}", one) for one in law.all_sources.values())
    yield from ((f"性质 {one.id}", one) for one in law.qualities.values())
    yield from ((f"判定表 {one.decides}", one) for one in law.tables.values())
    yield from ((f"必填项 {one.id}", one) for one in law.requirements)
    yield from ((f"检查 {one.id}", one) for one in law.checks.values())
    yield from ((f"重复参保 {one.label}", one) for one in law.duplicate_cover)
    yield from ((f"口径 {one.id}", one) for one in law.profiles.values())
    yield from ((f"范例 {one.id}", one) for one in law.cases)
    yield from ((f"未编入的条文 {one.clause}", one) for one in law.unencoded)


def _uncited_rows(law: Law) -> Found:
    for table, row in _rows(law):
        if row.source is not None and row.source not in law.instruments:
            yield f"判定表 {table.decides} 的 {row.id}：依据 {row.source} 不在 instruments.yaml 中"


def _rows(law: Law) -> Iterator[tuple[Table, Row]]:
    return ((table, row) for table in law.tables.values() for row in table.first_match)


def _repeated(law: Law) -> Found:
    named = {
        "必填项": [one.id for one in law.requirements],
        "范例": [one.id for one in law.cases],
        "行号": [row.id for _, row in _rows(law)],
        **{f"来源 {one.name} 的列": [column.name for column in one.columns] for one in law.all_sources.values()},
    }
    for kind, names in named.items():
        yield from (f"{kind} {name} 出现了 {times} 次" for name, times in Counter(names).items() if times > 1)


def _unknown_lists(law: Law) -> Found:
    asked = [(f"指标项 {one.name}", one.codes) for one in law.fields.values()]
    asked += [(f"判定表 {one.decides}", one.codes) for one in law.tables.values()]
    for source in law.all_sources.values():
        asked += [(f"来源 {source.name} 的列 {column.name}", column.codes) for column in source.columns]
    yield from (f"{name}：没有代码表 {list_}" for name, list_ in asked if list_ and list_ not in law.codes)


def _periods(law: Law) -> Found:
    for name, period in _in_force(law):
        if period.to is not None and period.to < period.from_:
            yield f"{name}：有效期止于 {period.to}，早于起始的 {period.from_}"


def _in_force(law: Law) -> Iterator[tuple[str, InForce]]:
    yield from ((f"判定表 {one.decides}", one.in_force) for one in law.tables.values())
    yield from ((f"口径 {one.id}", one.in_force) for one in law.profiles.values())
    for codes in law.codes.values():
        yield from ((f"代码表 {codes.name} 的 {one.code}", one.in_force) for one in codes.codes if one.in_force)


def _spellings(law: Law) -> Found:
    for codes in law.codes.values():
        yield from ambiguous_codes(codes)
    for source in law.all_sources.values():
        yield from ambiguous_headers(source, law.fields)


def _two_kinds_of_source(law: Law) -> Found:
    yield from (
        f"来源 {name}：既是报送的文件，又是登记库自己的资料"
        for name in law.sources.keys() & law.register_sources.keys()
    )


def _identity_columns(law: Law) -> Found:
    for source in law.all_sources.values():
        needed = {column.name for column in source.columns if column.needed}
        yield from (f"来源 {source.name}：缺必需的列 {name}" for name in ("ssn", "name") if name not in needed)


def _qualities(law: Law) -> Found:
    for quality in law.qualities.values():
        source = law.all_sources.get(quality.of)
        if source is None:
            yield f"性质 {quality.id}：没有来源 {quality.of}"
        else:
            yield from _quality(quality, source, law)


def _quality(quality: Quality, source: Source, law: Law) -> Found:
    lists = {column.name: column.codes for column in source.columns}
    for mention in mentions(quality.when):
        match mention.kind:
            case "field" if mention.name not in lists and mention.name != "as_of":
                yield f"性质 {quality.id}：来源 {source.name} 没有列 {mention.name}"
            case "value" if not _has_code(law, lists.get(mention.name), mention.value):
                yield f"性质 {quality.id}：{mention.name} 的代码表里没有 {mention.value}"
            case "quality" | "otherwise" | "odd":
                yield f"性质 {quality.id}：条件里不能写 {mention.name}"


def _has_code(law: Law, list_name: str | None, code: str) -> bool:
    """Whether the list has the code; without a list, or with one that is missing, anything goes here."""
    codes = law.codes.get(list_name or "")
    return codes is None or _code(codes, code) is not None


def _code(codes: CodeList, written: str) -> Code | None:
    return next((one for one in codes.codes if one.code == written), None)


def _conditions(law: Law) -> Found:
    for name, condition, of_last_row in _person_conditions(law):
        for mention in mentions(condition):
            fault = _fault(mention, law)
            if fault:
                yield f"{name}：{fault}"
            if mention.kind == "otherwise" and not of_last_row:
                yield f"{name}：otherwise 只能写在判定表每个次序的最后一行"


def _person_conditions(law: Law) -> Iterator[tuple[str, Condition, bool]]:
    """Conditions about persons: where, what, and whether it belongs to a row that is last in every order."""
    for table in law.tables.values():
        if table.only_when is not None:
            yield f"判定表 {table.decides} 的 only_when", table.only_when, False
        last = {table.rows(profile)[-1].id for profile in law.profiles} if table.first_match else set()
        for row in table.first_match:
            yield f"判定表 {table.decides} 的 {row.id}", row.when, last == {row.id}
    yield from ((f"必填项 {one.id}", one.who, False) for one in law.requirements)
    yield from ((f"检查 {one.id}", one.when, False) for one in law.checks.values() if one.when is not None)


def _fault(mention: Mention, law: Law) -> str:
    match mention.kind:
        case "field" if not _is_known(mention.name, law):
            return f"没有指标项 {mention.name}"
        case "value" if not _may_be(mention.name, mention.value, law):
            return f"{mention.name} 的代码表里没有 {mention.value}"
        case "quality" if mention.name not in law.qualities:
            return f"没有性质 {mention.name}"
        case "odd":
            return f"条件 {mention.name} 不在允许的写法之内"
    return ""


def _is_known(name: str, law: Law) -> bool:
    return name in law.fields or name in MARKS or name == "as_of"


def _may_be(name: str, value: str | None, law: Law) -> bool:
    """Whether the item can have the value: a code of its list, or a row of the table that decides it."""
    if name in MARKS:
        return value in ("0", "1")
    decided = law.tables.get(name.removesuffix("_rule")) if name.endswith("_rule") else None
    if decided is not None:
        return value in {row.id for row in decided.first_match}
    spec = law.fields.get(name)
    return value is None or _has_code(law, spec.codes if spec else None, value)


def _tables(law: Law) -> Found:
    for table in law.tables.values():
        if table.decides not in law.fields:
            yield f"判定表 {table.decides}：没有指标项 {table.decides}"
        yield from (
            f"判定表 {table.decides}：没有口径 {profile}" for profile in table.orders if profile not in law.profiles
        )
        for row in table.first_match:
            if row.gives is not None and not _has_code(law, table.codes, row.gives):
                yield f"判定表 {table.decides} 的 {row.id}：代码表 {table.codes} 里没有 {row.gives}"


def _named_fields(law: Law) -> Found:
    for requirement in law.requirements:
        unknown = [name for name in requirement.fields if name not in law.fields]
        yield from (f"必填项 {requirement.id}：没有指标项 {name}" for name in unknown)
    for check in law.checks.values():
        if check.field is not None and check.field not in _all_names(law):
            yield f"检查 {check.id}：没有指标项 {check.field}"


def _all_names(law: Law) -> set[str]:
    columns = (column.name for source in law.all_sources.values() for column in source.columns)
    return {*law.fields, *columns}


def _duplicate_cover(law: Law) -> Found:
    kinds = [one.kind for one in law.duplicate_cover]
    yield from (f"重复参保 {kind}：出现了两次" for kind in sorted({one for one in kinds if kinds.count(one) > 1}))
    for one in law.duplicate_cover:
        if one.id not in law.checks:
            yield f"重复参保 {one.label}：检查目录里没有 {one.id}"
        for slug in one.types:
            if not _has_code(law, "insurance_type", slug):
                yield f"重复参保 {one.label}：没有险种 {slug}"


def _cases(law: Law) -> Found:
    for case in law.cases:
        faults: Iterable[str] = chain(_case_profiles(case, law), _case_rows(case, law), _case_answers(case, law))
        yield from (f"范例 {case.id}：{fault}" for fault in faults)


def _case_profiles(case: Case, law: Law) -> Found:
    if not case.profiles:
        yield "没有写口径"
    yield from (f"没有口径 {profile}" for profile in case.profiles if profile not in law.profiles)


def _case_rows(case: Case, law: Law) -> Found:
    for name, rows in case.rows.items():
        if name not in law.all_sources:
            yield f"没有来源 {name}"
            continue
        lists = {column.name: column.codes for column in law.all_sources[name].columns}
        for row in rows:
            yield from (f"来源 {name} 缺列 {needed}" for needed in ("ssn", "name") if needed not in row)
            yield from (f"来源 {name} 没有列 {column}" for column in row if column not in lists)
            wrong = [column for column, value in row.items() if not _has_code(law, lists.get(column), value)]
            yield from (f"来源 {name} 的 {column} 没有代码 {row[column]}" for column in wrong)


def _case_answers(case: Case, law: Law) -> Found:
    for item, value in case.expects.items():
        if item.removesuffix("_rule") not in law.tables:
            yield f"没有判定 {item} 的表"
        elif value is not None and not _may_be(item, value, law):
            yield f"{item} 不会是 {value}"


CHECKS: tuple[Callable[[Law], Found], ...] = (
    _uncited,
    _uncited_rows,
    _repeated,
    _unknown_lists,
    _periods,
    _spellings,
    _two_kinds_of_source,
    _identity_columns,
    _qualities,
    _conditions,
    _tables,
    _named_fields,
    _duplicate_cover,
    _cases,
)
