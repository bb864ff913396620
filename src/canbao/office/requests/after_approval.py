"""What the office has to do once a request is approved, by its kind: above all, to put long work on the queue.

An effect within the register belongs to `registry.actions.effects`; here is only what the register can't do by itself.
The function runs in the transaction of the approval, so that a decision and its job are there together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from canbao.office.packages.queueing import after_approval as package_decided
from canbao.office.place_changes.views import let_follow
from canbao.registry.models import Officer, Request


def follow_places(request: Request, by: Officer) -> None:
    """Let people follow at once if the day has come; the periodic work would do so a little later."""
    transaction.on_commit(let_follow)


AFTER_APPROVAL: dict[str, Callable[[Request, Officer], None]] = {
    "withdrawal": package_decided,
    "place_change": follow_places,
    "place_list": follow_places,
    "unplace_change": follow_places,
}
"""One line for a kind; called with the approved request and who approved it."""
