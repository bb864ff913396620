"""The rows of an uploaded spreadsheet: its columns as they were handed out, and what stands in each cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

from canbao.batch.reading.xlsx_file import WHOLE_BELOW, cell_text
from canbao.core.cells import as_given
from canbao.survey.spreadsheets.opening import Book, too_many
from canbao.survey.spreadsheets.refusal import UPLOADED, CellError, SheetRefused
from canbao.survey.spreadsheets.sealing import SEAL_SHEET, Lines, unsealed
from canbao.survey.spreadsheets.template import (
    IDS_LINE,
    LABELS_LINE,
    MOST_ROWS,
    SERIAL,
    Column,
    Stamp,
    Template,
)

COLUMNS_REMEDY = "请不要增减、移动或改名；请重新下载模板，把填好的内容粘贴进去后再上传"
AMBIGUOUS = re.compile("_x(005F|FFF[EF])", re.IGNORECASE)
"""A text that spreadsheets write in a way that can't be read back for certain."""

LOST = "位数多的号码被存成了数值，15 位以后已丢失；请把单元格设为文本格式后重新填写"
UNREADABLE = "有 _x005F、_xFFFE 字样，读不准；请改写"


@dataclass(frozen=True)
class Written:
    """A row that has something in it: `texts` by column, and the columns in which digits were lost."""

    line: int
    texts: Mapping[str, str]
    lost: frozenset[str] = frozenset()

    def answers(self, template: Template) -> dict[str, str]:
        """What stands in the open columns, empty cells left out."""
        return {one.id: self.texts[one.id] for one in template.open_columns if self.texts[one.id]}


def hidden_lines(book: Book) -> Lines:
    """The lines of the hidden sheet, none if there is no such sheet."""
    if SEAL_SHEET not in book.sheets:
        return []
    return [[text_of(cell) for cell in cells] for _, cells in book.lines(SEAL_SHEET)]


def read_template(book: Book, key: bytes, sheet: str) -> tuple[Stamp, Template]:
    """What the uploaded spreadsheet was when it was handed out; raises SheetRefused if it is not ours, or another's."""
    template = unsealed(hidden_lines(book), key)
    if template.sheet != sheet or template.stamp is None:
        raise SheetRefused(UPLOADED, f"是“{template.sheet}”的表，这里要的是“{sheet}”的表", "请到相应的页面上传")
    return template.stamp, template


def read_rows(book: Book, template: Template) -> list[Written]:
    """The rows that have something in them; raises SheetRefused when the columns are not those of the template."""
    place = f"{UPLOADED} 工作表 {template.sheet}"
    if template.sheet not in book.sheets:
        names = "、".join(book.sheets) or "无"
        raise SheetRefused(UPLOADED, f"没有工作表“{template.sheet}”（有：{names}）", COLUMNS_REMEDY)
    lines = book.lines(template.sheet)
    head = {number: [text_of(cell) for cell in cells] for number, cells in islice(lines, LABELS_LINE)}
    _refuse_columns(place, head, template.columns)
    rows = []
    for number, cells in lines:
        if any(cell != "" for cell in cells):
            rows.append(_written(place, number, cells, template.columns))
        if len(rows) > MOST_ROWS:
            raise too_many(place)
    return [row for row in rows if any(text for name, text in row.texts.items() if name != SERIAL)]


def text_of(cell: Any) -> str:
    """A cell as the text that somebody meant; `1.0` is 1, a day is in ISO form."""
    return as_given(cell_text(cell) or "")


def _refuse_columns(place: str, head: Mapping[int, Sequence[str]], columns: Sequence[Column]) -> None:
    """The ids and the headings both have to stand where they stood: answers under a wrong heading would be taken."""
    for line, wanted in ((IDS_LINE, [one.id for one in columns]), (LABELS_LINE, [one.heading for one in columns])):
        there = [text.strip() for text in head.get(line, ())]
        for position in range(max(len(there), len(wanted))):
            found = there[position] if position < len(there) else ""
            expected = wanted[position] if position < len(wanted) else ""
            if found != expected:
                raise _wrong_column(place, line, position, found, columns)


def _wrong_column(place: str, line: int, position: int, found: str, columns: Sequence[Column]) -> SheetRefused:
    """The refusal; a text that is no heading of ours is not repeated, it may be somebody's name."""
    cell = f"{place} 第 {line} 行 {xl_col_to_name(position)} 列"
    known = {text: one.label for one in columns for text in (one.id, one.heading)}
    said = f"“{known[found]}”" if found in known else "别的文字" if found else "空的"
    problem = f"表头应为“{columns[position].label}”，现在是{said}" if position < len(columns) else "表外多了一列"
    if line == IDS_LINE:
        cell += "（隐藏的列名行）"
    return SheetRefused(cell, problem, COLUMNS_REMEDY)


def _written(place: str, line: int, cells: Sequence[Any], columns: Sequence[Column]) -> Written:
    """A row; raises SheetRefused for a cell beside the table, which nobody would read."""
    for position in range(len(columns), len(cells)):
        if cells[position] != "":
            cell = f"{place} 单元格 {xl_col_to_name(position)}{line}"
            raise SheetRefused(cell, "表外有内容", "请删去，或写到备注里，再上传")
    padded = [*cells, *[""] * (len(columns) - len(cells))]
    given = list(zip(columns, padded, strict=False))
    lost = frozenset(one.id for one, cell in given if _has_lost_digits(cell))
    return Written(line, {one.id: text_of(cell) for one, cell in given}, lost)


def _has_lost_digits(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= WHOLE_BELOW


def cell_error(template: Template, line: int, column_id: str, says: str) -> CellError:
    """An error at a column of the template."""
    position = next(place for place, one in enumerate(template.columns) if one.id == column_id)
    return CellError(line, xl_col_to_name(position), template.columns[position].label, says)


def column_number(letters: str) -> int:
    """The place of a column, from 0, by its letters."""
    return int(xl_cell_to_rowcol(f"{letters}1")[1])


def misread(template: Template, row: Written) -> Iterator[CellError]:
    """The cells that can't be read for what somebody meant."""
    for one in template.columns:
        if one.id in row.lost:
            yield cell_error(template, row.line, one.id, LOST)
        elif AMBIGUOUS.search(row.texts[one.id]):
            yield cell_error(template, row.line, one.id, UNREADABLE)
