"""Changes of places as officers see them, and what each would move: counts, never people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from canbao.core.place_changes import Row, successors
from canbao.registry.access import acting, beyond
from canbao.registry.actions.place_checking import possible, wanted
from canbao.registry.actions.place_people import uppermost
from canbao.registry.deeds import deed
from canbao.registry.lookup import LARGEST_ID
from canbao.registry.models import Officer, Paper, PlaceChange, Request, RequestMove
from canbao.registry.requests import own_requests

KINDS = ("place_change", "place_list", "unplace_change")
MOST = 50


@dataclass(frozen=True)
class Moved:
    """What a row moves: people whose home lies there (and in no finer row), officers and waiting requests of it."""

    row: Row
    people: int
    officers: int
    requests: int


def listed(*, by: Officer) -> tuple[list[Request], list[PlaceChange]]:
    """The latest requests for changes, and the latest changes that were approved, of the officer's area."""
    with deed(by=by, action="place_change.list", permission="place_change.see") as note:
        asked = own_requests(by).filter(kind__in=KINDS).select_related("asked_by").order_by("-pk")[:MOST]
        requests, changes = list(asked), list(_changes(by).order_by("-day", "-pk")[:MOST])
        note.objects += [f"request:{one.pk}" for one in requests]
        return requests, changes


@dataclass(frozen=True)
class Found:
    """A request with its moves and papers, and the change that came of it; either may be hidden."""

    request: Request | None
    change: PlaceChange | None
    moves: list[RequestMove]
    papers: list[Paper]


def found(request_id: int, *, by: Officer) -> Found:
    """A request of one's area, and the change that came of it; whoever lies in a changed place sees the change."""
    with acting(by.area, by):
        asked = own_requests(by).filter(kind__in=KINDS, pk=min(request_id, LARGEST_ID))
        request = asked.select_related("asked_by", "decided_by", "undoes").first()
        origin = request.undoes_id if request and request.undoes_id else min(request_id, LARGEST_ID)
        moves = list(request.moves.select_related("by").order_by("id")) if request else []
        papers = list(request.papers.defer("sealed").order_by("id")) if request else []
        return Found(request, _changes(by).filter(request_id=origin).first(), moves, papers)


def moved_by(rows: Sequence[Row], *, by: Officer) -> list[Moved]:
    """What each row that somebody wrote moves, counted within the officer's area."""
    said = {row.old: row for row in rows if row.is_said and row.old}
    people = dict.fromkeys(said, 0)
    officers, requests = dict(people), dict(people)
    gone = {row.old for row in rows if row.is_move}
    with acting(by.area, by):
        for home, many in _homes(uppermost(said)):
            people[_nearest(home, said)] += many
        for area in Officer.objects.filter(area__in=gone, is_active=True).values_list("area", flat=True):
            officers[_nearest(area, said)] += 1
        for area in Request.objects.filter(area__in=gone, state="asked").values_list("area", flat=True):
            requests[_nearest(area, said)] += 1
    counted = [Moved(row, people[old], officers[old], requests[old]) for old, row in said.items()]
    return [*counted, *(Moved(row, 0, 0, 0) for row in rows if row.is_said and not row.old)]


def unclear_in(rows: Sequence[Row], *, by: Officer) -> int:
    """Of how many people no more is known than a place that several would take over, within the officer's area."""
    divided = [code for code, heirs in successors(rows).items() if len(heirs) > 1]
    with acting(by.area, by), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM person WHERE home = ANY(%s)", [divided])
        return int(cursor.fetchone()[0])


def waiting_officers(change: PlaceChange, *, by: Officer) -> list[tuple[int, str]]:
    """Officers of the area whose place several have taken over and who have not been granted another: id, place."""
    areas = {int(id_): str(area) for id_, area in change.to_grant}
    waiting = Officer.objects.filter(pk__in=areas, is_active=True, area__startswith=by.area)
    return [(one.pk, one.area) for one in waiting.order_by("pk") if areas[one.pk] == one.area]


def rows_asked(request: Request, *, by: Officer) -> tuple[Row, ...]:
    """What a request that waits would change now; raises Refused if it can't be any more."""
    with acting(by.area, by):
        return possible(wanted(request.content), but=request)


def unclear_people(change: PlaceChange, *, by: Officer, after: int = 0) -> list[int]:
    """The keys of people whom a split could not tell apart, within the officer's area."""
    with acting(by.area, by), connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM place_unclear WHERE change_id = %s AND person_id > %s ORDER BY 1 LIMIT %s",
            [change.pk, after, MOST],
        )
        return [one for (one,) in cursor.fetchall()]


def _changes(by: Officer) -> QuerySet[PlaceChange]:
    """Changes of places in the officer's area, or of a place that the area lies in."""
    above = [by.area[:digits] for digits in (6, 9, 12) if digits <= len(by.area)]
    inside = Q(rows__old_code__startswith=by.area) | Q(rows__new_code__startswith=by.area)
    around = Q(rows__old_code__in=above) | Q(rows__new_code__in=above)
    return PlaceChange.objects.filter(inside | around).distinct() if by.area else PlaceChange.objects.none()


def _homes(codes: Iterable[str]) -> Iterable[tuple[str, int]]:
    with connection.cursor() as cursor:
        for code in codes:
            cursor.execute(
                "SELECT home, count(*) FROM person WHERE home >= %s AND home < %s GROUP BY home", [code, beyond(code)]
            )
            yield from cursor.fetchall()


def _nearest(code: str, said: Iterable[str]) -> str:
    return max((old for old in said if code.startswith(old)), key=len)
