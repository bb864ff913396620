"""Registration codes: twelve characters on a letter by which somebody fills in their own form, once.

Each is drawn by chance (about 55 bits) and kept as a keyed digest alone: who reads the database has no code.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import salted_hmac

from canbao.registry.models import Officer
from canbao.survey.models import Entry, SelfCode

LETTERS = "34679ACDEFGHJKMNPQRTVWXY"
"""No two of them look alike: none of 0 O, 1 I L, 2 Z, 5 S, 8 B, U."""
LENGTH, GROUP = 12, 4
SALT = "canbao survey self code"


def new_code(length: int = LENGTH) -> str:
    """A code drawn by chance, as it is printed."""
    return _grouped("".join(secrets.choice(LETTERS) for _ in range(length)))


def code_of_batch(batch: int, task: int) -> str:
    """A task's code in a batch of letters: the same whenever the batch is read again, and not to be guessed."""
    rest = int(salted_hmac(f"{SALT} of a batch", f"{batch}:{task}", algorithm="sha256").hexdigest(), 16)
    drawn = ""
    for _ in range(LENGTH):
        rest, place = divmod(rest, len(LETTERS))
        drawn += LETTERS[place]
    return _grouped(drawn)


def _grouped(drawn: str) -> str:
    """The characters as they are printed: `A3CD-7EFG-9HJK`."""
    return "-".join(drawn[at : at + GROUP] for at in range(0, len(drawn), GROUP))


def read_code(written: str) -> str:
    """The characters of a code as somebody typed it: in whatever width or case, with whatever between; empty if it is
    none."""
    said = unicodedata.normalize("NFKC", written[:100]).upper()
    kept = "".join(one for one in said if one.isalnum())
    return kept if len(kept) == LENGTH and set(kept) <= set(LETTERS) else ""


def digest(code: str, key: str = "") -> str:
    """What is kept of a code, in 64 hexadecimal digits; `key` is an earlier secret, else today's."""
    return salted_hmac(SALT, read_code(code), secret=key or settings.SECRET_KEY, algorithm="sha256").hexdigest()


def match_code(written: str) -> SelfCode | None:
    """The kept code that somebody typed, within the caller's transaction; letters stay out for months, so that one
    made under an earlier secret is known too."""
    if not read_code(written):
        return None
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return SelfCode.objects.select_related("task").filter(digest__in=[digest(written, key) for key in keys]).first()


def makers_of_codes(entries: Iterable[Entry]) -> dict[int, Officer]:
    """Who made the codes of residents' forms, by the form's key; none for a form that an officer entered.

    A form's code is the one of its task that was used last before it was handed in.
    """
    own = [one for one in entries if one.by_id is None]
    used = SelfCode.objects.filter(task__in=[one.task_id for one in own], used_at__isnull=False)
    by_task: dict[int, list[SelfCode]] = {}
    for code in used.select_related("made_by").order_by("used_at"):
        by_task.setdefault(code.task_id, []).append(code)
    return {
        entry.pk: code.made_by for entry in own for code in by_task.get(entry.task_id, ()) if code.used_at <= entry.at
    }
