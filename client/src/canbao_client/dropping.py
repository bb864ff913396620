"""File drop: what is to be sent as signed files in a folder, for systems that can't call (docs/exchange.md)."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from canbao_client.batches import cut, packed
from canbao_client.facts import numbered
from canbao_client.keys import fingerprint
from canbao_client.outbox import Outbox
from canbao_client.trouble import ConfigurationTrouble

FORMAT = "canbao-drop-1"
DROP_ROWS = 20_000
DROP_BYTES = 32 << 20
PARTNER = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def drop(outbox: Outbox, key: Ed25519PrivateKey, partner: str, folder: Path) -> Iterator[Path]:
    """Pack all that is to be sent into files; each is complete, with its signature, before its rows count as sent.

    After an interruption the same rows are packed again, perhaps with more; the register knows them by their `id`.
    """
    if not PARTNER.fullmatch(partner):
        raise ConfigurationTrouble("partner", f"代号“{partner}”不对", "请写管理单位给的代号（小写字母、数字和 -）")
    while rows := outbox.unsent_rows(DROP_ROWS):
        lines = next(cut((numbered(*row) for row in rows), DROP_ROWS, DROP_BYTES))
        seqs = [seq for seq, _ in rows[: len(lines)]]
        yield _write(folder, f"{partner}-{seqs[0]}-{seqs[-1]}.ndjson.gz", packed(lines), key)
        outbox.handed_over(seqs)


def _write(folder: Path, name: str, content: bytes, key: Ed25519PrivateKey) -> Path:
    """The signature comes first, so that a file that is there has one."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _put(folder / f"{name}.sig", signature_of(name, content, key))
        _put(folder / name, content)
    except OSError as problem:
        raise ConfigurationTrouble(
            str(folder), f"写不下（{problem.strerror}）", "请核对文件夹、权限和磁盘空间"
        ) from problem
    return folder / name


def signature_of(name: str, content: bytes, key: Ed25519PrivateKey) -> bytes:
    """The `.sig` beside a file: whose key, the file's digest, and the signature over both with the file's name."""
    digest = hashlib.sha256(content).hexdigest()
    signature = key.sign(f"{FORMAT}\n{name}\n{digest}\n".encode())
    said = {
        "format": FORMAT, "keyid": fingerprint(key.public_key()), "file": name, "sha-256": digest,
        "signature": base64.b64encode(signature).decode(),
    }  # fmt: skip
    return json.dumps(said).encode() + b"\n"


def _put(file: Path, content: bytes) -> None:
    """Write a file whole and durably, or not at all; whoever fetches `*.gz` never sees a part."""
    part = file.with_name(f".{file.name}.part")
    with part.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
    if os.name == "posix":
        folder = os.open(file.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
