"""What a proof's QR code says, signed: a CWT (RFC 8392) in a COSE_Sign1 (RFC 9052) with Ed25519, written as figures.

Figures, because QR codes hold them without loss and every address may have them: the number that the bytes are, in
decimal, stands behind the `#` of an address, which browsers don't send. No Django here, and no network: the verifying
command runs on any machine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from canbao.law.reader import read_law

TAG, ALGORITHM, KEY_ID, EDDSA = 18, 1, 4, -8
EXPIRES, ISSUED, NUMBER, SAID = 4, 6, 7, -65537
"""The claims: three of the standard, and one of ours: name, last four figures, covers, how many were left out."""
MOST_COVERS = 8
"""So many covers make a code that phones still read at 25 mm."""
LONGEST = 600
"""Bytes of a statement; ours have less than 300."""
_FIGURES = re.compile(r"[0-9]{100,1450}")


class NotAsMade(ValueError):
    """A statement that can't be believed; the message says why, in Chinese."""


@dataclass(frozen=True)
class Cover:
    """A cover in codes: law's name of the type, states (empty: none), place, month since (YYYYMM), if elsewhere."""

    insurance_type: str
    contrib_status: str
    benefit_status: str
    region_code: str
    since: str
    is_elsewhere: bool


@dataclass(frozen=True)
class Statement:
    """What is stated: of whom, which covers as of the day of issue, and until when it may be relied on."""

    number: str
    name: str
    last_four: str
    covers: tuple[Cover, ...]
    left_out: int
    issued_at: datetime
    expires_at: datetime


def signed(said: Statement, key_id: str, secret: Ed25519PrivateKey) -> bytes:
    """The statement as bytes; `key_id` is in hex."""
    protected = cbor2.dumps({ALGORITHM: EDDSA, KEY_ID: bytes.fromhex(key_id)})
    payload = cbor2.dumps(_claims(said))
    return cbor2.dumps(cbor2.CBORTag(TAG, [protected, {}, payload, secret.sign(_to_sign(protected, payload))]))


def figures(statement: bytes) -> str:
    """The statement as it stands in the address of a QR code."""
    return str(int.from_bytes(statement))


def read_figures(text: str) -> bytes:
    """The statement in what was scanned, an address or figures alone; raises NotAsMade."""
    found = _FIGURES.fullmatch("".join(text.rpartition("#")[2].split()))
    if found is None:
        raise NotAsMade("不是参保证明的二维码内容；请重新扫描，并粘贴全部内容")
    number = int(found[0])
    return number.to_bytes((number.bit_length() + 7) // 8)


def verified(statement: bytes, keys: Mapping[str, Ed25519PublicKey]) -> Statement:
    """What a statement says, if one of the keys (by id in hex) has signed it; raises NotAsMade."""
    try:
        protected, payload, signature, key_id = _taken_apart(statement)
    except Exception as problem:  # whatever can't be read is not as it was made
        raise NotAsMade("内容读不懂：不是参保证明，或有改动") from problem
    if key_id not in keys:
        raise NotAsMade(f"签名密钥 {key_id} 不在公布的密钥之列，不能证明出自登记库")
    try:
        keys[key_id].verify(signature, _to_sign(protected, payload))
    except InvalidSignature as problem:
        raise NotAsMade("签名不对：内容有改动，或不是登记库出具的") from problem
    return _said(cbor2.loads(payload))


def digest(statement: bytes) -> str:
    """SHA-256 of a statement, in hex: what the register keeps of it."""
    return sha256(statement).hexdigest()


def short_codes() -> dict[str, int]:
    """Each insurance type's code in figures, by the national standard (AAE140)."""
    return {one.code: int(one.aliases[0]) for one in read_law().codes["insurance_type"].codes}


def _to_sign(protected: bytes, payload: bytes) -> bytes:
    """What is signed of a COSE_Sign1 (RFC 9052, 4.4)."""
    return cbor2.dumps(["Signature1", protected, b"", payload])


def _claims(said: Statement) -> dict[int, Any]:
    short = short_codes()
    covers = [
        [short[one.insurance_type], _number(one.contrib_status), _number(one.benefit_status),
         _number(one.region_code), _number(one.since), int(one.is_elsewhere)]
        for one in said.covers
    ]  # fmt: skip
    ours = [said.name, said.last_four, covers, said.left_out]
    issued, expires = int(said.issued_at.timestamp()), int(said.expires_at.timestamp())
    return {EXPIRES: expires, ISSUED: issued, NUMBER: said.number.encode(), SAID: ours}


def _taken_apart(statement: bytes) -> tuple[bytes, bytes, bytes, str]:
    whole = cbor2.loads(statement)
    protected, unprotected, payload, signature = whole.value
    head = cbor2.loads(protected)
    is_ours = len(statement) <= LONGEST and whole.tag == TAG and not unprotected and head[ALGORITHM] == EDDSA
    if not is_ours or not all(isinstance(part, bytes) for part in (protected, payload, signature, head[KEY_ID])):
        raise ValueError
    return protected, payload, signature, head[KEY_ID].hex()


def _said(claims: Mapping[int, Any]) -> Statement:
    name, last_four, covers, left_out = claims[SAID]
    types = {code: slug for slug, code in short_codes().items()}
    moments = (datetime.fromtimestamp(claims[claim], UTC) for claim in (ISSUED, EXPIRES))
    return Statement(
        claims[NUMBER].decode(), name, last_four,
        tuple(Cover(types[kind], *map(_code, (paid, drawn, place, since)), bool(away))
              for kind, paid, drawn, place, since, away in covers),
        left_out, *moments,
    )  # fmt: skip


def _number(code: str) -> int:
    return int(code) if code else 0


def _code(number: int) -> str:
    return str(number) if number else ""
