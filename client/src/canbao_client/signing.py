"""Signs requests: HTTP Message Signatures (RFC 9421) over method, path, query and the body's digest (RFC 9530)."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from requests import PreparedRequest

from canbao_client.keys import fingerprint

COVERED = ("@method", "@path", "@query", "content-digest")
TAG = "canbao"


class Signature:
    """Signs with one key, by the server's clock as far as it is known."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self.key_id = fingerprint(key.public_key())
        self._ahead = 0.0
        self._signer = HTTPMessageSigner(
            signature_algorithm=ED25519,
            key_resolver=MappingKeyResolver(public_keys={}, private_keys={self.key_id: key}),
        )

    def put_on(self, request: PreparedRequest) -> None:
        """Sign a request as it stands, with a moment and a nonce of its own."""
        body = request.body or b""
        self._signer.sign(
            request, key_id=self.key_id, created=datetime.fromtimestamp(int(time.time() + self._ahead), UTC),
            nonce=secrets.token_urlsafe(18), label="sig", tag=TAG, covered_component_ids=COVERED,
            body=body.encode() if isinstance(body, str) else bytes(body),
        )  # fmt: skip

    def set_clock(self, now: float) -> None:
        """Go by the server's clock from here on; `now` is its time in seconds."""
        self._ahead = now - time.time()
