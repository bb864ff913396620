"""A list as an XLSX file: masked, marked with whoever took it, and without anything that a spreadsheet would run."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from canbao.core.cells import TEXT_ONLY, inert

WIDTH = 18


def workbook(title: str, mark: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """An XLSX file with `mark` on the first row, in header and footer, then headers and rows, all of them text."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {**TEXT_ONLY, "in_memory": True}) as book:
        sheet = book.add_worksheet(title)
        bold = book.add_format({"bold": True})
        printed = mark.replace("&", "&&")
        sheet.set_header(f"&L{printed}")
        sheet.set_footer(f"&L{printed}&R&P / &N")
        sheet.set_column(0, len(headers) - 1, WIDTH)
        sheet.write_string(0, 0, inert(mark))
        for column, header in enumerate(headers):
            sheet.write_string(1, column, header, bold)
        for line, row in enumerate(rows, start=2):
            for column, cell in enumerate(row):
                sheet.write_string(line, column, inert(cell))
        sheet.freeze_panes(2, 0)
    return content.getvalue()
