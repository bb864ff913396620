"""Asking that places change from a day on, and a look at what would change before one asks."""

from __future__ import annotations

from collections.abc import Sequence

from canbao.core.place_changes import Row
from canbao.registry.access import Refused, covers
from canbao.registry.actions.papers import File
from canbao.registry.actions.place_checking import Wanted, own_places, possible, require_revocable
from canbao.registry.actions.requests import Asked, put
from canbao.registry.deeds import deed, refuse_identity_numbers
from canbao.registry.models import Officer, PlaceChange, Request

ASKED_AS = {"list": "place_list"}


def ask_change(*, change: Wanted, reason: str, papers: Sequence[File], by: Officer) -> Request:
    """Ask for a change of places in one's area; `papers` has the instrument that orders it.

    Raises Refused, naming the code and the remedy, for what can't be.
    """
    with deed(by=by, action="place_change.ask", permission="place_change.ask") as note:
        own_places()
        note.details.update(change=change.kind, day=change.day.isoformat(), rows=len(change.rows))
        examined(change, by)
        kind = ASKED_AS.get(change.kind, "place_change")
        return put(Asked(kind, _area(change), change.content), reason=reason, papers=papers, by=by, note=note)


def preview(*, change: Wanted, by: Officer) -> tuple[Row, ...]:
    """The rows written out for all that goes along, if the change could be asked for; raises Refused."""
    with deed(by=by, action="place_change.preview", permission="place_change.ask") as note:
        note.details.update(change=change.kind, rows=len(change.rows))
        return examined(change, by)


def examined(change: Wanted, by: Officer) -> tuple[Row, ...]:
    """The rows written out; raises Refused if the change can't be or isn't the officer's to ask."""
    for code in (code for row in change.rows for code in (row.old, row.new) if code):
        if not covers(by.area, code):
            raise Refused(f"{code} 不在您的管辖范围内；请由管辖各方的上一级申请")
    for row in change.rows:
        refuse_identity_numbers(row.name, "区划名称")
    return possible(change)


def _area(change: Wanted) -> str:
    """The county or city that all places of the change lie in."""
    counties = {(row.old or row.new)[:6] for row in change.rows} | {row.new[:6] for row in change.rows}
    first = min(counties)
    is_of_town = all(len(row.new) > 6 for row in change.rows)
    return first if len(counties) == 1 and is_of_town else first[:4]


def ask_revoking(*, change: PlaceChange, reason: str, papers: Sequence[File] = (), by: Officer) -> Request:
    """Ask that a change be taken back; raises Refused if it can't be."""
    with deed(by=by, action="place_change.revoke", permission="place_change.ask") as note:
        note.objects.append(f"place_change:{change.pk}")
        own_places()
        origin = Request.objects.filter(pk=change.request_id).first()
        if origin is None or not covers(by.area, origin.area):
            raise Refused("不在您的管辖范围内")
        require_revocable(change)
        return put(
            Asked("unplace_change", origin.area, {}, undoes=origin), reason=reason, papers=papers, by=by, note=note
        )
