"""HTTP Message Signatures (RFC 9421): by whose key a request was signed, and that the digest of its body was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.http import HttpRequest
from http_message_signatures import (
    ContentDigest,
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
)
from http_message_signatures.algorithms import ED25519

from canbao.registry.models import PartnerKey
from canbao.registry.outage import outage
from canbao.registry.partner_keys import read_public_key

COVERED = ("@method", "@path", "@query", "content-digest")
TAG = "canbao"
SHORTEST_NONCE, LONGEST_NONCE = 16, 128
NOBODY = Ed25519PrivateKey.generate().public_key()
"""Verifies signatures by keys that nobody has, so that a key that is there and one that isn't take as long."""


class Unproven(Exception):
    """Nobody knows whose request this is."""


@dataclass(frozen=True)
class Proven:
    """By which key a request was signed, when, and with which nonce; `digest` is signed and not compared yet."""

    key: PartnerKey
    created: int
    nonce: str
    digest: str

    def is_of(self, body: bytes) -> bool:
        """Whether the request was signed with this body."""
        try:
            ContentDigest.verify(self.digest, body)
        except InvalidSignature:
            return False
        return True


def proven(request: HttpRequest) -> Proven:
    """Whose request it is, by its headers alone; raises Unproven."""
    keys = _Keys()
    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=keys)
    try:
        found = verifier.verify(_message(request), max_age=None, expect_tag=TAG, require_components=COVERED)
    except HTTPMessageSignaturesException as problem:
        if outage(problem):
            raise
        raise Unproven from problem
    if len(found) != 1 or keys.found is None or not _is_nonce(found[0].nonce):
        raise Unproven
    digest = found[0].covered_components['"content-digest"']
    return Proven(keys.found, int(found[0].parameters["created"]), found[0].nonce or "", digest)


@dataclass(frozen=True)
class _Message:
    """A request as the library wants to have it."""

    method: str
    url: str
    headers: Mapping[str, str]


def _message(request: HttpRequest) -> _Message:
    return _Message(request.method or "", request.build_absolute_uri(request.get_full_path()), request.headers)


class _Keys(HTTPSignatureKeyResolver):
    """Looks keys up, those that are not valid any more too: whoever signs with one has it, and that is noted."""

    found: PartnerKey | None = None

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        """The key of that fingerprint."""
        known = PartnerKey.objects.select_related("partner__officer", "partner__stream").filter(key_id=key_id)
        self.found = known.first()
        return read_public_key(self.found.public_key) if self.found else NOBODY


class _Verifier(HTTPMessageVerifier):
    """The library's, but for the clock: it would say that time is over before it knows who asks."""

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Only that it is there; how long ago that may be, the guard asks."""
        if "created" not in sig_input.params:
            raise InvalidSignature('Signature is missing a required "created" parameter')


def _is_nonce(said: str | None) -> bool:
    return said is not None and SHORTEST_NONCE <= len(said) <= LONGEST_NONCE
