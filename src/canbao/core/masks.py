"""Masks: how numbers, names and telephones are shown to people who need not know them whole."""

from __future__ import annotations

import re

from canbao.law.models import FieldSpec

STAR = "*"
NUMBERS = frozenset({"ssn", "id_doc_no", "guardian_doc_no", "ss_card_no"})
TELEPHONES = frozenset({"mobile", "phone"})
_LONG_RUN = re.compile(r"[0-9０-９]{7,17}[0-9０-９XxＸｘ]")

_FIGURE = "[0-9０-９]"
_IDENTITY = re.compile(
    rf"(?<![0-9A-Za-z０-９])(?:{_FIGURE} ?){{14}}{_FIGURE}"
    rf"(?: ?{_FIGURE} ?{_FIGURE} ?[0-9０-９XxＸｘ])?(?![0-9A-Za-z０-９])"
)
HIDDEN = "〔号码已遮盖〕"


def has_identity_number(text: str) -> bool:
    """Whether there are 15 or 18 figures in a row in a text, as identity numbers have; blanks between don't help."""
    return _IDENTITY.search(text) is not None


def hide_identity_numbers(text: str) -> str:
    """The text with nothing left of any identity number, right or wrong, that somebody wrote into it."""
    return _IDENTITY.sub(HIDDEN, text)


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


def mask_address(address: str) -> str:
    """An address down to about the county or town: its first 6 characters."""
    return address[:6] + STAR * 4


def mask_day(day: str) -> str:
    """A day with its year only: `1994-**-**`."""
    return day[:4] + "-**-**"


def masked(spec: FieldSpec, value: str) -> str:
    """A value as those see it who need not know it whole, by the field's privacy class and form.

    Public and internal values and names stay; so does what is personal but in no special form (sex, unit). Sensitive
    codes are hidden whole.
    """
    if spec.privacy in ("public", "internal") or spec.name == "name":
        return value
    if spec.name in NUMBERS:
        return mask_number(value)
    if spec.name in TELEPHONES:
        return mask_mobile(value)
    if spec.name.endswith("_address"):
        return mask_address(value)
    if spec.type == "D8":
        return mask_day(value)
    return STAR if spec.privacy == "sensitive" else value
