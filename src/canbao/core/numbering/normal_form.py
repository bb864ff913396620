"""The form in which numbers are judged: half-width capitals without blanks."""

from __future__ import annotations

import re

from canbao.core.text import normalise_text, without_blanks

LOOK_LIKE_X = frozenset("×ХΧ✕✖╳⨉⨯")
"""Characters that sources put for the check character X: multiplication signs, Cyrillic and Greek capital letters."""

_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]*)?E\+?[0-9]{1,2}")
_FROM_DECIMAL = re.compile(r"[0-9]{15}000(\.0*)?")


def normalise_number(raw: str) -> str:
    """The number half-width, in capitals, without blanks; what looks like an X in position 18 is one."""
    number = without_blanks(normalise_text(raw)).upper()
    if len(number) == 18 and number[17] in LOOK_LIKE_X:
        return number[:17] + "X"
    return number


def is_scientific(number: str) -> bool:
    """Whether a spreadsheet wrote the number as a power of ten (`4.40106E+17`): its last digits are lost."""
    return _SCIENTIFIC.fullmatch(number) is not None


def ends_like_decimal(number: str) -> bool:
    """Whether an 18-digit number looks cut to 15 figures by a spreadsheet (`440106199001010000`)."""
    return _FROM_DECIMAL.fullmatch(number) is not None
