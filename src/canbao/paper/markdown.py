"""Markdown in small pieces: headings, tables and lists whose cells can't break out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# Chinese is written without blanks: a line end inside a sentence leaves none behind.
_CHINESE = r"[\u2014-\u2026\u3001-\u9fff\uff01-\uffee]"
_BLANK_IN_CHINESE = re.compile(rf"(?<={_CHINESE})\s+(?={_CHINESE})")


def heading(level: int, text: str) -> str:
    """A heading; `level` 1 is the title."""
    return f"{'#' * level} {text}"


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; empty cells get a dash, and no table is drawn without rows."""
    lines = [_line([_cell(cell) for cell in row]) for row in rows]
    return "\n".join([_line(headers), _line(["---"] * len(headers)), *lines]) if lines else "（无）"


def bullets(items: Iterable[str]) -> str:
    """A list, one line for each item."""
    return "\n".join(f"- {one_line(item)}" for item in items) or "（无）"


def document(*blocks: str) -> str:
    """Blocks with an empty line between them and one line end at the end; empty blocks are left out."""
    return "\n\n".join(block for block in blocks if block) + "\n"


def one_line(text: str) -> str:
    """The text without line ends; a blank stays only beside a Latin letter or a digit."""
    return " ".join(_BLANK_IN_CHINESE.sub("", text).split())


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return one_line(text).replace("|", "\\|") or "—"
