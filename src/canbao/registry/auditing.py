"""What an auditor asks of the log; each question is itself a deed on the log.

An auditor of a city asks about the people and the officers of that city. Who looked at a person is answered whole,
wherever the officers sit: that is what the person may ask us.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from canbao.core.numbering.normal_form import normalise_number
from canbao.registry import audit
from canbao.registry.access import Refused, require
from canbao.registry.deeds import Note, deed
from canbao.registry.models import Officer

Row = dict[str, Any]
MOST_DAYS = 366
THRESHOLDS = {"people": 200, "unmasked": 50, "refusals": 10, "night": 5}
"""From how many a day's count is unusual; an installation's own habit, not the law's."""


def person_of_number(written: str, *, by: Officer) -> int | None:
    """The person behind a number within the auditor's area, as a key and nothing more; None if there is none."""
    with deed(by=by, action="audit.find_person", permission="audit.read") as note:
        with connection.cursor() as cursor:
            cursor.execute("SELECT person_id FROM person_identifier WHERE ssn = %s", [normalise_number(written)])
            found = cursor.fetchone()
        note.details.update(found=found is not None)
        note.objects.extend([f"person:{found[0]}"] if found else [])
        return found[0] if found else None


def who_saw_person(person_id: int, *, by: Officer) -> list[Row]:
    """Every entry of the log about a person of the area, the latest first; raises Refused for another's."""
    with deed(by=by, action="audit.who_saw", permission="audit.read") as note:
        note.objects.append(f"person:{person_id}")
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM person WHERE id = %s", [person_id])
            if cursor.fetchone() is None:
                raise Refused("本范围内没有这个人")
            return _latest_first(audit.who_saw(cursor, f"person:{person_id}"))


def what_officer_did(officer: Officer, since: date, until: date, *, by: Officer) -> list[Row]:
    """Every entry of an officer of the area from one day to another, both included, the latest first."""
    with deed(by=by, action="audit.what_did", permission="audit.read") as note:
        _note_days(note, since, until)
        note.objects.append(f"officer:{officer.id}")
        if not officer.area.startswith(by.area):
            raise Refused("不在您的管辖范围内")
        with connection.cursor() as cursor:
            found = audit.what_did(cursor, officer.id, _midnight(since), _midnight(until + timedelta(days=1)))
        return _latest_first(found)


def unusual_on(day: date, *, by: Officer) -> list[Row]:
    """What was unusual on a day among the officers of the area."""
    with deed(by=by, action="audit.unusual", permission="audit.read") as note:
        note.details.update(day=str(day))
        with connection.cursor() as cursor:
            return [one for one in audit.unusual(cursor, day, THRESHOLDS) if one["area"].startswith(by.area)]


def audited_officers(*, by: Officer) -> list[Officer]:
    """The officers whose deeds the auditor may ask for."""
    require(by, "audit.read")
    return list(Officer.objects.filter(area__startswith=by.area).order_by("area", "username"))


def log_state(*, by: Officer) -> Row | None:
    """How the log stands: what `audit.state` says of its chain and last checkpoint; None before the first entry."""
    with deed(by=by, action="audit.state", permission="audit.read"), connection.cursor() as cursor:
        return audit.state(cursor)


def _latest_first(found: Sequence[Row]) -> list[Row]:
    return sorted(found, key=lambda entry: entry["at"], reverse=True)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _note_days(note: Note, since: date, until: date) -> None:
    note.details.update(since=str(since), until=str(until))
    if not timedelta(0) <= until - since <= timedelta(days=MOST_DAYS):
        raise Refused("请选先后不颠倒、不超过一年的起止日期")
