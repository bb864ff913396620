"""An independent verifier of the log: it shares no code with what writes it, and needs no database.

`python verifier.py log.jsonl checkpoints/ audit.pub` checks what `canbao audit export` wrote: a JSON array a line.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import load_pem_public_key

FIELDS = (
    "number", "at", "officer_id", "account", "person_name", "duty", "area", "origin", "action", "purpose", "decision",
    "objects", "details", "algorithm", "previous", "hash",
)  # fmt: skip
KNOWN = {"sha256": hashes.SHA256, "sm3": hashes.SM3}
MOST_FAULTS = 100
DRIFT = timedelta(seconds=5)  # how far a clock may be set back while it is kept in time
NEVER = datetime(1, 1, 2, tzinfo=UTC)
Point = dict[str, Any]
END = b"-----END PUBLIC KEY-----"


@dataclass
class Verdict:
    """What was found: faults in Chinese (none: the log is whole), how many lines, the head's hash, the latest time."""

    faults: list[str] = field(default_factory=list)
    size: int = 0
    head: bytes = b""
    last_at: datetime = NEVER


def verify_rows(rows: Iterable[Any], checkpoints: Iterable[Point] = (), verdict: Verdict | None = None) -> Verdict:
    """Go through the lines in the order of their numbers, from the first or on from a verdict; compare with points."""
    verdict = verdict or Verdict()
    wanted: dict[int, set[str]] = {}
    for point in checkpoints:
        wanted.setdefault(point["size"], set()).add(point["head"])
    for values in rows:
        try:
            told = json.loads(values) if isinstance(values, str) else values
            _line(dict(zip(FIELDS, told, strict=True)), verdict)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            verdict.size += 1
            verdict.faults.append(f"第 {verdict.size} 条读不懂：被改动过")
        if wanted.pop(verdict.size, {verdict.head.hex()}) != {verdict.head.hex()}:
            verdict.faults.append(f"第 {verdict.size} 条与检查点不符：此前的日志被整体改写过")
        if len(verdict.faults) >= MOST_FAULTS:
            return Verdict([*verdict.faults, "问题太多，不再往下看"], verdict.size, verdict.head)
    verdict.faults += [f"检查点有第 {one} 条，现在没有（共 {verdict.size} 条）：被截去或删去" for one in sorted(wanted)]
    return verdict


def _line(line: dict[str, Any], verdict: Verdict) -> None:
    number, at, previous, own = line["number"], _moment(line["at"]), _raw(line["previous"]), _raw(line["hash"])
    if number != verdict.size + 1:
        verdict.faults.append(f"第 {verdict.size + 1} 条的位置上是第 {number} 条：中间的被删去、或次序不对")
    if previous != verdict.head:
        verdict.faults.append(f"第 {number} 条接不上前一条：前一条被改动，或这一条被插入")
    if _hash(line, at) != own:
        verdict.faults.append(f"第 {number} 条的内容与它的哈希不符：被改动过")
    if at < verdict.last_at - DRIFT:
        verdict.faults.append(f"第 {number} 条的时间早于前面的：时钟被拨回，或次序不对")
    verdict.size, verdict.head, verdict.last_at = int(number), own, max(at, verdict.last_at)


def _hash(line: dict[str, Any], at: datetime) -> bytes:
    said = [line["algorithm"], str(line["number"]), at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")]
    said += ["" if line["officer_id"] is None else str(line["officer_id"]), *(line[name] for name in FIELDS[3:11])]
    said += [str(len(line["objects"])), *line["objects"], line["details"], _raw(line["previous"]).hex()]
    hashing = hashes.Hash(KNOWN[line["algorithm"]]())
    for text in said:
        raw = text.encode("utf-8", "surrogatepass")
        hashing.update(str(len(raw)).encode() + b":" + raw)
    return hashing.finalize()


def _raw(value: Any) -> bytes:
    raw = bytes.fromhex(value) if isinstance(value, str) else bytes(value)
    if value not in (raw, raw.hex()):  # another way of writing the same is a change too
        raise ValueError
    return raw


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if value not in (moment, moment.isoformat()):
        raise ValueError(value)
    return moment.astimezone(UTC)  # type: ignore[no-any-return]


def trusted_checkpoints(texts: Iterable[str], public_keys: bytes) -> tuple[list[Point], list[str]]:
    """The checkpoints that one of the keys has signed, in their order, and what is wrong with them or between them."""
    keys = [load_pem_public_key(pem + END) for pem in public_keys.split(END)[:-1]]
    found: dict[int, tuple[str, Point]] = {}
    faults: list[str] = []
    for text in texts:
        try:
            signed, point = _signed(text, keys)
            if found.setdefault(point["sequence"], (signed, point))[0] != signed:
                faults.append(f"第 {point['sequence']} 号检查点有两个不同的版本：日志分了岔")
        except (ValueError, KeyError, TypeError, InvalidSignature):
            faults.append(f"检查点的签名不对或读不懂：{text[:40]}…")
    before: str | None = ""
    for sequence in range(1, max(found, default=0) + 1):
        signed, point = found.get(sequence, ("", {"previous": before, "faults": ["没有这个检查点：被删去"]}))
        told = [*point["faults"], *([] if before in (None, point["previous"]) else ["接不上前一个检查点"])]
        faults += [f"第 {sequence} 号检查点：{one}" for one in told]
        before = sha256(signed.encode()).hexdigest() if signed else None
    return [point for _, (_, point) in sorted(found.items())], faults


def _signed(text: str, keys: list[Any]) -> tuple[str, Point]:
    told = json.loads(text)
    for key in keys:
        with suppress(InvalidSignature):
            key.verify(base64.b64decode(told["signature"], validate=True), told["signed"].encode())
            return told["signed"], json.loads(told["signed"])
    raise InvalidSignature


def read_export(file: Path) -> Iterator[str]:
    """The lines of an exported log, as they stand."""
    with file.open(encoding="utf-8", errors="surrogateescape") as lines:
        yield from lines


def main(log: str, folder: str, public_keys: str) -> int:
    """Verify an exported log; prints the faults and returns 1 if there are any."""
    texts = [file.read_text("ascii", "replace") for file in sorted(Path(folder).glob("*.json"))]
    points, faults = trusted_checkpoints(texts, Path(public_keys).read_bytes())
    verdict = verify_rows(read_export(Path(log)), points)
    print("\n".join([*faults, *verdict.faults]) or f"完好：{verdict.size} 条，{len(points)} 个检查点")
    return 1 if faults or verdict.faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
