"""Texts on their way into a spreadsheet and back: data must stay data there."""

from __future__ import annotations

FORMULA_STARTS = tuple("=+-@\t\r\n\0＝＋－＠")
"""What a cell begins with that a spreadsheet would take for a formula; also in the wide form that some convert."""

TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""What xlsxwriter is told so that texts stay texts."""

MARKUP_START = "<r>"
"""What xlsxwriter takes for rich text and hands on as it is, markup and all."""


def inert(text: str) -> str:
    """The text, behind an apostrophe if it could be taken for a formula; so is one that looks like that already."""
    return f"'{text}" if _could_run(text) else text


def as_given(cell: str) -> str:
    """The text that `inert` was given: its apostrophe is taken off again, and no other."""
    return cell[1:] if cell.startswith("'") and _could_run(cell[1:]) else cell


def _could_run(text: str) -> bool:
    return text.lstrip("'").lstrip(" \u3000").startswith((*FORMULA_STARTS, MARKUP_START))
