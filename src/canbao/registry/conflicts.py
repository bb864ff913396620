"""Looking at conflicts: the list that is one's own, and one conflict with its two statements side by side.

The later division does not see the person yet, for its statement is held out; the desk is where it does, and only of
people whose conflict falls to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from canbao.registry.access import PROVINCE, acting
from canbao.registry.deeds import deed, write_refusal
from canbao.registry.lookup import LARGEST_ID, Record, whole_record
from canbao.registry.models import Conflict, Officer
from canbao.registry.quotas import canaries_among

Row = dict[str, Any]
PAGE = 50
STATES = ("open", "settled")
KINDS = {"name": "姓名不同", "household": "两市户籍"}
CITY = 4


@dataclass(frozen=True)
class Desk:
    """A conflict, what the first division says of the person (empty if it no longer does), and what the later one says.

    Covers are insurance rows: those of all other divisions, and those of the later one.
    """

    conflict: Conflict
    reference: Row
    statement: Row
    reference_covers: list[Row]
    covers: list[Row]


def listed(*, by: Officer, state: str = "", kind: str = "", city: str = "", after: int = 0) -> list[Conflict]:
    """At most PAGE conflicts of the officer's own area, the latest first, beginning below the id `after`."""
    with deed(by=by, action="conflict.list", permission="conflict.list", purpose="conflict") as note:
        found = own_conflicts(by)
        if state in STATES:
            found = found.filter(state=state)
        if kind in KINDS:
            found = found.filter(kind=kind)
        if city:
            found = found.filter(division_code__startswith=city)
        if after:
            found = found.filter(pk__lt=after)
        page = list(found.select_related("settled_by").order_by("-pk")[:PAGE])
        note.objects.extend(f"conflict:{one.pk}" for one in page)
        if by.may("conflict.see"):  # others are shown no names
            with connection.cursor() as cursor:
                note.alarms.extend(canaries_among(cursor, [one.person_id for one in page]))
        return page


def desk(conflict_id: int, *, by: Officer) -> Desk | None:
    """One conflict with its two sides, or None if there is no such conflict of the officer's own; counts as seen."""
    with deed(by=by, action="conflict.see", permission="conflict.see", purpose="conflict", area=PROVINCE) as note:
        conflict = (
            own_conflicts(by).filter(pk=min(conflict_id, LARGEST_ID)).select_related("settled_by", "package").first()
        )
        if conflict is None:
            note.details.update(found=0, asked=conflict_id)
            return None
        note.objects.append(f"conflict:{conflict.pk}")
        record = whole_record(conflict.person_id, by, note)
        return _laid_out(conflict, record) if record else None


def to_settle(conflict_id: int, *, by: Officer) -> Conflict | None:
    """The conflict to be settled, or None, written down, if there is no such conflict of the officer's own."""
    with acting(PROVINCE, by):
        conflict = own_conflicts(by).filter(pk=min(conflict_id, LARGEST_ID)).select_related("package").first()
    if conflict is None:
        write_refusal(by=by, action="conflict.settle", why=f"没有争议 {conflict_id}，或不在管辖范围内")
    return conflict


def own_conflicts(by: Officer) -> QuerySet[Conflict]:
    """The conflicts that fall to one's city; below a city, those about people of one's own place."""
    if not by.area:
        return Conflict.objects.none()
    found = Conflict.objects.filter(division_code__startswith=by.area[:CITY])
    return found if len(by.area) <= CITY else found.extra(where=[_OF_PLACE], params=[f"|{by.area}"])


_OF_PLACE = "EXISTS (SELECT FROM person WHERE person.id = registry_conflict.person_id AND strpos(areas, %s) > 0)"


def _laid_out(conflict: Conflict, record: Record) -> Desk:
    """The reference is what the first of the other divisions says, so that like stands beside like."""
    division, number = conflict.division_code, conflict.person_id
    facts = [fact for fact in record.facts if fact["person_id"] == number]
    covers = [row for row in record.insurances if row["person_id"] == number]
    others = [fact for fact in facts if fact["division_code"] != division]
    return Desk(
        conflict=conflict,
        reference=next(iter(others), {}),
        statement=next((fact for fact in facts if fact["division_code"] == division), {}),
        reference_covers=[row for row in covers if row["division_code"] != division],
        covers=[row for row in covers if row["division_code"] == division],
    )
