"""The purpose of looking at records: asked once, kept for half an hour, on the log with every look-up."""

from __future__ import annotations

import time

from django.http import HttpRequest

from canbao.law.duties import EMERGENCY, read_duties
from canbao.office.emergencies.under import under

KEPT = "purpose"
KEPT_SECONDS = 30 * 60


def purpose_of(request: HttpRequest) -> str:
    """The purpose that the officer has stated in the last half hour, or an empty text."""
    purpose, at = request.session.get(KEPT, ("", 0.0))
    fresh = 0 <= time.time() - at <= KEPT_SECONDS
    return purpose if fresh and purpose in _known() else ""


def keep_purpose(request: HttpRequest, purpose: str) -> bool:
    """Keep a purpose from now on; False if the law has no such purpose."""
    if purpose not in _known():
        return False
    request.session[KEPT] = (purpose, time.time())
    return True


def purposes() -> list[tuple[str, str]]:
    """Every purpose that officers may state, with its words, for a list to choose from."""
    return [*_known().items()]


def purposes_of(request: HttpRequest) -> list[tuple[str, str]]:
    """The purposes to choose from now; in an emergency that is the purpose."""
    return [(EMERGENCY, read_duties().purposes[EMERGENCY].label)] if under(request) is not None else purposes()


def _known() -> dict[str, str]:
    return {one.id: one.label for one in read_duties().purposes.values() if one.id != EMERGENCY}
