"""Revoking a proof that was issued: it stays signed, but whoever verifies it is told."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from canbao.registry.access import Refused, acting
from canbao.registry.actions.merges import see
from canbao.registry.deeds import deed, require_words
from canbao.registry.joining import numbers_of
from canbao.registry.lookup import Record
from canbao.registry.models import Officer, Proof

MOST = 100
"""How many proofs of a person are listed."""


def revoke(*, person_id: int, number: str, reason: str, by: Officer) -> None:
    """Revoke a proof of somebody whom the officer may see; raises Refused for none such and for one that is revoked."""
    with deed(by=by, action="proof.revoke", permission="proof.revoke") as note:
        see([person_id], by, note)
        note.objects.append(f"proof:{number}")
        require_words(reason, "作废原因")
        with connection.cursor() as cursor:
            numbers = numbers_of(cursor, person_id)
        proof = Proof.objects.select_for_update().filter(number=number, person_id__in=numbers).first()
        if proof is None or proof.revoked_at is not None:
            raise Refused("没有这份证明，或已经作废；请刷新页面")
        proof.revoked_at, proof.revoked_by, proof.revoked_reason = timezone.now(), by, reason.strip()
        proof.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])


def issued(record: Record, *, by: Officer) -> list[Proof]:
    """The proofs issued of somebody whom the officer sees, the latest first; protection holds for them too."""
    people = [record.person["id"], *(one["person_id"] for one in record.identifiers)]
    with acting(by.area, by):
        found = Proof.objects.filter(person_id__in=people).select_related("partner", "revoked_by")
        return list(found.order_by("-issued_at")[:MOST])
