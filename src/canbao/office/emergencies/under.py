"""Whether an officer's look-ups go to the place of an emergency now, or to their own area."""

from __future__ import annotations

from django.http import HttpRequest

from canbao.registry.emergencies import open_emergency
from canbao.registry.models import Emergency

KEPT = "emergency"


def look_under(request: HttpRequest, emergency: Emergency | None) -> None:
    """Let the session's look-ups go to the place of an emergency, or back to the officer's own area."""
    request.session[KEPT] = emergency.pk if emergency else None


def under(request: HttpRequest) -> Emergency | None:
    """The emergency to whose place look-ups go; None when they go to the officer's own area, or it is over."""
    kept = request.session.get(KEPT)
    emergency = opened(request) if kept else None
    return emergency if emergency is not None and emergency.pk == kept else None


def opened(request: HttpRequest) -> Emergency | None:
    """The officer's emergency that is open now; asked once a request."""
    if not hasattr(request, "emergency"):
        request.emergency = open_emergency(request.user) if request.user.may("emergency.use") else None  # type: ignore[attr-defined]
    found: Emergency | None = request.emergency  # type: ignore[attr-defined]
    return found
