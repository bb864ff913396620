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
BEGINNING = b""
"""What stands for the hash before the first line."""


def append(cursor: Cursor, entry: Entry) -> int:
    """Write a line; returns its number. What goes wrong goes up, so that the caller's work is undone with it."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    cursor.execute("SELECT number, hash, greatest(at, clock_timestamp()) FROM audit_log ORDER BY number DESC LIMIT 1")
    found = cursor.fetchone()
    if found is None:
        cursor.execute("SELECT 0, ''::bytea, clock_timestamp()")
        found = cursor.fetchone()
    number, previous, at = found[0] + 1, bytes(found[1]), found[2]
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
