"""Checkpoints: how long the log is and what its head is, signed, and kept where the database's keeper can't write.

A chain alone shows neither a cut tail nor that all of it was written anew; a checkpoint kept elsewhere does. It also
holds a digest of history, whose rows are only ever added.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from canbao.registry.audit.verifier import Verdict, verify_rows
from canbao.registry.database import Cursor

FORMAT = "canbao-audit-checkpoint"
SETTLED = (
    "SELECT least(min(xact_start), clock_timestamp()) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
"""Before this moment no transaction can add a row any more."""
GROWN = (
    "SELECT count(*), coalesce(sum(('x' || encode(substr(sha256(convert_to(history::text, 'UTF8')), 1, 8), 'hex'))"
    "::bit(64)::bigint::numeric), 0)::text FROM history WHERE at < %s"
)
"""Rows and their digest, in whatever order they lie."""


def make_checkpoint_key(file: Path) -> Path:
    """Make the signing key, readable by its owner only; returns the public key's file beside it."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(private)
    beside = file.with_suffix(".pub")
    beside.write_bytes(public)
    return beside


def checkpoint(cursor: Cursor, key: Path, folders: Iterable[Path], rows: Iterable[tuple[Any, ...]]) -> Verdict:
    """Verify the log once more and, if it is whole, sign its length and head into every folder.

    `rows` are the log's, in their order. Returns the verdict; nothing is signed if there are faults.
    """
    verdict = verify_rows(rows)
    if verdict.faults or not verdict.size:
        return verdict
    cursor.execute(SETTLED)
    settled = cursor.fetchone()[0]
    cursor.execute(GROWN, [settled])
    count, digest = cursor.fetchone()
    content = {
        "format": FORMAT,
        "size": verdict.size,
        "head": verdict.head.hex(),
        "at": verdict.last_at,
        "history": {"before": settled.isoformat(), "rows": count, "digest": digest},
    }
    _write(content, key, folders)
    return verdict


def _write(content: dict[str, Any], key_file: Path, folders: Iterable[Path]) -> None:
    key = serialization.load_pem_private_key(key_file.read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    signed = json.dumps(content, sort_keys=True, separators=(",", ":"))
    text = json.dumps({"signed": signed, "signature": base64.b64encode(key.sign(signed.encode())).decode()})
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{content['size']:012}.part"
        part.write_text(text + "\n", encoding="ascii")
        part.rename(folder / f"{content['size']:012}.json")


def read_checkpoints(folders: Iterable[Path]) -> list[str]:
    """The texts of all checkpoints in some folders, the oldest first."""
    files = sorted({file for folder in folders for file in folder.glob("*.json")}, key=lambda file: file.name)
    return [file.read_text(encoding="ascii", errors="replace") for file in files]


def history_faults(cursor: Cursor, checkpoints: Iterable[dict[str, Any]]) -> list[str]:
    """Whether history still is what it was at the latest checkpoint."""
    latest = max(checkpoints, key=lambda one: one["size"], default=None)
    if latest is None:
        return []
    told = latest["history"]
    cursor.execute(GROWN, [told["before"]])
    count, digest = cursor.fetchone()
    if (count, digest) == (told["rows"], told["digest"]):
        return []
    return [
        f"变更历史与第 {latest['size']} 条时的检查点不符（当时 {told['rows']} 行，现在 {count} 行）：有人改过或删过"
    ]
