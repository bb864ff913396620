"""Sealing one secret: AES-256-GCM with a key of its own, which is itself sealed with the newest data key.

    2:BASE64   version of the data key : nonce, sealed own key, nonce, sealed secret

Both seals name version and place (`registry_phone.sealed_key:7`), so that a value that somebody moves to another row,
another column or another version doesn't open. An own key for each secret keeps every key far below the 2^32 random
nonces that GCM allows.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection

from canbao.registry.secrets.keys import RESTORE, SecretLost, newest, read_key

NONCE_BYTES, TAG_BYTES, OWN_KEY_BYTES = 12, 16, 32
OWN_KEY_END = NONCE_BYTES + OWN_KEY_BYTES + TAG_BYTES
LOCK = 0x7365616C
"""The advisory lock that sealers share, and that a change of keys has for itself for a moment; taken before the lock
of the audit log, never after it."""


def seal(secret: bytes, place: str) -> str:
    """Seal a secret for its place with the newest data key; within the transaction that keeps it.

    Raises SecretLost if there is no key, and RuntimeError outside a transaction: a key might be destroyed meanwhile.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a secret is sealed within the transaction that keeps it")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])
    version = newest(settings.DATA_KEYS)
    own = AESGCM.generate_key(OWN_KEY_BYTES * 8)
    wrapped = _encrypt(read_key(settings.DATA_KEYS, version), own, f"key {version} {place}")
    return f"{version}:{b64encode(wrapped + _encrypt(own, secret, f'secret {version} {place}')).decode()}"


def opened(sealed: str, place: str) -> bytes:
    """The secret that was sealed for this place; raises SecretLost if the key is missing or it is another's."""
    version, _, text = sealed.partition(":")
    try:
        raw = b64decode(text, validate=True)
        key = read_key(settings.DATA_KEYS, int(version))
        own = _decrypt(key, raw[:OWN_KEY_END], f"key {version} {place}")
        return _decrypt(own, raw[OWN_KEY_END:], f"secret {version} {place}")
    except (InvalidTag, ValueError) as problem:
        wrong = "解不开：密钥不是加密时的那一把，或内容被改动、被换到了别处"
        raise SecretLost(place, wrong, RESTORE) from problem


def _encrypt(key: bytes, plain: bytes, place: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def _decrypt(key: bytes, sealed: bytes, place: str) -> bytes:
    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
