"""What everybody may ask of a proof: whether its number is revoked, and no more. Asked by the register itself."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from canbao.registry.access import working
from canbao.registry.models import Proof
from canbao.registry.throttle import begin_guess

VALID, REVOKED, EXPIRED, UNKNOWN = "valid", "revoked", "expired", "unknown"


def state_of(number: str) -> str:
    """Whether a proof is valid, revoked, expired or unknown; raises TooManyGuesses for who asks for unknown ones."""
    guess = begin_guess("proof", of="proofs")
    with working():
        proof = Proof.objects.filter(number=number).only("revoked_at", "valid_to").first()
    if proof is None:
        return UNKNOWN
    guess.proven()
    if proof.revoked_at is not None:
        return REVOKED
    return VALID if timezone.now() <= proof.valid_to else EXPIRED


def revoked_list() -> dict[str, Any]:
    """The revoked numbers among those that would still be valid, for whoever verifies without a network."""
    now = timezone.now()
    with working():
        known = Proof.objects.filter(valid_to__gte=now).exclude(revoked_at=None)
        numbers = [*known.order_by("number").values_list("number", flat=True)]
    return {"as_of": timezone.localtime(now).isoformat(timespec="seconds"), "revoked": numbers}
