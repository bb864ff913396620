"""How a paper form says which task it is: a code to scan that is known to be ours, and a number to type under it.

The mark only says which task is meant; whoever reads it sees the task no sooner for it.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b32encode

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from stdnum.iso7064 import mod_11_10

from canbao.registry.lookup import LARGEST_ID

PREFIX, SALT = "CB1", "canbao survey mark"
LETTERS = 8
FEWEST = 6
"""Digits of a typed number before its check digit: shorter keys have noughts before them."""
MARK = re.compile(rf"{PREFIX}:([0-9]{{1,19}}):([A-Z2-7]{{{LETTERS}}})")
NUMBER = re.compile(r"([0-9]{6,19})-?([0-9])")


def mark(task_id: int) -> str:
    """What the code of a task's form says, e.g. `CB1:7:QX3ZT5AB`."""
    return f"{PREFIX}:{task_id}:{_check(task_id, settings.SECRET_KEY)}"


def number(task_id: int) -> str:
    """What stands under it to be typed, e.g. `000007-4`: the key and a check digit (ISO/IEC 7064, MOD 11,10)."""
    digits = f"{task_id:0{FEWEST}d}"
    return f"{digits}-{mod_11_10.calc_check_digit(digits)}"


def read_mark(text: str) -> int | None:
    """The task that a scanned mark or a typed number means; None for what is neither, or was misread or made up."""
    said = "".join(unicodedata.normalize("NFKC", text).upper().split()).replace("—", "-").replace("–", "-")
    scanned, typed = MARK.fullmatch(said), NUMBER.fullmatch(said)
    if scanned:
        return _known(int(scanned[1])) if _is_ours(int(scanned[1]), scanned[2]) else None
    if typed and mod_11_10.is_valid(typed[1] + typed[2]):
        return _known(int(typed[1]))
    return None


def _known(key: int) -> int | None:
    return key if 0 < key <= LARGEST_ID else None


def _is_ours(task_id: int, check: str) -> bool:
    """Papers stay out for months: what an earlier key has marked is ours too."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(check, _check(task_id, key)) for key in keys)


def _check(task_id: int, key: str) -> str:
    made = salted_hmac(SALT, str(task_id), secret=key, algorithm="sha256").digest()
    return b32encode(made).decode()[:LETTERS]
