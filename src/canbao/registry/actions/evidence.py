"""Evidence containers handed out, and a person told who looked at their record: each a deed, counted, on the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from canbao.core.masks import mask_name, mask_number
from canbao.registry.access import Refused
from canbao.registry.audit.entry import COLUMNS
from canbao.registry.database import row
from canbao.registry.deeds import Note, deed, refuse_identity_numbers, write_event
from canbao.registry.evidence.container import Asked, Draft, Sealed, drafted, sealed
from canbao.registry.evidence.log_lines import lines_about, lookers_of, note_days
from canbao.registry.evidence.record_content import record_content
from canbao.registry.evidence.stamping import Unstamped
from canbao.registry.evidence.wording import line_in_words, plain
from canbao.registry.joining import numbers_of
from canbao.registry.lookup import LARGEST_ID, alarm_protected, whole_record
from canbao.registry.models import Officer
from canbao.registry.quotas import count_as_seen

LOG_FORMAT = "canbao-evidence-log/1"


@dataclass(frozen=True)
class Lookers:
    """Who looked at somebody: name and number masked, and each look as `lookers_of` gives it."""

    name: str
    number: str
    looks: list[dict[str, Any]]


def take_record(*, person_id: int, asked: Asked, by: Officer) -> Sealed | None:
    """A container of a person's record as it is now, nothing masked; None if there is no such person in the area.

    Raises Refused without permission, purpose or receiver, or beyond the day's quota.
    """
    with deed(
        by=by, action="evidence.take", permission="evidence.take", purpose=asked.purpose, needs_purpose=True
    ) as note:
        refuse_identity_numbers(asked.receiver, "接收人")
        record = whole_record(person_id, by, note)
        if record is None:
            return None
        draft = drafted("record", "个人登记证明", record_content(record), asked=asked, by=by)
        _announce(draft, note)
    return _handed_out(draft, by)


def take_log(*, person_id: int, since: date, until: date, asked: Asked, by: Officer) -> Sealed:
    """A container of the lines of the log about a person from one day to another, both included.

    Raises Refused without permission, purpose or receiver, for days out of bounds, and for another area's person.
    """
    with deed(
        by=by, action="audit.evidence", permission="audit.read", purpose=asked.purpose, needs_purpose=True
    ) as note:
        refuse_identity_numbers(asked.receiver, "接收人")
        note_days(note, since, until)
        with connection.cursor() as cursor:
            numbers, person = _person(cursor, person_id)
            if person is None:
                alarm_protected(note, [person_id])
                raise Refused("本范围内没有这个人")
            note.objects.extend(f"person:{one}" for one in numbers)
            found = lines_about(cursor, numbers, since, until)
        subject = "、".join(f"person:{one}" for one in numbers)
        content = {"format": LOG_FORMAT, "subject": subject, "since": str(since), "until": str(until)}
        lines = [[plain(value) for value in line.values()] for line in found]
        content |= {"columns": list(COLUMNS), "lines": lines}
        words = [line_in_words(line) for line in found]
        draft = drafted("log", "审计日志摘录", content, asked=asked, by=by, words=words)
        _announce(draft, note)
    return _handed_out(draft, by)


def lookers(*, person_id: int, since: date, until: date, by: Officer) -> Lookers | None:
    """Who looked at a person's record from one day to another, for the person; None if there is none in the area.

    Raises Refused without permission, for days out of bounds, or beyond the day's quota.
    """
    with deed(by=by, action="person.lookers", permission="person.lookers", purpose="objection") as note:
        note_days(note, since, until)
        with connection.cursor() as cursor:
            numbers, person = _person(cursor, person_id)
            if person is None:
                note.details.update(found=0, asked=person_id)
                return None
            count_as_seen(numbers[:1], by, note)
            looks = lookers_of(cursor, numbers, since, until)
        note.details.update(found=len(looks))
        return Lookers(mask_name(person["name"] or ""), mask_number(person["ssn"]), looks)


def _person(cursor: Any, person_id: int) -> tuple[list[int], dict[str, Any] | None]:
    """All the keys that a person's numbers have, the one that is kept first, and its record if it is of the area."""
    numbers = numbers_of(cursor, min(person_id, LARGEST_ID))
    cursor.execute("SELECT name, ssn FROM person WHERE id = %s", [numbers[0]])
    return numbers, row(cursor)


def _announce(draft: Draft, note: Note) -> None:
    """The line says which container and, by a digest, what it states; not who gets it."""
    note.objects.append(draft.object_)
    note.details.update(statement=draft.digest, time=draft.statement["time"])


def _handed_out(draft: Draft, by: Officer) -> Sealed:
    """Seal what the log has announced; that nothing was handed out after all is written down too."""
    try:
        return sealed(draft)
    except Unstamped:
        write_event(by=by, action="evidence.unstamped", details={"evidence": draft.statement["id"]})
        raise
