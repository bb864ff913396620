"""Candidates as officers see them, and what the machine that finds them is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from canbao.registry.access import acting, working
from canbao.registry.database import rows
from canbao.registry.deeds import deed
from canbao.registry.lookup import LARGEST_ID
from canbao.registry.models import Candidate, Officer
from canbao.registry.quotas import count_as_seen

PAGE = 25
PIECE = 20_000
COMPARED = (
    "ssn", "name", "sex", "birth_date::text", "mobile", "residence_address", "hukou_address", "hukou_village_code",
    "unit_no", "unit_name",
)  # fmt: skip
"""The items that are compared, in the order of `batch.candidates.tables.PEOPLE` after person_id."""


@dataclass(frozen=True)
class Seen:
    """A candidate with both people as registered now: id, ssn, name, birth_date, home."""

    candidate: Candidate
    left: dict[str, Any]
    right: dict[str, Any]


def listed(*, by: Officer, state: str = "open", after: int = 0) -> list[Seen]:
    """At most PAGE candidates whose both people the officer may see, the likeliest first, without the first `after`."""
    with deed(by=by, action="candidate.list", permission="candidate.see", purpose="conflict") as note:
        found = own_candidates(by)
        if state:
            found = found.filter(state=state)
        page = list(found.select_related("decided_by").order_by("-probability", "pk")[after : after + PAGE])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, ssn, name, birth_date, home FROM person WHERE id = ANY(%s)",
                [[one for pair in page for one in (pair.left_id, pair.right_id)]],
            )
            people = {one["id"]: one for one in rows(cursor)}
        seen = [one for one in page if one.left_id in people and one.right_id in people]
        note.objects.extend(f"candidate:{one.pk}" for one in seen)
        count_as_seen([person for one in seen for person in (one.left_id, one.right_id)], by, note)
        return [Seen(one, people[one.left_id], people[one.right_id]) for one in seen]


def found(candidate_id: int, *, by: Officer) -> Candidate | None:
    """One candidate of the officer's area, or None."""
    with acting(by.area, by):
        return own_candidates(by).filter(pk=min(candidate_id, LARGEST_ID)).first()


def own_candidates(by: Officer) -> QuerySet[Candidate]:
    """The candidates whose people both lie in the officer's area."""
    return Candidate.objects.filter(area__startswith=by.area) if by.area else Candidate.objects.none()


def people_to_compare() -> Iterator[Sequence[Sequence[Any]]]:
    """Everybody who is registered, by their kept number, piece by piece: key and COMPARED."""
    after = 0
    while True:
        with working(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, {', '.join(COMPARED)} FROM person WHERE id > %s AND name IS NOT NULL AND home <> '' "
                f"ORDER BY id LIMIT {PIECE}",
                [after],
            )
            piece = cursor.fetchall()
        if not piece:
            return
        yield piece
        after = piece[-1][0]


def decided() -> Iterator[Sequence[Sequence[Any]]]:
    """The pairs that officers have decided, with the data that they looked at."""
    with working():
        found = Candidate.objects.exclude(state="open").order_by("pk")
        pairs = list(found.values_list("left_id", "right_id", "left_digest", "right_digest"))
    yield pairs
