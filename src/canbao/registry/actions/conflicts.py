"""Settling conflicts: the division that came later says whether its statement is about the same person."""

from __future__ import annotations

from typing import Literal

from django.db import connection
from django.utils import timezone

from canbao.core.progress import after
from canbao.law.moves import read_workflows
from canbao.registry.access import PROVINCE, Refused, require_area, unveiled
from canbao.registry.actions.admission.delivery import Cause
from canbao.registry.actions.admission.holding import contest
from canbao.registry.actions.admission.package import judge_again
from canbao.registry.actions.admission.staging import own_mapping
from canbao.registry.deeds import deed, refuse_identity_numbers
from canbao.registry.models import Conflict, Officer

Decision = Literal["same", "different"]


def settle(*, conflict: Conflict, decision: Decision, reason: str, by: Officer) -> None:
    """Decide a conflict of one's own division.

    `same`: the statement counts from now on, and the question is not asked again. `different`: it stays held out, and
    the city has to correct the number at its source. Raises Refused without a reason or outside one's area.
    """
    with deed(by=by, action="conflict.settle", permission="conflict.decide", area=PROVINCE) as note:
        if decision == "same":
            with connection.cursor() as cursor:
                own_mapping(cursor)  # before the conflict is locked, which an admission may be about to drop
        locked = Conflict.objects.select_for_update().get(pk=conflict.pk)
        note.objects += [f"conflict:{locked.pk}", f"person:{locked.person_id}"]
        note.details.update(decision=decision)
        require_area(by, locked.division_code)
        if len(reason.strip()) < 4:
            raise Refused("请写明核准的理由")
        refuse_identity_numbers(reason, "理由")
        locked.state = after(read_workflows()["conflict"], locked.state, "settle")
        locked.decision, locked.reason = decision, reason.strip()
        locked.settled_by, locked.settled_at = by, timezone.now()
        locked.save()
        if decision == "same":
            _count_in(locked, by)


def _count_in(conflict: Conflict, by: Officer) -> None:
    """Let the statement count; it may be the one that others' names are held against from now on."""
    with unveiled(), connection.cursor() as cursor:
        contest(cursor, [conflict.person_id])
        cause = Cause("settled", conflict.package_id, by.id)
        judge_again(cursor, [conflict.person_id], cause, conflict.package.as_of)
