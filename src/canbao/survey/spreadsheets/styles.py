"""How cells look: open, shut, wrong; all of them hold text."""

from __future__ import annotations

import xlsxwriter
from xlsxwriter.format import Format

from canbao.survey.spreadsheets.template import Column

TEXT = {"num_format": "@", "valign": "vcenter"}
GREY, WRONG, HEAD = "#EDEDED", "#FFC7CE", "#D9E2F3"


class Styles:
    """The formats of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.open: Format = book.add_format({**TEXT, "locked": False})
        self.shut: Format = book.add_format({**TEXT, "bg_color": GREY})
        self.free: Format = book.add_format({**TEXT, "bg_color": GREY, "locked": False})
        self.wrong: Format = book.add_format({**TEXT, "bg_color": WRONG, "border": 1, "locked": False})
        self.mark: Format = book.add_format({"num_format": "@", "bold": True})
        self.wrapped: Format = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self.link: Format = book.add_format(
            {"num_format": "@", "font_color": "#0563C1", "underline": 1, "valign": "top"}
        )
        self.heading: Format = book.add_format(
            {**TEXT, "bold": True, "bg_color": HEAD, "text_wrap": True, "align": "center", "border": 1}
        )

    def of_cell(self, column: Column, is_free: bool, is_wrong: bool) -> Format:
        """The format of a cell in a row."""
        if is_wrong:
            return self.wrong
        if column.is_open:
            return self.open
        return self.free if is_free else self.shut
