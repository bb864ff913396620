"""On the day: a change comes into force, officers' areas go along, and the people concerned are judged anew.

The moment in which codes change is one short transaction that no admission is in the middle of. The people follow
piece by piece, each piece one transaction with its line on the log; whoever is killed goes on where it stopped, and
admissions go on meanwhile, by the new codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from functools import partial

from django.db import connection
from django.utils import timezone

from canbao.core.place_changes import follow
from canbao.core.progress import after
from canbao.law.moves import read_workflows
from canbao.registry.access import working
from canbao.registry.actions.admission.delivery import Cause
from canbao.registry.actions.admission.judging import rejudge
from canbao.registry.actions.admission.package import PIECE, Announce, current_judging, patiently
from canbao.registry.actions.admission.staging import own_mapping, share_mapping, touch
from canbao.registry.actions.place_officers import let_officers_follow, let_requests_follow
from canbao.registry.actions.place_people import next_people, note_unclear
from canbao.registry.audit import append
from canbao.registry.database import Cursor
from canbao.registry.deeds import entry_of
from canbao.registry.models import PlaceChange
from canbao.registry.places_now import forget, in_force, places, rows_of

UNFINISHED = ("following", "revoking")


def follow_due(*, today: date, announce: Announce = lambda done: True) -> list[int]:
    """Let all changes come into force whose day has come, one after the other; returns which have come to their end."""
    done = []
    while (change := _next(today)) is not None:
        if change.state == "approved":
            _begin(change)
        if not _go_on(change, announce):
            return done
        done.append(change.pk)
    return done


def _next(today: date) -> PlaceChange | None:
    """The change that is under way, else the first whose day has come."""
    waiting = PlaceChange.objects.order_by("day", "id")
    return waiting.filter(state__in=UNFINISHED).first() or waiting.filter(state="approved", day__lte=today).first()


def _begin(change: PlaceChange) -> None:
    """The codes change, with the areas of officers and of requests that wait; people may follow from now on."""
    with working(), connection.cursor() as cursor:
        own_mapping(cursor)
        locked = _locked(change)
        if locked.state != "approved":
            return
        (rows,) = rows_of([locked])
        locked.unclear = note_unclear(cursor, locked.pk, rows, places())
        move(locked, "begin")
        locked.in_force_at = timezone.now()
        locked.save()
        write_codes(cursor)
        locked.moved, locked.to_grant = let_officers_follow(cursor, locked, rows)
        requests = let_requests_follow(rows)
        locked.save()
        details = {"rows": len(rows), "officers": len(locked.moved), "requests": requests, "unclear": locked.unclear}
        _append(cursor, locked, "place_change.begin", details)
    forget()


def write_codes(cursor: Cursor) -> None:
    """What has become of every old code, through all changes in force: `place_now`."""
    now = follow(rows_of(in_force()))
    cursor.execute("DELETE FROM place_now")
    columns = [[old, *asdict(one).values()] for old, one in now.items()]
    cursor.execute(
        "INSERT INTO place_now (old_code, new_code, name, town_name) "
        "SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[])",
        [list(column) for column in zip(*columns, strict=True)] or [[], [], [], []],
    )


def _go_on(change: PlaceChange, announce: Announce) -> bool:
    """Piece after piece till all have followed; False if `announce` answers that it is enough for now."""
    while True:
        is_over, judged = patiently(partial(_piece, change))
        if is_over or not announce(judged):
            return is_over


def _piece(change: PlaceChange) -> tuple[bool, int]:
    """Some people, in one transaction; whether that was the last piece, and how many have been judged anew."""
    with working(), connection.cursor() as cursor:
        share_mapping(cursor)
        locked = _locked(change)
        if locked.state not in UNFINISHED:
            return True, locked.judged
        (rows,) = rows_of([locked])
        people = next_people(cursor, locked, rows, PIECE)
        if people:
            _judge(cursor, locked, people)
        elif locked.stage == "done":
            move(locked, "finish" if locked.state == "following" else "finish_revoking")
            _append(cursor, locked, "place_change.finish", {"judged": locked.judged, "changed": locked.changed})
        locked.save()
        return locked.state not in UNFINISHED, locked.judged


def _judge(cursor: Cursor, change: PlaceChange, people: Sequence[int]) -> None:
    touch(cursor, list(people))
    request = change.revoked_by if change.state == "revoking" else change.request
    cause = Cause("place", officer=request.decided_by_id, request=request.pk)
    _, changed, digest = rejudge(cursor, cause, current_judging(cursor))
    change.judged += len(people)
    change.changed += changed
    details = {"people": len(people), "changed": changed, "history": digest, "stage": change.stage}
    _append(cursor, change, "place_change.follow", details)


def move(change: PlaceChange, name: str) -> None:
    """Make a legal move; raises IllegalMove."""
    change.state = after(read_workflows()["place_change"], change.state, name)


def _locked(change: PlaceChange) -> PlaceChange:
    found = PlaceChange.objects.select_for_update(of=("self",))
    return found.select_related("request__decided_by", "revoked_by__decided_by").get(pk=change.pk)


def _append(cursor: Cursor, change: PlaceChange, action: str, details: dict[str, object]) -> None:
    """A line of the log in the name of whoever approved it; the day makes it so, and nobody is asked again."""
    request = change.revoked_by if change.state == "revoking" else change.request
    objects = (f"place_change:{change.pk}", f"request:{request.pk}")
    append(cursor, entry_of(request.decided_by, action, objects=objects, details=details))
