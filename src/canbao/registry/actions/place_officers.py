"""Officers whose area changes its code go along with it; where several have taken it over, somebody has to choose."""

from __future__ import annotations

from collections.abc import Sequence

from canbao.core.place_changes import Row, successors
from canbao.registry.audit import append
from canbao.registry.database import Cursor
from canbao.registry.deeds import entry_of
from canbao.registry.models import Candidate, Officer, PlaceChange, Request

Moved = list[list[object]]


def let_officers_follow(cursor: Cursor, change: PlaceChange, rows: Sequence[Row]) -> tuple[Moved, Moved]:
    """Give officers of a place that is gone its only successor as their area, and end their sessions.

    Returns who has moved, as [id, before, after], and who is to be granted an area anew, as [id, area]: they see nobody
    till then.
    """
    heirs = successors(rows)
    gone = {row.old for row in rows if row.is_move}
    moved: Moved = []
    to_grant: Moved = []
    for officer in Officer.objects.select_for_update().filter(area__in=gone).order_by("id"):
        if len(heirs[officer.area]) > 1:
            to_grant.append([officer.pk, officer.area])
            continue
        moved.append([officer.pk, officer.area, heirs[officer.area][0]])
        _move(cursor, change, officer, heirs[officer.area][0])
    return moved, to_grant


def let_officers_return(cursor: Cursor, change: PlaceChange) -> None:
    """A change is taken back: officers who went along, and are still where they went, are where they were."""
    for id_, before, after in change.moved:
        officer = Officer.objects.select_for_update().filter(pk=id_, area=after).first()
        if officer:
            _move(cursor, change, officer, before)


def let_requests_follow(rows: Sequence[Row]) -> int:
    """Requests and candidates that wait for a decision go where their place has gone; returns how many requests.

    Their areas are counties at the finest; those of the askers may be towns.
    """
    many = 0
    for old, new in ((row.old, row.new) for row in rows if row.is_move and len(row.old) <= len("440604010")):
        Candidate.objects.filter(area=old).update(area=new)
        waiting = Request.objects.filter(state="asked")
        many += waiting.filter(area=old).update(area=new)
        waiting.filter(asked_area=old).update(asked_area=new)
    return many


def _move(cursor: Cursor, change: PlaceChange, officer: Officer, area: str) -> None:
    before = officer.area
    officer.area, officer.session_key = area, ""
    officer.save(update_fields=["area", "session_key"])
    request = change.revoked_by or change.request
    details = {"before": [officer.duty, before], "after": [officer.duty, area], "request": request.pk}
    objects = (f"officer:{officer.pk}", f"place_change:{change.pk}")
    append(cursor, entry_of(request.decided_by, "officer.area_moved", objects=objects, details=details))
