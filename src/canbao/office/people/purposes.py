"""What a look-up is for: asked once, kept for half an hour of work, named on the log each time."""

from __future__ import annotations

import time

from django.http import HttpRequest

from canbao.law.duties import Purpose, read_duties

KEPT_SECONDS = 30 * 60
_PURPOSE, _AT = "purpose", "purpose_at"


def purpose_of(request: HttpRequest) -> str:
    """The purpose that the officer has named, or an empty text if there is none, or it was too long ago."""
    if time.time() - request.session.get(_AT, 0) > KEPT_SECONDS:
        return ""
    return str(request.session.get(_PURPOSE, ""))


def keep_purpose(request: HttpRequest, purpose: str) -> bool:
    """Remember a purpose of the law; answers whether it is one."""
    if purpose not in purposes():
        return False
    request.session[_PURPOSE], request.session[_AT] = purpose, time.time()
    return True


def purposes() -> dict[str, Purpose]:
    """The purposes to choose from."""
    return read_duties().purposes
