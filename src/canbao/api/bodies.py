"""Bodies of requests, read as far as they come and never further than they may be long."""

from __future__ import annotations

from contextlib import suppress

from django.http import HttpRequest
from django.http.request import UnreadablePostError

CHUNK = 16_384


def length_of(request: HttpRequest) -> int | None:
    """How many bytes a request announces, or None for an announcement that is no number."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isdecimal() and len(announced) < 20 else None


def is_longer(request: HttpRequest, most: int) -> bool:
    """Whether a request announces more bytes than it may have."""
    length = length_of(request)
    return length is None or length > most


def what_came(request: HttpRequest) -> bytes:
    """The body, or as much of it as came before the line broke."""
    parts: list[bytes] = []
    with suppress(UnreadablePostError, OSError):
        while part := request.read(CHUNK):
            parts.append(part)
    return b"".join(parts)
