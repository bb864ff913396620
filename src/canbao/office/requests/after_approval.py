"""What the office has to do once a request is approved, by its kind: above all, to put long work on the queue.

An effect within the register belongs to `registry.actions.effects`; here is only what the register can't do by itself.
The function runs in the transaction of the approval, so that a decision and its job are there together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable

from canbao.registry.models import Officer, Request

AFTER_APPROVAL: dict[str, Callable[[Request, Officer], None]] = {}
"""One line for a kind: `"withdrawal": queue_withdrawal`; called with the approved request and who approved it."""
