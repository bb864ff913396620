"""Public keys of partners: read once, known by the fingerprint of what they are."""

from __future__ import annotations

import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from canbao.registry.access import Refused


def read_public_key(written: str) -> Ed25519PublicKey:
    """A public key in PEM; raises Refused for anything else, a secret key above all."""
    if "PRIVATE" in written:
        raise Refused("这是私钥，不能交给任何人；请提供公钥（PUBLIC KEY）")
    try:
        key = serialization.load_pem_public_key(written.strip().encode())
    except (ValueError, UnsupportedAlgorithm) as problem:
        raise Refused("公钥读不懂；请提供 PEM 格式的 Ed25519 公钥") from problem
    if not isinstance(key, Ed25519PublicKey):
        raise Refused("只收 Ed25519 公钥；请用 canbao-client key 生成")
    return key


def fingerprint(written: str) -> str:
    """SHA-256 of the key itself (DER), in hex; raises Refused as `read_public_key` does."""
    der = read_public_key(written).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(der).hexdigest()
