"""Canaries: records that nobody has a reason to look at, marked by an auditor; whoever does raises an alarm."""

from __future__ import annotations

from django.db import connection

from canbao.registry.access import Refused
from canbao.registry.deeds import deed
from canbao.registry.lookup import alarm_protected
from canbao.registry.models import Officer


def mark(*, person_id: int, by: Officer) -> None:
    """From now on whoever looks at the record raises an alarm; raises Refused for a person of no place of one's own."""
    with deed(by=by, action="canary.mark", permission="canary.mark") as note, connection.cursor() as cursor:
        note.objects.append(f"person:{person_id}")
        cursor.execute("SELECT id FROM person WHERE id = %s", [person_id])
        if cursor.fetchone() is None:
            alarm_protected(note, [person_id])
            raise Refused("本范围内没有这个人")
        cursor.execute(
            "INSERT INTO canary (person_id, marked_by) VALUES (%s, %s) ON CONFLICT DO NOTHING", [person_id, by.pk]
        )


def unmark(*, person_id: int, by: Officer) -> None:
    """The record is one like any other again."""
    with deed(by=by, action="canary.unmark", permission="canary.mark") as note, connection.cursor() as cursor:
        note.objects.append(f"person:{person_id}")
        cursor.execute("DELETE FROM canary USING person WHERE person.id = person_id AND person_id = %s", [person_id])
        if not cursor.rowcount:
            raise Refused("本范围内没有这条诱饵记录")
