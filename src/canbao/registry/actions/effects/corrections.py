"""Corrected items: what officers have found true stands in place of what sources say, until it is taken back."""

from __future__ import annotations

from django.db import connection

from canbao.registry.access import Refused
from canbao.registry.actions.admission.holding import contest
from canbao.registry.actions.admission.staging import own_mapping
from canbao.registry.actions.effects.merges import rejudged, require_kept
from canbao.registry.database import Cursor, row
from canbao.registry.deeds import Note
from canbao.registry.models import Correction, Officer, Request


def correct(request: Request, by: Officer, note: Note) -> None:
    """Let the asked items stand; an objection that asks for none is answered and no more."""
    items = request.content["items"]
    if not items:
        return
    with connection.cursor() as cursor:
        own_mapping(cursor)
        require_kept(cursor, request.person_id)
        cursor.execute("SELECT * FROM person WHERE id = %s", [request.person_id])
        record = row(cursor) or {}
        in_force = Correction.objects.filter(person_id=request.person_id, revoked_by=None)
        in_force.filter(item__in=items).update(revoked_by=request)
        for item, value in items.items():
            was = None if record[item] is None else str(record[item])
            Correction.objects.create(person_id=request.person_id, item=item, value=value, was=was, request=request)
        _judge(cursor, "corrected", request, by, note)


def uncorrect(request: Request, by: Officer, note: Note) -> None:
    """What sources say counts again."""
    in_force = Correction.objects.filter(request=request.undoes, revoked_by=None)
    with connection.cursor() as cursor:
        own_mapping(cursor)
        if not in_force.update(revoked_by=request):
            raise Refused("这次更正已经撤销，或已被后来的更正取代；请刷新页面")
        _judge(cursor, "uncorrected", request, by, note)


def _judge(cursor: Cursor, kind: str, request: Request, by: Officer, note: Note) -> None:
    contest(cursor, [request.person_id])
    rejudged(cursor, [request.person_id], kind, request, by)
    note.details.update(items=sorted((request.undoes or request).content["items"]))
