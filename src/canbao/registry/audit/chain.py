"""Adding to the log. Every line holds the hash of the one before, so lines are written one at a time.

Called as the last statement of the caller's transaction, so that the lock that makes it one at a time is held for no
longer than a commit takes. Relies on READ COMMITTED: the head is read after the lock is had, in a new snapshot.
"""

from __future__ import annotations

import os

from cryptography.hazmat.primitives import hashes

from canbao.registry.audit.entry import COLUMNS, Entry, hashed_form
from canbao.registry.database import Cursor

ALGORITHMS: dict[str, type[hashes.HashAlgorithm]] = {"sha256": hashes.SHA256, "sm3": hashes.SM3}
LOCK = 0x63616E62616F
"""The number of the transaction lock under which the log grows."""
PATIENCE = "10s"
"""How long a line waits for the lock before its work is undone: an officer gets an error, not a page that hangs."""


def append(cursor: Cursor, entry: Entry) -> int:
    """Write a line; returns its number. What goes wrong goes up, so that the caller's work is undone with it.

    Waits no longer than PATIENCE for those who write before. The time is the clock's own: one that was turned back
    shows.
    """
    cursor.execute("SELECT set_config('lock_timeout', %s, true), pg_advisory_xact_lock(%s)", [PATIENCE, LOCK])
    cursor.execute(
        "SELECT coalesce(number, 0) + 1, coalesce(hash, ''), clock_timestamp() FROM (VALUES (1)) AS always "
        "LEFT JOIN (SELECT number, hash FROM audit_log ORDER BY number DESC LIMIT 1) AS last ON TRUE"
    )
    number, previous, at = cursor.fetchone()
    previous = bytes(previous)
    algorithm = chosen_algorithm()
    hash_ = digest(algorithm, hashed_form(entry, number, at, algorithm, previous))
    cursor.execute(
        f"INSERT INTO audit_log ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})",
        [
            number, at, entry.officer_id, entry.account, entry.person_name, entry.duty, entry.area, entry.origin,
            entry.action, entry.purpose, entry.decision, list(entry.objects), entry.details_text, algorithm, previous,
            hash_,
        ],
    )  # fmt: skip
    return int(number)


def chosen_algorithm() -> str:
    """The hash of new lines: sha256, or sm3 where CANBAO_AUDIT_HASH says so (GM/T 0004)."""
    name = os.environ.get("CANBAO_AUDIT_HASH", "sha256")
    if name not in ALGORITHMS:
        raise ValueError(f"CANBAO_AUDIT_HASH={name}：只能是 sha256 或 sm3")
    return name


def digest(algorithm: str, content: bytes) -> bytes:
    """The hash of some bytes."""
    hashing = hashes.Hash(ALGORITHMS[algorithm]())
    hashing.update(content)
    return hashing.finalize()
