"""From a row of a business system to a fact of the contract: columns by other names, codes by a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from canbao_client.batches import ROW_BYTES
from canbao_client.facts import Fact, fact
from canbao_client.page import Page
from canbao_client.texts import column_text, moment_text, text_of

OTHER = "*"
SOURCES = (
    "insurance", "injury", "labour", "school", "retirement", "military", "court", "exit_entry", "death", "items",
)  # fmt: skip
"""What rows can be about (docs/exchange.md)."""

Told = Mapping[str, object]
"""A row of the business system; names of columns in lower case."""


class LeftOut(Exception):
    """A row that can't be told; says why, without its values."""


@dataclass(frozen=True)
class Column:
    """Where a value comes from: a column, or always the same; `codes` are the business system's, with ours."""

    name: str
    column: str = ""
    value: str = ""
    form: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)

    def text(self, told: Told) -> str:
        """The value in a row; raises LeftOut for a code that the table does not have."""
        if not self.column:
            return self.value
        written = column_text(self.name, told[self.column])
        if not self.codes or (not written and written not in self.codes):
            return written
        if written not in self.codes and OTHER not in self.codes:
            raise LeftOut(f"{self.name}：代码对照表里没有列 {self.column} 的这个代码")
        return self.codes.get(written, self.codes.get(OTHER, ""))


@dataclass(frozen=True)
class Translation:
    """One kind of rows: what they are about, what tells them apart, and each column of the contract."""

    name: str
    source: str
    keys: tuple[str, ...]
    at: Column
    ends: Column | None
    columns: tuple[Column, ...]
    page: Page

    def fact(self, told: Told) -> Fact:
        """What a row says; raises LeftOut if it can't be told."""
        row = {column.name: text for column in self.columns if (text := column.text(told))}
        for needed in ("ssn", "name"):
            if needed not in row:
                raise LeftOut(f"{needed} 是空的")
        ends = self.ends is not None and self.ends.text(told) == "1"
        made = fact(self.source, self._keys(told), self._moment(told), ends, row)
        if len(made.written().encode()) > ROW_BYTES - 32:
            raise LeftOut(f"一行超过 {ROW_BYTES} 字节")
        return made

    def keys_text(self, told: Told) -> str:
        """What tells a row from others, as text."""
        return json.dumps(self._keys(told), ensure_ascii=False)

    def require(self, there: Iterable[str]) -> None:
        """Raise ConfigurationTrouble, with its line, for a column that the rows don't have."""
        here = set(there)
        for column in (*self.columns, self.at, *((self.ends,) if self.ends else ())):
            if column.column and column.column not in here:
                raise self.page.trouble(f"{column.name} 所用的列 {column.column} 不在数据里", "请核对查询和列名")
        for key in self.keys:
            if key not in here:
                raise self.page.trouble(f"keys 里的列 {key} 不在数据里", "请核对查询和列名", "keys")

    def _keys(self, told: Told) -> list[str]:
        return [text_of(told[key]) for key in self.keys]

    def _moment(self, told: Told) -> str:
        try:
            return moment_text(told[self.at.column] if self.at.column else self.at.value, self.at.form)
        except (ValueError, TypeError) as problem:
            raise LeftOut("at 读不成时间") from problem


def read_translation(page: Page, *more: str) -> Translation:
    """A translation from its part of the page; raises ConfigurationTrouble. `more` are keys that others read."""
    page.only("name", "source", "keys", "at", "ends", "columns", "codes", *more)
    if page.text("source") not in SOURCES:
        raise page.trouble(f"没有 {page.text('source')} 这种来源", f"可用的有 {'、'.join(SOURCES)}", "source")
    codes = _codes(page.table("codes"))
    columns = page.table("columns")
    for needed in ("ssn", "name"):
        if needed not in columns:
            raise columns.trouble(f"缺少 {needed}", "社会保障号码 ssn 和姓名 name 总是要有的")
    return Translation(
        name=page.text("name", page.text("source")),
        source=page.text("source"),
        keys=tuple(key.lower() for key in page.texts("keys")),
        at=_column(page, "at", codes),
        ends=_column(page, "ends", codes) if "ends" in page else None,
        columns=tuple(_column(columns, name, codes) for name in columns.names()),
        page=page,
    )


def _codes(page: Page) -> dict[str, dict[str, str]]:
    return {name: _table(page.table(name)) for name in page.names()}


def _table(page: Page) -> dict[str, str]:
    return {code: page.text(code, "") for code in page.names()}


def _column(page: Page, name: str, codes: Mapping[str, Mapping[str, str]]) -> Column:
    """`name: COLUMN`, or a table of `column` (with `codes`, `format`) or `value`."""
    if page.is_text(name):
        return Column(name, page.text(name).lower())
    table = page.table(name).only("column", "value", "codes", "format")
    if ("column" in table) == ("value" in table):
        raise page.trouble(f"{name} 要么写 column，要么写 value", "请写其中一个", name)
    chosen = table.text("codes", "")
    if chosen and chosen not in codes:
        raise table.trouble(f"没有代码对照表 {chosen}", "请在 codes 里写上这张表", "codes")
    column, value = table.text("column", "").lower(), table.text("value", "")
    return Column(name, column, value, table.text("format", ""), codes.get(chosen, {}))
