"""What a request about a protection shows among the other requests: no more than the protection's own page does."""

from __future__ import annotations

from typing import Any

from canbao.office.people.showing import cause_label
from canbao.registry import protections as registered
from canbao.registry.models import Officer, Request


def protection_part(request: Request, by: Officer) -> dict[str, Any]:
    """The protection that the request asks for, changes or ends; nothing for whom it does not concern."""
    first = request.undoes_id or request.content.get("of") or request.pk
    shown = registered.found(first, by=by) if by.may("protection.see") else None
    return {"protection": shown, "cause": cause_label(shown.request.content["cause"]) if shown else ""}
