"""Files of rows as a partner's system drops them."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def signed(
    partner: str, rows: Sequence[dict[str, Any]], secret: Ed25519PrivateKey, keyid: str
) -> tuple[str, bytes, bytes]:
    """The name, content and signature of a file with some rows."""
    name = f"{partner}-{min(one['seq'] for one in rows)}-{max(one['seq'] for one in rows)}.ndjson.gz"
    content = gzip.compress("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows).encode(), mtime=0)
    return name, content, signature_of(name, content, secret, keyid)


def signature_of(name: str, content: bytes, secret: Ed25519PrivateKey, keyid: str) -> bytes:
    """The signature that goes with a file."""
    digest = hashlib.sha256(content).hexdigest()
    signature = base64.b64encode(secret.sign(f"canbao-drop-1\n{name}\n{digest}\n".encode())).decode()
    told = {"format": "canbao-drop-1", "keyid": keyid, "file": name, "sha-256": digest, "signature": signature}
    return json.dumps(told).encode()


def dropped(folder: Path, partner: str, rows: Sequence[dict[str, Any]], secret: Ed25519PrivateKey, keyid: str) -> Path:
    """Drop such a file, its signature first."""
    name, content, signature = signed(partner, rows, secret, keyid)
    (folder / f"{name}.sig").write_bytes(signature)
    (folder / name).write_bytes(content)
    return folder / name
