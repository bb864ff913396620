"""A reason laid out for the page: words and values beside the rows that they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from canbao.core.conditions.chinese import label
from canbao.law.reader import read_law
from canbao.office.people.showing import NOTHING, said_where, show
from canbao.registry.explaining import Bearing, Reason
from canbao.registry.models import SurveyAnswers


def drawn(reason: Reason) -> dict[str, Any]:
    """Everything that the template draws; whoever may ask why of a sensitive item sees its value."""
    return {
        "item": reason.item,
        "label": reason.label,
        "value": show(reason.item, reason.value, whole=True),
        "rule": reason.rule,
        "words": reason.words,
        "also": reason.also,
        "is_undetermined": reason.is_undetermined,
        "is_current": reason.is_current,
        "items": [(label(name, read_law()), _value(name, value)) for name, value in reason.items.items()],
        "present": [(one.label, list(_grounds(one))) for one in reason.bearings if one.rows or one.answers],
        "absent": [one.label for one in reason.bearings if not (one.rows or one.answers)],
        "gaps": reason.gaps,
    }


def _value(name: str, value: Any) -> str:
    if name in ("open_conflict", "item_missing", "item_wrong"):
        return "是" if value == "1" else "否"
    return (value or NOTHING) if name.endswith("_rule") else show(name, value)


def _grounds(one: Bearing) -> Iterator[str]:
    yield from map(_row, one.rows)
    yield from map(told_by, one.answers)


def told_by(answers: SurveyAnswers) -> str:
    """Which survey found something: its day, who entered and who reviewed it."""
    names = f"经办 {answers.operator_name}，复核 {answers.reviewer_name}"
    return f"{answers.surveyed_on.isoformat()} 的调查登记：{names}"


def _row(row: dict[str, Any]) -> str:
    return f"{show('admin_division_code', row['division_code'])}：{said_where(row)}"
