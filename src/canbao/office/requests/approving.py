"""Approving a request on whichever page, with what the office has to do then: above all, to put long work on the queue.

An effect within the register belongs to `registry.actions.effects`; here is only what the register can't do by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from canbao.office.packages.queueing import queue_withdrawal
from canbao.office.place_changes.following import let_follow
from canbao.registry.actions import requests
from canbao.registry.deeds import together
from canbao.registry.models import Officer, Request


def approve(*, request: Request, answer: str, by: Officer) -> Request:
    """Decide that it shall be so, and have done what follows, in one transaction: both are there or neither is.

    Raises what `requests.approve` raises.
    """
    with together():
        approved = requests.approve(request=request, answer=answer, by=by)
        if approved.kind in AFTER_APPROVAL:
            AFTER_APPROVAL[approved.kind](approved, by)
    return approved


def take_out(request: Request, by: Officer) -> None:
    """Have a worker take the package out of the register."""
    if request.package is not None:
        queue_withdrawal(request.package, by)


def follow_places(request: Request, by: Officer) -> None:
    """Let people follow at once if the day has come; the periodic work would do so a little later."""
    transaction.on_commit(let_follow)


AFTER_APPROVAL: dict[str, Callable[[Request, Officer], None]] = {
    "withdrawal": take_out,
    "place_change": follow_places,
    "place_list": follow_places,
    "unplace_change": follow_places,
}
"""One line for a kind; called with the approved request and who approved it."""
