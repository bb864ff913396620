"""Proofs that counters have issued of a person, and revoking one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from canbao.law.duties import read_duties
from canbao.office.pages import unkept
from canbao.registry.actions.proofs import issued, revoke
from canbao.registry.lookup import Record
from canbao.registry.models import Officer, Proof


def issued_proofs(record: Record, by: Officer) -> list[dict[str, Any]]:
    """Everything that templates/office/people/proofs.html draws of a person's proofs, the latest first."""
    return [_proof(one) for one in issued(record, by=by)]


@unkept
@require_POST
def revoke_proof(request: HttpRequest, person_id: int, number: str) -> HttpResponse:
    """Revoke a proof, with a reason."""
    revoke(person_id=person_id, number=number, reason=request.POST.get("reason", ""), by=request.user)
    messages.success(request, f"证明 {number} 已作废；核验时会提示")
    return redirect("person", person_id)


def _proof(one: Proof) -> dict[str, Any]:
    purpose = read_duties().purposes.get(one.purpose)
    return {
        "number": one.number,
        "issued_at": one.issued_at,
        "valid_to": one.valid_to,
        "by": f"{one.partner.label}，{one.told_to}",
        "purpose": purpose.label if purpose else one.purpose,
        "revoked_at": one.revoked_at,
        "revoked_by": one.revoked_by.display_name if one.revoked_by else "",
        "reason": one.revoked_reason,
        "is_valid": one.revoked_at is None and timezone.now() <= one.valid_to,
    }
