"""How far a sheet of an XLSX reaches: a reader takes memory for all of it, and with too much its process is gone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

WIDEST, HIGHEST = 16_384, 1_048_576
"""Columns and rows that a sheet can have."""

EMPTIEST, EMPTY_SHARE = 5_000_000, 20
ADDRESS = re.compile(rb"""[\s"']r\s*=\s*["']([A-Za-z]*)([0-9]*)([^"']*)["']""")
CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
ROW = re.compile(rb"<(?:\w+:)?row[\s>]")


class BeyondTheSheet(ValueError):
    """An address that no sheet has."""


@dataclass
class Extent:
    """What addresses say of a sheet's size: cells with content or format, the corner, the last cell's address.

    Cells without an address stand beside the one before: `bare` are those of the row that was read last, `bare_width`
    the most in a row, `bare_rows` the rows where there may be any, `numbered` the highest number that a row gives.
    """

    cells: int = 0
    width: int = 0
    height: int = 0
    last: str = "？"
    numbered: int = 0
    bare: int = 0
    bare_width: int = 0
    bare_rows: int = 0

    def note(self, piece: bytes) -> None:
        """Take in a piece of the sheet's XML that cuts no tag; raises BeyondTheSheet."""
        found = ADDRESS.findall(piece)
        cells = [letters + digits for letters, digits, _ in found if letters]
        if found:
            _refuse_odd(rest for _, _, rest in found)
            self.numbered = max(self.numbered, _highest({digits for _, digits, _ in found}))
        if cells:
            self.last = cells[-1].decode()
            self.height = max(self.height, _highest({digits for letters, digits, _ in found if letters}))
            self.width = max(self.width, *(_column(letters) for letters in {one[0] for one in found if one[0]}))
        tags = len(CELL.findall(piece))
        self.cells += max(tags, len(cells))
        if tags > len(cells):
            self._note_bare(piece)

    def _note_bare(self, piece: bytes) -> None:
        for place, text in enumerate(ROW.split(piece)):
            if place:
                self.bare, self.bare_rows = 0, self.bare_rows + 1
            self.bare += len(CELL.findall(text))
            self.bare_width = max(self.bare_width, self.bare)

    @property
    def corner(self) -> tuple[int, int]:
        """At most so many rows and columns."""
        if not self.bare_width:
            return self.height, self.width
        return max(self.height, self.numbered) + self.bare_rows, self.width + self.bare_width

    @property
    def is_nearly_empty(self) -> bool:
        """Whether a few cells stand so far apart that a reader would take memory for millions between them."""
        height, width = self.corner
        return height * width > EMPTIEST and height * width > EMPTY_SHARE * self.cells


def _refuse_odd(rests: Iterable[bytes]) -> None:
    if any(rests):
        raise BeyondTheSheet


def _highest(numbers: set[bytes]) -> int:
    """The highest of row numbers; one of many digits is not even looked at."""
    highest = HIGHEST + 1 if max(map(len, numbers)) > len(str(HIGHEST)) else max(int(one or b"0") for one in numbers)
    if highest > HIGHEST:
        raise BeyondTheSheet
    return highest


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:4].upper():
        number = number * 26 + letter - 64
    if number > WIDEST:
        raise BeyondTheSheet
    return number
