"""Masks: how numbers, names and telephones are shown to people who need not know them whole."""

from __future__ import annotations

import re

STAR = "*"
_LONG_RUN = re.compile(r"[0-9０-９]{7,17}[0-9０-９XxＸｘ]")


def mask_number(number: str) -> str:
    """A social security number with its first 3 and last 4 characters: `440***********0014`."""
    return _middle_masked(number, 3, 4)


def mask_mobile(mobile: str) -> str:
    """A telephone number with its first 3 and last 4 digits: `138****1234`."""
    return _middle_masked(mobile, 3, 4)


def mask_name(name: str) -> str:
    """A name with its first character only: `张*`, `欧**`; a name of one character is hidden whole."""
    return name[:1] + STAR * (len(name) - 1) if len(name) > 1 else STAR * len(name)


def mask_within(text: str) -> str:
    """A message with every run of 8 to 18 figures masked: numbers, telephones, days of birth in whatever place."""
    return _LONG_RUN.sub(lambda found: mask_number(found[0]), text)


def _middle_masked(text: str, head: int, tail: int) -> str:
    """The text with stars in the middle; a text too short to hide at least two characters is hidden whole."""
    hidden = len(text) - head - tail
    return text[:head] + STAR * hidden + text[-tail:] if hidden >= 2 else STAR * len(text)
