"""A template as XLSX: its sheet to write in, an explanation, the sealed sheet; and, where it comes back, its errors."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from canbao.core.cells import TEXT_ONLY, inert
from canbao.survey.spreadsheets.refusal import CellError
from canbao.survey.spreadsheets.sealing import SEAL_SHEET, Lines, sealed
from canbao.survey.spreadsheets.styles import Styles
from canbao.survey.spreadsheets.template import FIRST_LINE, IDS_LINE, LABELS_LINE, MARK_LINE, Column, Template

RULES_SHEET, ERRORS_SHEET = "填表说明", "错误清单"
FROZEN = 4
"""Columns that stay in sight: up to the number."""

MOST_LISTED, MOST_COMMENTS = 10_000, 2_000
RULES_WIDTHS = (6, 24, 22, 30, 34, 26, 60)
LONGEST_HINT, LONGEST_MARK = 250, 200
A4, NARROW, PAGES_WIDE = 9, 10, 3
LINE_HEIGHT = 15


@dataclass(frozen=True)
class Shown:
    """A row as it is written: texts by column, what is wrong in it by column, whether all of it may be written in.

    `typed` are the texts that stood there where the row now has others.
    """

    texts: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    is_free: bool = False


def written(template: Template, key: bytes) -> bytes:
    """The template with the rows that are handed out, sealed."""
    rows = [Shown(template.cells(serial, row)) for serial, row in enumerate(template.rows, 1)]
    return workbook(template, rows, sealed(template, key))


def workbook(template: Template, rows: Sequence[Shown], hidden: Lines, errors: Sequence[CellError] = ()) -> bytes:
    """The XLSX; `hidden` are the sealed sheet's lines (none for a list that has no seal), `errors` are listed."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {**TEXT_ONLY, "in_memory": True}) as book:
        styles = Styles(book)
        sheet = book.add_worksheet(template.sheet)
        _write_rows(sheet, template, rows, styles)
        if errors:
            _write_errors(book.add_worksheet(ERRORS_SHEET), template, errors, rows, styles)
        _write_rules(book.add_worksheet(RULES_SHEET), template, styles)
        if hidden:
            _write_hidden(book.add_worksheet(SEAL_SHEET), hidden)
        _offer(sheet, template, len(rows), has_options=bool(hidden))
    return content.getvalue()


def _write_rows(sheet: Worksheet, template: Template, rows: Sequence[Shown], styles: Styles) -> None:
    _lay_out(sheet, template, len(rows), styles)
    put(sheet, MARK_LINE - 1, 0, template.mark, styles.mark)
    for place, column in enumerate(template.columns):
        sheet.set_column(place, place, column.width, styles.open if column.is_open else styles.shut)
        put(sheet, IDS_LINE - 1, place, column.id, styles.shut)
        put(sheet, LABELS_LINE - 1, place, column.heading, styles.heading)
    comments = 0
    for line, row in enumerate(rows, FIRST_LINE - 1):
        for place, column in enumerate(template.columns):
            style = styles.of_cell(column, row.is_free, column.id in row.wrong)
            if row.texts[column.id] or column.id in row.wrong:
                put(sheet, line, place, row.texts[column.id], style)
            if column.id in row.wrong and (comments := comments + 1) <= MOST_COMMENTS:
                sheet.write_comment(line, place, row.wrong[column.id], {"x_scale": 2})


def _lay_out(sheet: Worksheet, template: Template, rows: int, styles: Styles) -> None:
    sheet.set_row(IDS_LINE - 1, None, None, {"hidden": True})
    sheet.set_row(LABELS_LINE - 1, 34)
    sheet.freeze_panes(LABELS_LINE, FROZEN)
    sheet.autofilter(LABELS_LINE - 1, 0, max(LABELS_LINE - 1 + rows, LABELS_LINE), len(template.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(PAGES_WIDE if len(template.columns) > NARROW else 1, 0)
    sheet.repeat_rows(LABELS_LINE - 1)
    sheet.repeat_columns(0, FROZEN - 1)
    sheet.hide_gridlines(0)
    printed = template.mark[:LONGEST_MARK].replace("&", "&&")
    sheet.set_header(f"&L{printed}")
    sheet.set_footer("&R&P / &N")
    if template.stamp is not None:
        sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


def _offer(sheet: Worksheet, template: Template, rows: int, has_options: bool) -> None:
    """Drop-downs and hints for the open columns; another value may be typed, what is wrong is told after uploading."""
    last = FIRST_LINE - 2 + max(rows, 1 if template.stamp else 2_000)
    for place, column in enumerate(template.columns):
        if not column.is_open:
            continue
        offered: dict[str, object] = {"validate": "any", "show_error": False}
        if column.options and has_options:
            line = _options_line(template, place)
            end = xl_col_to_name(len(column.options))
            offered |= {"validate": "list", "source": f"='{SEAL_SHEET}'!$B${line}:${end}${line}"}
        hint = "。".join(text for text in (column.needed, column.hint) if text)
        offered |= {"input_title": column.label[:32], "input_message": hint[:LONGEST_HINT]}
        sheet.data_validation(FIRST_LINE - 1, place, last, place, offered)


def _options_line(template: Template, place: int) -> int:
    """The hidden line with a column's options: after seal, sheet and stamp, two lines for each column."""
    return (3 if template.stamp else 2) + 2 * (place + 1)


def _write_hidden(sheet: Worksheet, hidden: Lines) -> None:
    for line, cells in enumerate(hidden):
        for place, text in enumerate(cells):
            if text:
                put(sheet, line, place, text, None)
    sheet.very_hidden()


def _write_rules(sheet: Worksheet, template: Template, styles: Styles) -> None:
    for place, width in enumerate(RULES_WIDTHS):
        sheet.set_column(place, place, width)
    for line, rule in enumerate(template.rules):
        put(sheet, line, 0, rule, styles.mark)
    first = len(template.rules) + 1
    for place, heading in enumerate(("列", "内容", "部分", "是否必填", "什么时候填", "怎么填", "代码")):
        put(sheet, first, place, heading, styles.heading)
    for line, (place, column) in enumerate(enumerate(template.columns), first + 1):
        told = _told_of(xl_col_to_name(place), column)
        sheet.set_row(line, LINE_HEIGHT * max(map(_lines_taken, told, RULES_WIDTHS)))
        for position, text in enumerate(told):
            put(sheet, line, position, text, styles.wrapped)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def _told_of(letters: str, column: Column) -> tuple[str, ...]:
    needed = column.needed if column.is_open else "不要改动"
    return letters, column.label, column.section, needed, column.asked, column.hint, "；".join(column.options)


def _lines_taken(text: str, width: int) -> int:
    """Lines that a text needs in a column of `width` characters; a Chinese one takes the room of two."""
    return -(-len(text.encode("gb18030", "replace")) // width)


def _write_errors(
    sheet: Worksheet, template: Template, errors: Sequence[CellError], rows: Sequence[Shown], styles: Styles
) -> None:
    """The list of errors, each with a link to its cell; `line` is that of the sheet it stands in now."""
    for place, (heading, width) in enumerate((("行", 8), ("列", 26), ("内容", 30), ("怎么改", 80))):
        sheet.set_column(place, place, width)
        put(sheet, 0, place, heading, styles.heading)
    by_letters = {xl_col_to_name(place): column.id for place, column in enumerate(template.columns)}
    for line, error in enumerate(errors[:MOST_LISTED], 1):
        cell = f"internal:'{template.sheet}'!{error.column}{error.line}"
        sheet.write_url(line, 0, cell, styles.link, string=str(error.line))
        put(sheet, line, 1, f"{error.column} {error.label}", styles.wrapped)
        row, column = rows[error.line - FIRST_LINE], by_letters[error.column]
        put(sheet, line, 2, row.typed.get(column, row.texts[column]), styles.wrapped)
        put(sheet, line, 3, error.says, styles.wrapped)
    if len(errors) > MOST_LISTED:
        put(
            sheet,
            MOST_LISTED + 1,
            3,
            f"只列前 {MOST_LISTED:,} 处，共 {len(errors):,} 处；其余见标色的格子",
            styles.wrapped,
        )
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def put(sheet: Worksheet, line: int, place: int, text: str, style: object) -> None:
    """Write a text that nothing takes for a formula; an empty one only has a style."""
    if text:
        sheet.write_string(line, place, inert(text), style)
    else:
        sheet.write_blank(line, place, None, style)
