"""The purpose of looking at records: asked once, kept for half an hour, on the log with every look-up."""

from __future__ import annotations

import time

from django.http import HttpRequest

from canbao.law.duties import read_duties

KEPT = "purpose"
KEPT_SECONDS = 30 * 60


def purpose_of(request: HttpRequest) -> str:
    """The purpose that the officer has stated in the last half hour, or an empty text."""
    purpose, at = request.session.get(KEPT, ("", 0.0))
    fresh = 0 <= time.time() - at <= KEPT_SECONDS
    return purpose if fresh and purpose in read_duties().purposes else ""


def keep_purpose(request: HttpRequest, purpose: str) -> bool:
    """Keep a purpose from now on; False if the law has no such purpose."""
    if purpose not in read_duties().purposes:
        return False
    request.session[KEPT] = (purpose, time.time())
    return True


def purposes() -> list[tuple[str, str]]:
    """Every purpose with its words, for a list to choose from."""
    return [(one.id, one.label) for one in read_duties().purposes.values()]
