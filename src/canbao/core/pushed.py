"""One row as another system pushes it: read into its normal form, or refused with the column and the remedy.

The columns are those of the law's sources (sources.yaml). What a row is about is its subject: for an insurance a cover
of one type in one place, for what else sources say the source itself, for a person's items each item.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from canbao.core.codes import CodeReader
from canbao.core.conditions import Condition, Record, holds, read_condition
from canbao.core.dates import read_day
from canbao.core.names import normalise_name
from canbao.core.numbering.judge import judge
from canbao.core.text import normalise_text
from canbao.law.reader import Law

INSURANCE, ITEMS = "insurance", "items"
IDENTITY = ("ssn", "name", "sex", "birth_date")
"""What every row may have: about whom it is."""
LONGEST = 200
"""Characters of a value, where the law says no less."""
_MOBILE = re.compile("1[0-9]{10}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?")


class Unreadable(ValueError):
    """A row that can't be taken; the message says which column and what to do."""


@dataclass(frozen=True)
class Fact:
    """What is said about one subject; without content it no longer holds."""

    subject: str
    content: dict[str, Any] | None


@dataclass(frozen=True)
class Said:
    """A row in its normal form: about whom, and what is said of them."""

    ssn: str
    name: str
    sex: str | None
    birth_date: date | None
    facts: tuple[Fact, ...]


class RowReader:
    """Reads rows by a law; `is_place` tells whether a code of six digits is one in which somebody may be covered."""

    def __init__(self, law: Law, is_place: Callable[[str], bool]) -> None:
        self._fields, self._is_place, self._codes = law.fields, is_place, CodeReader(law)
        self._columns: dict[str, dict[str, str | None]] = {
            source.name: {column.name: column.codes for column in source.columns} for source in law.sources.values()
        }
        self._columns[ITEMS] = {name: spec.codes for name, spec in law.fields.items()}
        self._qualities: dict[str, list[tuple[str, Condition]]] = {}
        for quality in law.qualities.values():
            self._qualities.setdefault(quality.of, []).append((quality.id, read_condition(quality.when)))

    def read(self, source: str, row: Mapping[str, Any], *, ends: bool, as_of: date) -> Said:
        """Read one row of a source, or of `items`; raises Unreadable."""
        if source not in self._columns:
            raise Unreadable(f"source：没有 {source} 这种来源；可用的见约定")
        told = {column: _text(column, value) for column, value in row.items()}
        number = judge(told.pop("ssn", ""), as_of=as_of)
        if number.number is None:
            raise Unreadable(f"ssn：{number.findings[0].message}")
        name = normalise_name(told.pop("name", ""))
        if not name:
            raise Unreadable("name：没有姓名；请补填")
        identity = {column: told.pop(column, "") for column in ("sex", "birth_date")} if source != ITEMS else {}
        values = {column: self._value(source, column, text) for column, text in told.items() if text}
        sex = self._codes.read("sex", identity.get("sex", ""))
        born = read_day(identity.get("birth_date", ""))
        facts = tuple(self._facts(source, values, ends, as_of))
        return Said(number.normalised, name, number.sex or sex, number.birth_date or born, facts)

    def _value(self, source: str, column: str, text: str) -> str:
        columns = self._columns[source]
        if column not in columns:
            raise Unreadable(f"{column}：{source} 没有这一列；可用的列见约定")
        codes = columns[column]
        if codes:
            code = self._codes.read(codes, text)
            if code is None:
                raise Unreadable(f"{column}：“{text}”不是代码表 {codes} 的代码")
            return code
        return self._plain(column, text)

    def _plain(self, column: str, text: str) -> str:
        if column == "mobile" and not _MOBILE.fullmatch(text):
            raise Unreadable("mobile：请填 11 位手机号码")
        if column in ("region_code", "hukou_division_code") and not self._is_place(text):
            raise Unreadable(f"{column}：{text} 不是本系统认识的六位区划代码")
        if column == "updated_at" and not _MOMENT.fullmatch(text):
            raise Unreadable("updated_at：请填时间，如 2026-06-30T08:00:00")
        if column.endswith(("_date", "_on")):
            day = read_day(text)
            if day is None:
                raise Unreadable(f"{column}：请填日期，如 2026-06-30")
            return day.isoformat()
        return text

    def _facts(self, source: str, values: dict[str, str], ends: bool, as_of: date) -> Iterator[Fact]:
        if source == ITEMS:
            if not values:
                raise Unreadable("row：没有写任何项目")
            yield from (Fact(f"item:{item}", None if ends else {"value": value}) for item, value in values.items())
        elif source == INSURANCE:
            yield _cover(values, ends)
        else:
            record = Record(values, as_of)
            found = [id_ for id_, when in self._qualities.get(source, ()) if holds(when, record)]
            yield Fact(source, None if ends else {**values, "qualities": found})


def _cover(values: dict[str, str], ends: bool) -> Fact:
    """A cover; without a place it is known by its type alone. 0 has always meant that there is none."""
    if "insurance_type" not in values:
        raise Unreadable("insurance_type：没有险种；请补填")
    subject = f"insurance:{values['insurance_type']}:{values.get('region_code', '')}"
    if ends or values.get("contrib_status") == "0":
        return Fact(subject, None)
    if not values.get("contrib_status") and not values.get("benefit_status"):
        raise Unreadable("contrib_status：没有缴费状态，也没有待遇状态；请补填一项")
    return Fact(subject, {column: value for column, value in values.items() if column not in IDENTITY})


def _text(column: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise Unreadable(f"{column}：应为文本；请改为文本后再送")
    text = normalise_text(str(value))
    if len(text) > LONGEST:
        raise Unreadable(f"{column}：最多 {LONGEST} 个字")
    return text
