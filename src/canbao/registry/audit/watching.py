"""Watching over the log of the connected register: checkpoints in their places, and the whole verified against them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from canbao.registry.access import working
from canbao.registry.audit.checkpoints import (
    checkpoint,
    history_faults,
    last_checkpoint,
    make_checkpoint_key,
    read_checkpoints,
)
from canbao.registry.audit.entry import COLUMNS
from canbao.registry.audit.verifier import Point, trusted_checkpoints, verify_rows

PIECE = 5_000


@dataclass(frozen=True)
class Report:
    """What a verification found: faults in Chinese, lines of the log, checkpoints, and records compared (or None)."""

    faults: list[str]
    lines: int
    checkpoints: int
    records: int | None = None


def places() -> tuple[Path, ...]:
    """The folders with checkpoints: our own, and those that CANBAO_AUDIT_ANCHORS names."""
    return (settings.STATE / "anchors", *settings.AUDIT_ANCHORS)


def make_checkpoint() -> Point | None:
    """Sign what the log gained into every place, if anything; the key is made the first time."""
    key = settings.STATE / "audit.key"
    if not key.exists():
        make_checkpoint_key(key)
    with working(), connection.cursor() as cursor:
        return checkpoint(cursor, key, places(), lines)


def renew_key() -> None:
    """Sign with a new key from now on; what the old one signed stays valid, and the old one itself is gone."""
    make_checkpoint()
    make_checkpoint_key(settings.STATE / "audit.key")


def verify() -> Report:
    """Verify the chain, the checkpoints and history; `registry.comparing` goes on to the records themselves."""
    points, faults = _checkpoints()
    with working():
        verdict = verify_rows(lines(), points)
        with connection.cursor() as cursor:
            faults += [*verdict.faults, *history_faults(cursor, points)]
    return Report(faults, verdict.size, len(points))


def state(cursor: Any) -> dict[str, Any] | None:
    """How the log stands, quickly: entries, last_at, the last checkpoint (checkpoint_at, _size, _root) and faults.

    Only the line of the last checkpoint is looked at, and what the checkpoints themselves say; all of it is for
    `verify`. None before the first entry.
    """
    cursor.execute("SELECT number, at FROM audit_log ORDER BY number DESC LIMIT 1")
    last = cursor.fetchone()
    try:
        latest, faults = last_checkpoint(places(), settings.STATE / "audit.pub"), []
    except ValueError as problem:
        latest, faults = None, [str(problem)]
    if last is None and latest is None and not faults:
        return None
    return {
        "entries": last[0] if last else 0,
        "last_at": last[1] if last else None,
        "faults": faults + (_told_by(cursor, latest) if latest else []),
        "checkpoint_at": datetime.fromisoformat(latest["at"]) if latest else None,
        "checkpoint_size": latest["size"] if latest else 0,
        "checkpoint_root": latest["head"] if latest else "",
    }


def _told_by(cursor: Any, latest: Point) -> list[str]:
    """What the latest checkpoint says against the log."""
    faults = [f"第 {one} 号检查点签署时已有问题；请运行 canbao audit verify" for one in latest["faulty"]]
    faults += latest["faults"]
    cursor.execute("SELECT encode(hash, 'hex') FROM audit_log WHERE number = %s", [latest["size"]])
    found = cursor.fetchone()
    if found is None or found[0] != latest["head"]:
        faults.append(f"第 {latest['size']} 条与检查点不符：日志被截去或改写；请运行 canbao audit verify")
    return faults


def export(file: Path) -> int:
    """Write the log as JSON lines, for `verifier.py` on another machine; returns how many lines."""
    written = 0
    with transaction.atomic(), file.open("x", encoding="utf-8") as out:
        for line in lines():
            out.write(json.dumps([_plain(value) for value in line], ensure_ascii=False) + "\n")
            written += 1
    return written


def lines(after: int = 0) -> Iterator[tuple[Any, ...]]:
    """The log from its first line, or behind a number, read piece by piece; within a transaction."""
    with connection.chunked_cursor() as cursor:
        cursor.itersize = PIECE
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM audit_log WHERE number > %s ORDER BY number", [after])
        while piece := cursor.fetchmany(PIECE):
            yield from piece


def _checkpoints() -> tuple[list[dict[str, Any]], list[str]]:
    public = settings.STATE / "audit.pub"
    texts = read_checkpoints(places())
    if not texts:
        return [], []
    if not public.exists():
        return [], [f"缺少核验检查点的公钥 {public}"]
    return trusted_checkpoints(texts, public.read_bytes())


def _plain(value: Any) -> Any:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    return value.isoformat() if hasattr(value, "isoformat") else value
