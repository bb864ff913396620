"""The condition in Chinese words, for the rule book and for a page's "why"."""

from __future__ import annotations

from typing import assert_never

from canbao.core.conditions import kinds
from canbao.core.conditions.kinds import Condition
from canbao.law.models import Code
from canbao.law.reader import Law

_AGE_DAYS = {"age_on_31_august": "截至本年8月31日", "age_on_day": "截至清理基准日"}
_OWN_WORDS = {
    "as_of": "清理基准日",
    "open_conflict": "有未决姓名争议",
    "item_missing": "缺必填项",
    "item_wrong": "有错项",
}


def say(condition: Condition, law: Law) -> str:
    """The condition as a Chinese phrase, with labels for fields, codes and qualities."""
    match condition:
        case kinds.Always():
            return "总是成立"
        case kinds.Otherwise():
            return "以上都不成立"
        case kinds.Among(name, values):
            return f"{label(name, law)}为{'、'.join(value_label(name, value, law) for value in values)}"
        case kinds.Filled(name, filled):
            return f"{label(name, law)}{'已填' if filled else '缺失'}"
        case kinds.BeginsWith(name, prefixes):
            return f"{label(name, law)}以{'或'.join(prefixes)}开头"
        case kinds.BeginsWithField(name, other):
            return f"{label(name, law)}以{label(other, law)}开头"
        case kinds.Before(name, other):
            return f"{label(name, law)}早于{label(other, law)}"
        case kinds.Age():
            return _age(condition)
        case kinds.Has(qualities):
            return "或".join(law.qualities[quality].label for quality in qualities)
        case kinds.Every(parts):
            return "，且".join(_bracketed(part, law) for part in parts)
        case kinds.Some(parts):
            return "，或".join(_bracketed(part, law) for part in parts)
        case kinds.Not(part):
            return f"没有（{say(part, law)}）" if isinstance(part, kinds.Has) else f"并非（{say(part, law)}）"
    assert_never(condition)


def label(name: str, law: Law) -> str:
    """The field's Chinese name."""
    if name in _OWN_WORDS:
        return _OWN_WORDS[name]
    if name in law.fields:
        return law.fields[name].label
    columns = (column for source in law.sources.values() for column in source.columns if column.name == name)
    return next((column.label for column in columns if column.label), name)


def value_label(name: str, value: str, law: Law) -> str:
    """The code with its label, or the bare value where the field has no code list."""
    if name in ("open_conflict", "item_missing", "item_wrong"):
        return "是" if value == "1" else "否"
    labels = {code.code: code.label for code in _codes(name, law)}
    return f"{value} {labels[value]}" if value in labels else value


def _codes(name: str, law: Law) -> tuple[Code, ...]:
    list_name = law.fields[name].codes if name in law.fields else None
    if list_name is None:
        columns = [column for source in law.sources.values() for column in source.columns if column.name == name]
        list_name = next((column.codes for column in columns if column.codes), None)
    return law.codes[list_name].codes if list_name in law.codes else ()


def _age(condition: kinds.Age) -> str:
    bounds = []
    if condition.at_least is not None:
        bounds.append(f"已满{condition.at_least}周岁")
    if condition.below is not None:
        bounds.append(f"未满{condition.below}周岁")
    return _AGE_DAYS[condition.on] + "，".join(bounds)


def _bracketed(part: Condition, law: Law) -> str:
    words = say(part, law)
    return f"（{words}）" if isinstance(part, kinds.Every | kinds.Some) else words
