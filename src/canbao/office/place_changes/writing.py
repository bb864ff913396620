"""Rows of a change as lines of text, which people can read, correct and paste: 原代码,新代码,新名称."""

from __future__ import annotations

from collections.abc import Iterable

from canbao.core.place_changes import Row
from canbao.registry.access import Refused

MOST = 20_000


def as_text(rows: Iterable[Row]) -> str:
    """One line a row."""
    return "\n".join(f"{row.old},{row.new},{row.name}" for row in rows)


def from_text(text: str) -> tuple[Row, ...]:
    """The rows of some lines; raises Refused with the number of the line."""
    lines = [line.strip() for line in text.replace("，", ",").splitlines()]
    if len(lines) > MOST:
        raise Refused(f"超过 {MOST} 行；请分开申请")
    return tuple(_row(number, line) for number, line in enumerate(lines, 1) if line)


def _row(number: int, line: str) -> Row:
    cells = [cell.strip() for cell in line.split(",")]
    if len(cells) != 3:
        raise Refused(f"第 {number} 行应有三项：原代码,新代码,新名称（没有的空着）；现为“{line[:40]}”")
    return Row(*cells)
