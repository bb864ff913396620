"""A time-stamping authority's token (RFC 3161) over a signature, where the office has named one (CANBAO_TSA_URL)."""

from __future__ import annotations

from contextlib import suppress

import requests
from cryptography import x509
from django.conf import settings
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, VerifierBuilder, decode_timestamp_response
from rfc3161_client.errors import VerificationError
from rfc3161_client.tsp import TimeStampRequest

from canbao.registry.access import Refused
from canbao.registry.evidence.verifier import der

PATIENCE = 10
"""Seconds that an officer waits for the authority."""
LARGEST = 64 << 10
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


class Unstamped(Refused):
    """The authority has not answered, or not rightly: nothing is handed out, and it may be asked for again."""

    status = 503


def stamped(content: bytes) -> bytes:
    """The authority's token over some bytes, verified up to the certificates that the office trusts; or Unstamped."""
    builder = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256)
    asked = builder.nonce(nonce=True).cert_request(cert_request=True).build()
    try:
        answer = decode_timestamp_response(_in_order(_answer(asked)))
        verifier = VerifierBuilder.from_request(asked)
        for root in roots():
            verifier = verifier.add_root_certificate(root)
        verifier.build().verify_message(answer, content)
        return answer.time_stamp_token()
    except (requests.RequestException, VerificationError, ValueError, IndexError, OSError) as problem:
        raise Unstamped("时间戳服务没有回答，或回答不可信；材料没有出具，请稍后再试或告知系统管理员") from problem


def roots() -> tuple[x509.Certificate, ...]:
    """The certificates (one or more, PEM) in the file that CANBAO_TSA_CERTIFICATE names; none without a file."""
    found: list[x509.Certificate] = []
    with suppress(FileNotFoundError, IsADirectoryError):
        found += x509.load_pem_x509_certificates(settings.TSA_CERTIFICATE.read_bytes())
    return tuple(found)


def _answer(asked: TimeStampRequest) -> bytes:
    """What the authority says, within bounds of time and size; it is asked where it is, not where it might send us."""
    with requests.post(
        settings.TSA_URL, asked.as_bytes(), headers={"Content-Type": QUERY, "Accept": REPLY}, timeout=PATIENCE,
        allow_redirects=False, stream=True,
    ) as answer:  # fmt: skip
        answer.raise_for_status()
        content = answer.raw.read(LARGEST + 1, decode_content=True)
        if answer.status_code != 200 or len(content) > LARGEST:
            raise ValueError("not an answer to a time-stamp query")
        return content


def _in_order(answer: bytes) -> bytes:
    """The same answer with its certificates in DER's order; OpenSSL leaves them in none, which the library can't read.

    Nobody has signed their order (RFC 5652, 5.1), and they come as a set.
    """
    _, token = der(der(answer)[0][1])
    signed_data = der(der(token[1])[1][1])[0]
    for tag, certificates, _ in der(signed_data[1]):
        if tag == 0xA0:
            return answer.replace(certificates, b"".join(sorted(whole for _, _, whole in der(certificates))))
    return answer
