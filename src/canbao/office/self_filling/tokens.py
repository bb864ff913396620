"""What a form says of the code that opened it: signed, for two hours; it stands in the form and in no address."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core import signing

SALT = "canbao.office.self_filling"
HOURS = 2


@dataclass(frozen=True)
class Proof:
    """That somebody gave a right code; `seconds` ago, `is_fresh` if that is not too long."""

    code_id: int
    seconds: int
    is_fresh: bool


def token(code_id: int) -> str:
    """A token for a code that was just right."""
    return signing.dumps([code_id, int(time.time())], salt=SALT)


def proof(written: str) -> Proof | None:
    """What a token says; None for one that isn't ours."""
    try:
        code_id, began = signing.loads(written, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    seconds = int(time.time()) - began
    return Proof(code_id, seconds, 0 <= seconds <= HOURS * 3600)
