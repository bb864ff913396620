"""Records as they lie on a desk where something is set right: several at once, each counted as seen."""

from __future__ import annotations

from collections.abc import Sequence

from canbao.registry.deeds import deed
from canbao.registry.lookup import Record, whole_record
from canbao.registry.models import Assignment, Correction, Link, Officer, Request

PURPOSE = "setting_right"


def records(
    people: Sequence[int], *, by: Officer, action: str, permission: str, purpose: str = PURPOSE, request: int = 0
) -> list[Record | None]:
    """The records of some people, in their order; None for one that is not in the officer's area.

    `request` is the key of the request that they are looked at for. Raises Refused beyond the day's quota.
    """
    with deed(by=by, action=action, permission=permission, purpose=purpose, needs_purpose=True) as note:
        if request:
            note.objects.append(f"request:{request}")
        return [whole_record(one, by, note) for one in people]


def joins(record: Record) -> dict[int, int]:
    """Of each number's key that was joined to the person's others, the request by which it was."""
    numbers = [one["person_id"] for one in record.identifiers]
    found = Link.objects.filter(person_id__in=numbers, revoked_by=None)
    return dict(found.values_list("person_id", "request_id"))


def apart(record: Record) -> list[Assignment]:
    """What divisions say under one of the person's numbers, or under another's, and is counted for somebody else."""
    numbers = [one["person_id"] for one in record.identifiers]
    written = [one["ssn"] for one in record.identifiers]
    in_force = Assignment.objects.filter(revoked_by=None)
    return list((in_force.filter(person_id__in=numbers) | in_force.filter(ssn__in=written)).order_by("pk"))


def corrected_by(request: Request) -> dict[str, str | None]:
    """Each item that a request has corrected, with its value before; nothing for one that has not been approved."""
    return dict(Correction.objects.filter(request=request).values_list("item", "was"))
