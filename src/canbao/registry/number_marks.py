"""What the log keeps of a number that was asked for: enough to see that neighbours were tried, and not the number."""

from __future__ import annotations

from django.utils import timezone
from django.utils.crypto import salted_hmac

from canbao.registry.models import Officer

DIGITS = 12
"""Hexadecimal digits of a mark: few enough to say little, many enough that a day's numbers don't meet."""


def marks_of(number: str, by: Officer) -> dict[str, str]:
    """`which`: the number; `near`: what numbers of one place and birthday share; both keyed, good for a day.

    A mark can be compared with others of the same officer and day, and with nothing else; whoever does not have the
    installation's secret key can't try numbers against it.
    """
    shared = number[:14] if len(number) == 18 else number[:-3]
    return {"which": _mark("which", number, by), "near": _mark("near", shared, by)} if number else {}


def _mark(sort: str, text: str, by: Officer) -> str:
    said = f"{sort}|{by.pk}|{timezone.localdate()}|{text}"
    return salted_hmac("canbao.registry.number_marks", said, algorithm="sha256").hexdigest()[:DIGITS]
