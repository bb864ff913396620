"""Spreadsheets as a person changes them: every cell read, some changed, all written anew."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import python_calamine
import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

from canbao.core.survey_form import Form, Overlay, laid_over
from canbao.law.reader import read_law
from canbao.law.survey import read_survey
from canbao.survey.spreadsheets import Stamp, TaskRow, entry_template

KEY = b"a key that only tests have ......"
MARK = "李四（账号 li4）2026-11-30 09:00 取走"
STAMP = Stamp(3, "440106001001", 2, 7, datetime(2026, 11, 30, 9, 0))
PEOPLE = [
    TaskRow(11, "陈一", "440106199001010011", "天河村", {"ethnicity": "01", "mobile": "13800138000"}),
    TaskRow(12, "=陈二", "440106199001010038", "天河村", {"residence_address": "-1 号楼"}),
    TaskRow(13, "𠮷三", "44010619900101002X", "天河村"),
]
Edits = Mapping[str, Any]
"""New values by the cell's address: text, number, day, or None for an emptied cell."""


def the_form() -> Form:
    """The law's form as it is."""
    return laid_over(read_survey(), Overlay())


def entries(rows: Sequence[TaskRow] = PEOPLE, key: bytes = KEY) -> bytes:
    """A prefilled spreadsheet of the law's form."""
    return entry_template(the_form(), read_law(), STAMP, rows, MARK, key=key)


def column_of(content: bytes, question: str, sheet: str = "登记") -> str:
    """The letters of a question's column."""
    return xl_col_to_name(cells_of(content)[sheet][1].index(question))


def cells_of(content: bytes) -> dict[str, list[list[Any]]]:
    """All cells of a workbook, by sheet."""
    book = python_calamine.load_workbook(io.BytesIO(content))
    return {name: [list(line) for line in book.get_sheet_by_name(name).iter_rows()] for name in book.sheet_names}


def changed(content: bytes, edits: Edits, sheet: str = "登记") -> bytes:
    """The workbook with some cells of a sheet changed, as another program writes it."""
    cells = cells_of(content)
    for address, value in edits.items():
        line, place = xl_cell_to_rowcol(address)
        rows = cells[sheet]
        rows += [[] for _ in range(line + 1 - len(rows))]
        rows[line] += [""] * (place + 1 - len(rows[line]))
        rows[line][place] = "" if value is None else value
    return workbook_of(cells)


def workbook_of(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook of values: numbers and days as such, whatever is text as text."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, cells in enumerate(rows):
                for place, value in enumerate(cells):
                    if isinstance(value, date):
                        sheet.write_datetime(line, place, value, day)
                    elif isinstance(value, str):
                        sheet.write_string(line, place, value)
                    else:
                        sheet.write(line, place, value)
    return content.getvalue()


def with_part(content: bytes, part: str, text: bytes, old: bytes | None = None) -> bytes:
    """The package with a part added, or with `old` replaced by `text` in a part."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as package,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for info in package.infolist():
            whole = package.read(info)
            new.writestr(info.filename, whole.replace(old, text) if old and info.filename == part else whole)
        if old is None:
            new.writestr(part, text)
    return target.getvalue()
