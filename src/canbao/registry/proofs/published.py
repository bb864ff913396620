"""What is published for whoever verifies: public keys (a JWK set, RFC 7517 and 8037), revoked numbers; and their words.

No Django here: the verifying command reads both from files.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from canbao.law.places import read_places
from canbao.law.reader import read_law
from canbao.registry.proofs.statement import Cover, NotAsMade, Statement, short_codes, verified

KEY_ID_BYTES = 8
STATES = ("contrib_status", "benefit_status")


def key_id_of(key: Ed25519PublicKey) -> str:
    """The beginning of the key's fingerprint (SHA-256 of its DER), in hex."""
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()[:KEY_ID_BYTES].hex()


def key_set(keys: Iterable[Ed25519PublicKey]) -> dict[str, Any]:
    """Keys as they are published."""
    return {"keys": [_published(one) for one in keys]}


def read_keys(text: str) -> dict[str, Ed25519PublicKey]:
    """Published keys by their ids; raises NotAsMade for what is no set of keys."""
    try:
        raws = [_raw(one) for one in json.loads(text)["keys"]]
        keys = [Ed25519PublicKey.from_public_bytes(raw) for raw in raws]
    except (ValueError, KeyError, TypeError) as problem:
        raise NotAsMade("公钥文件读不懂；请从登记库的 /proof/keys.json 重新取得") from problem
    return {key_id_of(one): one for one in keys}


def read_revoked(text: str) -> frozenset[str]:
    """The numbers of a published list; raises NotAsMade for what is none."""
    try:
        return frozenset(map(str, json.loads(text)["revoked"]))
    except (ValueError, KeyError, TypeError) as problem:
        raise NotAsMade("作废清单读不懂；请从登记库的 /proof/revoked.json 重新取得") from problem


def believed(
    statement: bytes, keys: Mapping[str, Ed25519PublicKey], now: datetime, revoked: frozenset[str] = frozenset()
) -> Statement:
    """What a statement says, if it may be relied on now; raises NotAsMade telling why it may not."""
    said = verified(statement, keys)
    if said.number in revoked:
        raise NotAsMade(f"证明 {said.number} 已作废")
    if now > said.expires_at:
        raise NotAsMade(f"证明 {said.number} 已过有效期")
    return said


def words() -> dict[str, Any]:
    """Labels of the codes in statements, for the page that verifies: types, states, the province's places."""
    law = read_law()
    types = {str(code): _label("insurance_type", slug) for slug, code in short_codes().items()}
    states = {name: {one.code: one.label for one in law.codes[name].codes} for name in STATES}
    places = {code: _place(code) for code in read_places().by_code if len(code) == 6}
    return {"types": types, "states": states, "places": places}


def in_words(cover: Cover) -> tuple[str, str, str, str, str]:
    """Type, payment, benefit, place and month since, as people read them."""
    return (
        _label("insurance_type", cover.insurance_type), _label("contrib_status", cover.contrib_status),
        _label("benefit_status", cover.benefit_status), _place(cover.region_code), since_in_words(cover.since),
    )  # fmt: skip


def since_in_words(since: str) -> str:
    """A month, e.g. 2015年1月; empty for none."""
    return f"{since[:4]}年{int(since[4:])}月" if since else ""


def _place(code: str) -> str:
    """A county with its city; the code of a place that nobody knows."""
    tree = read_places()
    city = tree.name(f"{code[:4]}00") if code[4:6] not in ("", "00") else ""
    return city + tree.name(code) if tree.name(code) else code


def _label(codes: str, code: str) -> str:
    return next((one.label for one in read_law().codes[codes].codes if one.code == code), code)


def _published(key: Ed25519PublicKey) -> dict[str, str]:
    point = urlsafe_b64encode(key.public_bytes_raw()).rstrip(b"=").decode()
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": key_id_of(key), "x": point}


def _raw(one: Mapping[str, str]) -> bytes:
    if (one["kty"], one["crv"]) != ("OKP", "Ed25519"):
        raise ValueError
    return urlsafe_b64decode(one["x"] + "==")
