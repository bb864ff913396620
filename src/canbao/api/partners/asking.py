"""What a partner says: the body as it was sent, unpacked, and read as JSON; never more than it may be."""

from __future__ import annotations

import zlib
from threading import BoundedSemaphore
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from canbao.api.bodies import is_longer, length_of, what_came
from canbao.core.strict_json import read_json
from canbao.registry.partners import PartnerRefused

LONGEST = 1 << 20
"""Bytes of a request that pushes no rows."""
AT_ONCE = 2
"""Partners' bodies that a web process reads at the same moment: half its threads (commands.serving)."""
SECONDS_TO_WAIT, SECONDS_LATER = 0.5, 10
_READING = BoundedSemaphore(AT_ONCE)
GZIP = 31
"""zlib's number for it (`wbits`)."""


def sent(request: HttpRequest, most: int) -> bytes:
    """The body as it was sent; raises PartnerRefused for one that is too large, before any of it is read."""
    if is_longer(request, most):
        raise too_large(most)
    content = _read(request)
    if len(content) != length_of(request):
        raise PartnerRefused(400, "wrong", "内容没有送完，没有收下；请重新发送")
    return content


def _read(request: HttpRequest) -> bytes:
    """What has come of the body. Whoever sends slowly holds a thread: never so many that nobody else is served."""
    if not length_of(request):
        return b""
    if not _READING.acquire(timeout=SECONDS_TO_WAIT):
        raise PartnerRefused(503, "away", "正在接收的请求太多，没有收下；请稍后重发", seconds=SECONDS_LATER)
    try:
        return what_came(request)
    finally:
        _READING.release()


def unpacked(content: bytes, encoding: str, most: int) -> bytes:
    """The body without its compression; raises PartnerRefused for what can't be unpacked, or is too large then."""
    if encoding in ("", "identity"):
        return content
    if encoding != "gzip":
        raise PartnerRefused(400, "wrong", "内容的压缩方式（Content-Encoding）只能是 gzip")
    reader = zlib.decompressobj(wbits=GZIP)
    try:
        text = reader.decompress(content, most + 1)
    except zlib.error as problem:
        raise PartnerRefused(400, "wrong", "内容的压缩（gzip）有误，没有收下") from problem
    if len(text) > most:
        raise too_large(most)
    if not reader.eof or reader.unused_data:
        raise PartnerRefused(400, "wrong", "内容的压缩（gzip）不完整，或后面还有别的，没有收下")
    return text


def too_large(most: int) -> PartnerRefused:
    """The refusal of a body that is longer than it may be, as sent or unpacked."""
    return PartnerRefused(413, "too_large", f"一次送得太多（最多 {most} 字节），没有收下；请分几次发送")


class PartnerParser(Parser):
    """Reads bodies for ninja."""

    def parse_body(self, request: HttpRequest) -> Any:
        """What the body says; ninja answers 400 to what this raises."""
        return read_json(request.body)
