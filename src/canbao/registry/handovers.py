"""The people who left one's city or came to it, for both cities to see; those whom nobody claims, for the province."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from canbao.registry.access import PROVINCE
from canbao.registry.database import rows
from canbao.registry.deeds import Note, deed
from canbao.registry.models import Handover, Officer
from canbao.registry.quotas import count_as_seen

PAGE = 50
CITY = 4
DIRECTIONS = ("in", "out", "lost")
"""Come to one's city, gone from it, and claimed by nobody."""


@dataclass(frozen=True)
class Moved:
    """A handover with the person as registered now (id, ssn, name, home), or without, if one may not see them."""

    handover: Handover
    person: dict[str, Any] | None


def listed(*, by: Officer, direction: str = "", state: str = "open", after: int = 0) -> list[Moved]:
    """At most PAGE handovers that concern the officer's city, the latest first, beginning below the id `after`."""
    with deed(by=by, action="handover.list", permission="handover.see", area=PROVINCE) as note:
        found = _towards(own_handovers(by), by.area[:CITY], direction)
        if state:
            found = found.filter(state=state)
        if after:
            found = found.filter(pk__lt=after)
        page = list(found.select_related("taken_by").order_by("-pk")[:PAGE])
        note.objects.extend(f"handover:{one.pk}" for one in page)
        people = _people([one.person_id for one in page], by, note)
        return [Moved(one, people.get(one.person_id)) for one in page]


def own_handovers(by: Officer) -> QuerySet[Handover]:
    """The handovers from and to the officer's city; all for the province."""
    if not by.area:
        return Handover.objects.none()
    city = by.area[:CITY]
    return Handover.objects.filter(Q(from_city__startswith=city) | Q(to_city__startswith=city, to_city__gt=""))


def _towards(found: QuerySet[Handover], city: str, direction: str) -> QuerySet[Handover]:
    if direction == "in":
        return found.filter(to_city__startswith=city).exclude(to_city="")
    if direction == "out":
        return found.filter(from_city__startswith=city)
    return found.filter(to_city="") if direction == "lost" else found


def _people(ids: list[int], by: Officer, note: Note) -> dict[int, dict[str, Any]]:
    """The people of a page, counted as seen; a duty that sees nobody gets none."""
    if not by.may("person.search"):
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ssn, name, home FROM person WHERE id = ANY(%s)", [ids])
        found = {one["id"]: one for one in rows(cursor)}
    count_as_seen([*found], by, note)
    return found
