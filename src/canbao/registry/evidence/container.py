"""Making a container: first a draft, whose digest the log gets; then, with that line's number and hash, the sealed one.

So the line is there before anything leaves the house, and says by a digest what it was; whoever has the log or a later
checkpoint of it can find the container again, whatever becomes of the key.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone

from canbao.law.duties import read_duties
from canbao.registry.access import Refused
from canbao.registry.audit.checkpoints import last_checkpoint
from canbao.registry.audit.watching import places
from canbao.registry.database import row
from canbao.registry.evidence.stamping import roots, stamped
from canbao.registry.evidence.verifier import FORMAT, canonical, digests, fingerprint, verify, zipped
from canbao.registry.evidence.wording import office, plain
from canbao.registry.models import Officer

LARGEST = 8 << 20
"""Bytes of a content at most; a record has some ten thousand."""
LONGEST_RECEIVER = 60
Words = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Asked:
    """What somebody asks a container for: why, and who gets it."""

    purpose: str
    receiver: str


@dataclass(frozen=True)
class Draft:
    """What will be in a container: its contents, and what the manifest states of them."""

    members: dict[str, bytes]
    statement: dict[str, Any]

    @property
    def object_(self) -> str:
        """The container's name among a line's objects, where the log has an index."""
        return f"evidence:{self.statement['id']}"

    @property
    def digest(self) -> str:
        """What the log keeps of the statement: the receiver's name in it can't be guessed, as the id can't."""
        return sha256(canonical(self.statement)).hexdigest()


@dataclass(frozen=True)
class Sealed:
    """A container as it is handed out, and the name of its file."""

    name: str
    content: bytes


def drafted(kind: str, title: str, content: dict[str, Any], *, asked: Asked, by: Officer, words: Words = ()) -> Draft:
    """A draft of a `record` or a `log`, whose lines `words` says for the page that is read.

    Raises Refused without a receiver, without a key, and for too much content.
    """
    said = {**_made(by, asked), "title": title, "subject": content["subject"]}
    page = render_to_string(f"registry/evidence/{kind}.html", {"content": content, "said": said, "words": words})
    members = {f"{kind}.json": canonical(content), "内容.html": page.encode()}
    if max(map(len, members.values())) > LARGEST:
        raise Refused("内容太多，放不进一份证明材料；请缩短起止日期，或请系统管理员处理")
    return Draft(members, {**said, "members": {name: sha256(raw).hexdigest() for name, raw in members.items()}})


def sealed(draft: Draft) -> Sealed:
    """Sign and stamp a draft whose line is on the log; raises stamping.Unstamped if the authority does not answer."""
    key = _key()
    manifest = canonical({"statement": draft.statement, "audit": _audit(draft)})
    members = {**draft.members, "manifest.json": manifest, "manifest.sig": key.sign(manifest)}
    if draft.statement["time"] == "tsa":
        members["manifest.tst"] = stamped(members["manifest.sig"])
    content = zipped({**members, "seal.sig": key.sign(digests(members))})
    faults = verify(content, frozenset({fingerprint(key.public_key())}), roots()).faults
    if faults:
        raise RuntimeError(f"a container that does not verify is not handed out: {faults}")
    return Sealed(f"evidence-{draft.statement['made_at'][:10]}-{draft.statement['id'][:8]}.zip", content)


def _made(by: Officer, asked: Asked) -> dict[str, Any]:
    """Who makes it (an office and a duty, no more), when, for what and whom, and with which key."""
    receiver = " ".join(asked.receiver.split())
    if not receiver or len(receiver) > LONGEST_RECEIVER or not receiver.isprintable():
        raise Refused(f"请写明接收的单位或个人，不超过 {LONGEST_RECEIVER} 个字")
    return {
        "format": FORMAT,
        "id": secrets.token_hex(16),
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "time": "tsa" if settings.TSA_URL else "server",
        "office": office(by.area),
        "duty": by.duty_label,
        "purpose": read_duties().purposes[asked.purpose].label,
        "receiver": receiver,
        "key": base64.b64encode(_key().public_key().public_bytes_raw()).decode(),
    }


def _audit(draft: Draft) -> dict[str, Any]:
    """The line that says that it was made, and the last checkpoint before it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, at, hash FROM audit_log WHERE objects @> ARRAY[%s]", [draft.object_])
        line = row(cursor)
    if line is None:
        raise RuntimeError("a container without its line on the log is not handed out")
    point = last_checkpoint(places(), settings.STATE / "audit.pub")
    named = {name: point[name] for name in ("sequence", "size", "head", "at", "own")} if point else None
    return {"line": line["number"], "at": plain(line["at"]), "hash": plain(line["hash"]), "checkpoint": named}


def _key() -> Ed25519PrivateKey:
    file = settings.STATE / "audit.key"
    if not file.exists():
        raise Refused("登记库还没有签名密钥；请系统管理员先运行 canbao audit checkpoint")
    key = load_pem_private_key(file.read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    return key
