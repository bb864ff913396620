"""Checkpoints: how long the log is and what its head is, signed, and kept where the database's keeper can't write.

A chain alone shows neither a cut tail nor that all of it was written anew; checkpoints kept elsewhere do. They are
numbered and each names the hash of the one before, so that none can be left out, replaced, or signed beside another.
A checkpoint looks at the lines since the last one and digests what history gained meanwhile; so it costs what the
growth costs. Faults are signed with it and the next goes on behind them: one bad line does not leave all later ones
without protection.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from canbao.registry.audit.verifier import Point, Verdict, trusted_checkpoints, verify_rows
from canbao.registry.database import Cursor
from canbao.registry.disk import sync_folder

FORMAT = "canbao-audit-checkpoint"
LOCK = 0x63616E62616E
"""The number of the transaction lock under which checkpoints are made, one at a time."""
MOST_TOLD = 5
"""How many of the faults a checkpoint tells; the rest is for a whole verification."""
MARGIN = "5 seconds"
"""How far a clock may be set back while it is kept in time."""
SETTLED = (
    "SELECT least(min(xact_start), clock_timestamp()) - %s::interval FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
"""Before this moment, less the margin, no transaction can add a row any more."""
Lines = Callable[[int], Iterable[tuple[Any, ...]]]
"""The log's lines behind a number, in their order."""


def make_checkpoint_key(file: Path) -> None:
    """Make the signing key, readable by its owner only, and add its public half to the file beside it (.pub)."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(private)
    with file.with_suffix(".pub").open("ab") as known:
        known.write(public)
    part.replace(file)


def checkpoint(cursor: Cursor, key: Path, folders: Iterable[Path], lines: Lines) -> Point | None:
    """Look at what the log gained since the last checkpoint and sign it into every folder, with its faults.

    Returns the checkpoint, or None if there is nothing new to sign. Raises OSError if a folder can't be written, after
    the others have been.
    """
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    folders = tuple(folders)
    last = last_checkpoint(folders, key.with_suffix(".pub"))
    verdict = _since(cursor, last, lines)
    if (verdict.size, verdict.head.hex()) == ((last["size"], last["head"]) if last else (0, "")):
        return None
    content = {
        "format": FORMAT,
        "sequence": last["sequence"] + 1 if last else 1,
        "previous": last["own"] if last else "",
        "size": verdict.size,
        "head": verdict.head.hex(),
        "at": verdict.last_at.isoformat(),
        "history": _gained(cursor, last),
        "faults": verdict.faults[:MOST_TOLD],
        "faulty": [*(last["faulty"] if last else []), *([last["sequence"]] if last and last["faults"] else [])],
    }
    _keep(_signed(content, key), content["sequence"], folders)
    return content


def last_checkpoint(folders: Iterable[Path], public_keys: Path) -> Point | None:
    """The checkpoint with the highest number, and under `own` its hash; raises ValueError if it isn't ours."""
    text = max((_latest(folder) for folder in folders), default=("", ""))[1]
    if not text:
        return None
    points, faults = trusted_checkpoints([text], public_keys.read_bytes() if public_keys.exists() else b"")
    if not points:
        raise ValueError(faults[0])
    return {**points[0], "own": sha256(json.loads(text)["signed"].encode()).hexdigest()}


def _latest(folder: Path) -> tuple[str, str]:
    file = max(folder.glob("*.json"), key=lambda one: one.name, default=None)
    return (file.name, file.read_text("ascii", "replace")) if file else ("", "")


def _since(cursor: Cursor, last: Point | None, lines: Lines) -> Verdict:
    """What the lines since the last checkpoint are like; the line that it was made of must be as it was."""
    if last is None:
        return verify_rows(lines(0))
    cursor.execute("SELECT encode(hash, 'hex'), at FROM audit_log WHERE number = %s", [last["size"]])
    found = cursor.fetchone()
    if found is not None and found[0] == last["head"]:
        return verify_rows(lines(last["size"]), (), Verdict([], last["size"], bytes.fromhex(last["head"]), found[1]))
    return verify_rows(lines(0), [last])


def _gained(cursor: Cursor, last: Point | None) -> Point:
    """The rows that history gained since the last checkpoint, and their digest."""
    after = last["history"]["before"] if last else None
    cursor.execute(SETTLED, [MARGIN])
    before = max(cursor.fetchone()[0].isoformat(timespec="microseconds"), after or "")
    counted = windows(cursor, [after or "-infinity", before])
    rows, digest = counted.get(1, (0, ""))
    return {"after": after, "before": before, "rows": rows, "digest": digest}


_ROW = (
    "sha256(convert_to(ROW(person_id, version, extract(epoch FROM at), kind, package_id, officer_id, changes, "
    "encode(digest, 'hex'))::text, 'UTF8'))"
)
_WINDOWS = (
    "SELECT part, sum(count)::bigint, encode(sha256(string_agg(digest, '' ORDER BY slice)), 'hex') FROM ("
    "SELECT width_bucket(at, %(bounds)s::timestamptz[]) AS part, person_id %% 1024 AS slice, count(*) AS count, "
    f"sha256(string_agg({_ROW}, '' ORDER BY person_id, version)) AS digest FROM history "
    "WHERE at >= %(first)s::timestamptz AND at < %(last)s::timestamptz GROUP BY 1, 2) AS sliced GROUP BY part"
)


def windows(cursor: Cursor, bounds: list[str]) -> dict[int, tuple[int, str]]:
    """Rows and digest of history between each two moments; what lies between the first two is 1."""
    cursor.execute(_WINDOWS, {"bounds": bounds, "first": bounds[0], "last": bounds[-1]})
    return {part: (count, digest) for part, count, digest in cursor.fetchall()}


def _signed(content: Point, key_file: Path) -> str:
    key = serialization.load_pem_private_key(key_file.read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    signed = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return json.dumps({"signed": signed, "signature": base64.b64encode(key.sign(signed.encode())).decode()}) + "\n"


def _keep(text: str, sequence: int, folders: tuple[Path, ...]) -> None:
    """Put a checkpoint into every folder, with earlier ones that it lacks; nothing is ever replaced."""
    trouble: list[OSError] = []
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _catch_up(folder, folders)
            _put(folder / f"{sequence:012}.json", text)
        except OSError as problem:
            trouble.append(problem)
    if trouble:
        raise trouble[0]


def _catch_up(folder: Path, folders: tuple[Path, ...]) -> None:
    """A place that could not be reached for a while gets what it missed."""
    names = {file.name for file in folder.glob("*.json")}
    for other in folders:
        for file in other.glob("*.json"):
            if file.name not in names:
                _put(folder / file.name, file.read_text("ascii", "replace"))


def _put(file: Path, text: str) -> None:
    if file.exists() and file.read_text("ascii", "replace") != text:
        raise FileExistsError(f"{file}：已有另一个同号的检查点；请勿让两个登记库共用一个文件夹")
    part = file.with_suffix(".part")
    with part.open("w", encoding="ascii") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    part.rename(file)
    sync_folder(file.parent)


def read_checkpoints(folders: Iterable[Path]) -> list[str]:
    """The texts of all checkpoints in some folders, each once."""
    files = sorted((file for folder in folders for file in folder.glob("*.json")), key=lambda file: file.name)
    return list(dict.fromkeys(file.read_text("ascii", "replace") for file in files))


def history_faults(cursor: Cursor, checkpoints: list[Point]) -> list[str]:
    """Whether history still is what it was at each checkpoint; these are in their order."""
    if not checkpoints:
        return []
    told = [one["history"] for one in checkpoints]
    found = windows(cursor, [told[0]["after"] or "-infinity", *(one["before"] for one in told)])
    return [
        f"变更历史与第 {one['sequence']} 号检查点不符（{one['history']['before'][:19]} 以前新增 "
        f"{one['history']['rows']} 行，现在 {found.get(place, (0, ''))[0]} 行）：有人改过、删过或补写过"
        for place, one in enumerate(checkpoints, 1)
        if found.get(place, (0, "")) != (one["history"]["rows"], one["history"]["digest"])
    ]
