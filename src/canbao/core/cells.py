"""Texts on their way into a spreadsheet: data must stay data there."""

from __future__ import annotations

FORMULA_STARTS = tuple("=+-@\t\r\n\0＝＋－＠")
"""What a cell begins with that a spreadsheet would take for a formula; also in the wide form that some convert."""


def inert(text: str) -> str:
    """The text, behind an apostrophe if it could be taken for a formula."""
    return f"'{text}" if text.lstrip(" \u3000").startswith(FORMULA_STARTS) else text
