"""What an auditor asks of the log; each question is itself a deed on the log.

An auditor of a city asks about the people and the officers of that city. Who looked at a person is answered whole,
wherever the officers sit: that is what the person may ask us.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from canbao.core.numbering.normal_form import normalise_number
from canbao.registry import audit
from canbao.registry.access import Refused, covers, require
from canbao.registry.audit.thresholds import read_thresholds
from canbao.registry.database import rows
from canbao.registry.days import midnight
from canbao.registry.deeds import Note, deed
from canbao.registry.lookup import alarm_protected
from canbao.registry.models import Officer
from canbao.registry.number_marks import marks_of

Row = dict[str, Any]
MOST_DAYS = 366
MONTH, WEEK = 30, 7


def person_of_number(written: str, *, by: Officer) -> int | None:
    """The person behind a number within the auditor's area, as a key and nothing more; None if there is none."""
    with deed(by=by, action="audit.find_person", permission="audit.read") as note:
        with connection.cursor() as cursor:
            cursor.execute("SELECT person_id FROM person_identifier WHERE ssn = %s", [normalise_number(written)])
            found = cursor.fetchone()
        note.details.update(found=found is not None, **marks_of(normalise_number(written), by))
        note.objects.extend([f"person:{found[0]}"] if found else [])
        alarm_protected(note, number=normalise_number(written))
        return found[0] if found else None


def who_saw_person(person_id: int, *, by: Officer) -> list[Row]:
    """Every entry of the log about a person of the area, the latest first; raises Refused for another's."""
    with deed(by=by, action="audit.who_saw", permission="audit.read") as note:
        note.objects.append(f"person:{person_id}")
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM person WHERE id = %s", [person_id])
            alarm_protected(note, [person_id])
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
            found = audit.what_did(cursor, officer.id, midnight(since), midnight(until + timedelta(days=1)))
        return _latest_first(found)


def unusual_on(day: date, *, by: Officer) -> list[Row]:
    """What was unusual on a day among the officers of the area, and about the people of the area."""
    with deed(by=by, action="audit.unusual", permission="audit.read") as note:
        note.details.update(day=str(day))
        with connection.cursor() as cursor:
            found = audit.unusual(cursor, day, read_thresholds().unusual)
            cursor.execute(
                "SELECT id FROM person WHERE id = ANY(%s)", [[one["person"] for one in found if "person" in one]]
            )
            own = {id_ for (id_,) in cursor.fetchall()}
        return [one for one in found if (one["person"] in own if "person" in one else covers(by.area, one["area"]))]


def alarms(*, by: Officer) -> list[Row]:
    """The alarms of the area's officers in the last MONTH days, the latest first."""
    with deed(by=by, action="audit.alarms", permission="alarm.see"), connection.cursor() as cursor:
        return audit.alarms(cursor, by.area, timezone.now() - timedelta(days=MONTH))


def latest_alarms(*, by: Officer) -> list[Row]:
    """Those of the last WEEK days, for the page on which the day begins; who they are about is for `alarms`."""
    require(by, "alarm.see")
    with connection.cursor() as cursor:
        return audit.alarms(cursor, by.area, timezone.now() - timedelta(days=WEEK)) if by.area else []


def canaries(*, by: Officer) -> list[Row]:
    """The records of the area that are canaries, with who marked them and when; no more than their keys."""
    with deed(by=by, action="canary.list", permission="canary.mark"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT canary.person_id, canary.marked_at, registry_officer.display_name FROM canary "
            "JOIN person ON person.id = canary.person_id "
            "LEFT JOIN registry_officer ON registry_officer.id = canary.marked_by ORDER BY 1"
        )
        return rows(cursor)


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


def _note_days(note: Note, since: date, until: date) -> None:
    note.details.update(since=str(since), until=str(until))
    if not timedelta(0) <= until - since <= timedelta(days=MOST_DAYS):
        raise Refused("请选先后不颠倒、不超过一年的起止日期")
