"""What one line of the log says, and the bytes by which it is known."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

COLUMNS = (
    "number", "at", "officer_id", "account", "person_name", "duty", "area", "origin", "action", "purpose", "decision",
    "objects", "details", "algorithm", "previous", "hash",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Who did what, from where, why, to which objects (`person:7`), and whether it was allowed.

    `decision` is allowed, refused or failed. `details` are whole numbers, texts, lists of them; never anything that
    tells who an insured person is.
    """

    action: str
    officer_id: int | None = None
    account: str = ""
    person_name: str = ""
    duty: str = ""
    area: str = ""
    origin: str = ""
    purpose: str = ""
    decision: str = "allowed"
    objects: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def details_text(self) -> str:
        """The details as the one text that is stored and hashed."""
        return json.dumps(self.details, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hashed_form(entry: Entry, number: int, at: datetime, algorithm: str, previous: bytes) -> bytes:
    """The bytes that are hashed: every value with its length in front, so that no two entries have the same form."""
    return prefixed(
        algorithm,
        str(number),
        at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "" if entry.officer_id is None else str(entry.officer_id),
        entry.account,
        entry.person_name,
        entry.duty,
        entry.area,
        entry.origin,
        entry.action,
        entry.purpose,
        entry.decision,
        str(len(entry.objects)),
        *entry.objects,
        entry.details_text,
        previous.hex(),
    )


def prefixed(*values: str) -> bytes:
    """Each value as UTF-8, after its length in bytes and a colon."""
    return b"".join(b"%d:%b" % (len(raw), raw) for raw in _encoded(values))


def _encoded(values: Iterable[str]) -> Iterable[bytes]:
    return (value.encode("utf-8", "surrogatepass") for value in values)
