"""Handing over: whoever belongs to another city than before, or whose household nobody claims any more, is on a list.

Both cities see it, and it stays until the new one has said that it has the person. Reads `outcome` and `known`, before
records are changed.
"""

from __future__ import annotations

from canbao.registry.actions.admission.delivery import Cause
from canbao.registry.database import Cursor


def hand_over(cursor: Cursor, cause: Cause) -> None:
    """Write down who leaves a city, where those go whom nobody claimed, and who has come back."""
    cursor.execute("CREATE TEMP TABLE moved ON COMMIT DROP AS " + _MOVED)
    if not cursor.rowcount:
        return
    cursor.execute(_BACK)
    cursor.execute(_ONWARD)
    cursor.execute(_NEW, {"package": cause.package})


_MOVED = """
SELECT person.id AS person_id, left(person.home, 4) AS from_city,
    CASE WHEN person.is_household AND NOT outcome.is_household AND outcome.registration_status IS NULL THEN ''
        ELSE left(outcome.home, 4) END AS to_city
FROM outcome JOIN known AS person ON person.id = outcome.person_id
WHERE person.home <> '' AND outcome.home <> '' AND (left(person.home, 4) <> left(outcome.home, 4)
    OR (person.is_household AND outcome.registration_status IS NULL AND person.registration_status IS NOT NULL)
    OR (person.registration_status IS NULL AND outcome.registration_status IS NOT NULL))
"""
"""Who is another city's, whose household nobody has any more (to_city is empty), and who is claimed once more."""
_BACK = (
    "UPDATE registry_handover AS open SET state = 'returned' FROM moved WHERE open.person_id = moved.person_id "
    "AND open.state = 'open' AND open.from_city = moved.to_city"
)
_ONWARD = (
    "UPDATE registry_handover AS open SET to_city = moved.to_city FROM moved WHERE open.person_id = moved.person_id "
    "AND open.state = 'open'"
)
"""Somebody else has them by now; the city that let them go stays the same."""
_NEW = (
    "INSERT INTO registry_handover (person_id, from_city, to_city, package_id, at, state, note) "
    "SELECT person_id, from_city, to_city, %(package)s, now(), 'open', '' FROM moved WHERE from_city <> to_city "
    "AND NOT EXISTS (SELECT FROM registry_handover AS open WHERE open.person_id = moved.person_id AND state = 'open')"
)
