"""Requests as a partner's system signs them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519

COVERED = ("@method", "@path", "@query", "content-digest")
SERVER = "localhost"


@dataclass
class Message:
    """A request as the library wants to have it."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


def signed_headers(
    method: str, path: str, secret: Ed25519PrivateKey, key_id: str, body: bytes = b"", *,
    created: datetime | None = None, nonce: str | None = "", tag: str | None = "canbao",
    covered: Sequence[str] = COVERED,
) -> dict[str, str]:  # fmt: skip
    """The headers that prove a request; an empty nonce is a fresh one, None is none."""
    signer = HTTPMessageSigner(
        signature_algorithm=ED25519, key_resolver=MappingKeyResolver(public_keys={}, private_keys={key_id: secret})
    )
    message = Message(method, f"http://{SERVER}{path}")
    digest = body if "content-digest" in covered else None
    signer.sign(
        message, key_id=key_id, created=created or timezone.now(), label="sig", tag=tag, body=digest,
        nonce=secrets.token_hex(16) if nonce == "" else nonce, covered_component_ids=covered,
    )  # fmt: skip
    return message.headers


def signed(
    client: Client, method: str, path: str, secret: Ed25519PrivateKey, key_id: str, body: bytes = b"",
    *, content_type: str = "application/json", headers: dict[str, str] | None = None, **overrides: Any,
) -> HttpResponse:  # fmt: skip
    """Sign a request and send it. `overrides` are `signed_headers`'s."""
    proof = signed_headers(method, path, secret, key_id, body, **overrides)
    return send(client, method, path, body, {**proof, **(headers or {})}, content_type=content_type)


def send(
    client: Client, method: str, path: str, body: bytes, headers: dict[str, str],
    content_type: str = "application/json", **more: Any,
) -> HttpResponse:  # fmt: skip
    """Send a request with these headers, as they are."""
    return client.generic(method, path, body, content_type=content_type, headers=headers, **more)


@dataclass
class System:
    """A partner's system: `system.get("standing")`, `system.post("stream", {"rows": []})`."""

    secret: Ed25519PrivateKey
    key_id: str
    web: Client = field(default_factory=lambda: Client(SERVER_NAME=SERVER))

    def get(self, address: str, **more: Any) -> HttpResponse:
        return signed(self.web, "GET", f"/api/v1/{address}", self.secret, self.key_id, **more)

    def post(self, address: str, said: Any, **more: Any) -> HttpResponse:
        body = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
        return signed(self.web, "POST", f"/api/v1/{address}", self.secret, self.key_id, body, **more)
