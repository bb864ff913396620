"""CSV read with care: records one by one, a broken one costing itself and nothing after it."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

LONGEST_RECORD = 8 << 20
MOST_LINES = 1_000
csv.field_size_limit(LONGEST_RECORD)


class Record(NamedTuple):
    """A record: its number counting header and blank lines, its first and last line, values or what is wrong."""

    row: int
    first: int
    last: int
    values: list[str] | None
    problem: str


def records(path: Path, delimiter: str, width: int) -> Iterator[Record]:
    """All records of a UTF-8 file in order, the header first; blank lines are numbered but are no records.

    A quoted value may span lines; where a quote is never closed, only the line in which it opens is a bad record.
    Like DuckDB, it lets separators too many pass at the end of a line, and blanks before a quote.
    """
    with path.open(encoding="utf-8-sig", newline=None) as file:
        lines = _Lines(file)
        row = 0
        while (line := lines.take()) is not None:
            row += 1
            first = lines.number
            if line == "":
                continue
            values, problem = _values(line, lines, delimiter, width)
            yield Record(row, first, lines.number, values, problem)


class _Lines:
    """Physical lines that can be given back."""

    def __init__(self, file: TextIO) -> None:
        self.file, self.number = file, 0
        self.given_back: deque[str] = deque()

    def take(self) -> str | None:
        """The next line without its end, or None after the last; an endless line is cut short."""
        if self.given_back:
            self.number += 1
            return self.given_back.popleft()
        line = self.file.readline(LONGEST_RECORD + 1)
        if not line:
            return None
        if len(line) > LONGEST_RECORD:
            self._skip_rest(line)
        self.number += 1
        return line[:-1] if line[-1] == "\n" else line

    def give_back(self, lines: list[str]) -> None:
        """Undo the taking of the last lines."""
        self.number -= len(lines)
        self.given_back.extendleft(reversed(lines))

    def _skip_rest(self, line: str) -> None:
        while line and not line.endswith("\n"):
            line = self.file.readline(LONGEST_RECORD + 1)


def _values(line: str, lines: _Lines, delimiter: str, width: int) -> tuple[list[str] | None, str]:
    if len(line) > LONGEST_RECORD:
        return None, f"一行超过 {LONGEST_RECORD >> 20} MB"
    if '"' not in line or not _opens_quote(line, delimiter):
        return _of_width(line.split(delimiter), width)
    if line.count('"') % 2:
        joined = _joined(line, lines, delimiter, width)
        return (joined, "") if joined else (None, "引号没有成对")
    values = _parsed(line, delimiter)
    return _of_width(values, width) if values is not None else (None, "引号没有成对，或引号后面还有文字")


def _opens_quote(line: str, delimiter: str) -> bool:
    """Whether a value begins with a quote; inside a value a quote is a letter like any other."""
    return any(value.lstrip(" ").startswith('"') for value in line.split(delimiter))


def _joined(line: str, lines: _Lines, delimiter: str, width: int) -> list[str] | None:
    """A record whose quoted value goes on in the next lines; None if it never ends as a record should."""
    taken: list[str] = []
    text = line
    while len(taken) < MOST_LINES and len(text) <= LONGEST_RECORD and (more := lines.take()) is not None:
        taken.append(more)
        text += "\n" + more
        if more.count('"') % 2:
            values = _parsed(text, delimiter)
            fitting = _of_width(values, width)[0] if values is not None else None
            if fitting is not None:
                return fitting
            break
    lines.give_back(taken)
    return None


def _parsed(text: str, delimiter: str) -> list[str] | None:
    try:
        parsed = list(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
        )
    except csv.Error:
        return None
    return parsed[0] if len(parsed) == 1 else None


def _of_width(values: list[str], width: int) -> tuple[list[str] | None, str]:
    if len(values) == width:
        return values, ""
    if len(values) > width and not any(values[width:]):
        return values[:width], ""
    return None, f"应有 {width} 列，实有 {len(values)} 列"
