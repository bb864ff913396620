"""An independent verifier of the log: it shares no code with what writes it, and needs no database.

    python verifier.py log.jsonl checkpoints/ audit.pub

checks a log that `canbao audit export` wrote (a JSON array a line, the columns below) on any machine.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

FIELDS = (
    "number", "at", "officer_id", "account", "person_name", "duty", "area", "origin", "action", "purpose", "decision",
    "objects", "details", "algorithm", "previous", "hash",
)  # fmt: skip
KNOWN = {"sha256": hashes.SHA256, "sm3": hashes.SM3}
MOST_FAULTS = 100


@dataclass
class Verdict:
    """What was found: faults in Chinese (none: the log is whole), how many lines, the head's hash and time."""

    faults: list[str] = field(default_factory=list)
    size: int = 0
    head: bytes = b""
    last_at: str = ""
    hashes: dict[int, str] = field(default_factory=dict)


def verify_rows(rows: Iterable[tuple[Any, ...]], checkpoints: Iterable[dict[str, Any]] = ()) -> Verdict:
    """Go through all lines in the order of their numbers and compare them with the checkpoints."""
    verdict = Verdict()
    wanted = {point["size"]: point["head"] for point in checkpoints}
    for values in rows:
        _line(dict(zip(FIELDS, values, strict=True)), verdict, wanted)
        if len(verdict.faults) >= MOST_FAULTS:
            verdict.faults.append("问题太多，不再往下看")
            return verdict
    for size, head in sorted(wanted.items()):
        if size > verdict.size:
            verdict.faults.append(f"检查点说有 {size} 条，现在只有 {verdict.size} 条：末尾被截去")
        elif verdict.hashes.get(size) != head:
            verdict.faults.append(f"第 {size} 条与检查点不符：此前的日志被整体改写过")
    return verdict


def _line(line: dict[str, Any], verdict: Verdict, wanted: dict[int, str]) -> None:
    number, at = line["number"], _moment(line["at"])
    if number != verdict.size + 1:
        verdict.faults.append(f"第 {verdict.size + 1} 条之后是第 {number} 条：中间的被删去、或次序不对")
    if _raw(line["previous"]) != verdict.head:
        verdict.faults.append(f"第 {number} 条接不上前一条：前一条被改动，或这一条被插入")
    if line["algorithm"] not in KNOWN or _hash(line, at) != _raw(line["hash"]):
        verdict.faults.append(f"第 {number} 条的内容与它的哈希不符：被改动过")
    if at < verdict.last_at:
        verdict.faults.append(f"第 {number} 条的时间早于前一条：时钟被拨回，或次序不对")
    verdict.size, verdict.head, verdict.last_at = number, _raw(line["hash"]), at
    if number in wanted:
        verdict.hashes[number] = verdict.head.hex()


def _hash(line: dict[str, Any], at: str) -> bytes:
    said = [line["algorithm"], str(line["number"]), at, "" if line["officer_id"] is None else str(line["officer_id"])]
    said += [line[name] for name in FIELDS[3:11]]
    said += [str(len(line["objects"])), *line["objects"], line["details"], _raw(line["previous"]).hex()]
    hashing = hashes.Hash(KNOWN[line["algorithm"]]())
    for text in said:
        raw = text.encode("utf-8", "surrogatepass")
        hashing.update(str(len(raw)).encode() + b":" + raw)
    return hashing.finalize()


def _raw(value: Any) -> bytes:
    return bytes.fromhex(value) if isinstance(value, str) else bytes(value)


def _moment(value: Any) -> str:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return str(moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))


def trusted_checkpoints(texts: Iterable[str], public_key: bytes) -> tuple[list[dict[str, Any]], list[str]]:
    """The checkpoints that the key has signed, and what is wrong with the others."""
    key = load_pem_public_key(public_key)
    assert isinstance(key, Ed25519PublicKey)
    good, faults = [], []
    for text in texts:
        try:
            point = json.loads(text)
            key.verify(base64.b64decode(point["signature"]), point["signed"].encode())
            good.append(json.loads(point["signed"]))
        except (ValueError, KeyError, TypeError, InvalidSignature):
            faults.append(f"检查点的签名不对或读不懂：{text[:40]}…")
    return good, faults


def read_export(file: Path) -> Iterator[tuple[Any, ...]]:
    """The lines of an exported log."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield tuple(json.loads(line))


def main(log: str, folder: str, public_key: str) -> int:
    """Verify an exported log; prints the faults and returns 1 if there are any."""
    texts = [file.read_text("ascii") for file in sorted(Path(folder).glob("*.json"))]
    points, faults = trusted_checkpoints(texts, Path(public_key).read_bytes())
    verdict = verify_rows(read_export(Path(log)), points)
    print("\n".join([*faults, *verdict.faults]) or f"完好：{verdict.size} 条，{len(points)} 个检查点")
    return 1 if faults or verdict.faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
