"""Two people under one number: what some divisions say under it is set apart as another person, or put back."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils import timezone

from canbao.core.numbering.temporary import TemporaryNumber
from canbao.registry.access import Refused
from canbao.registry.actions.admission.holding import contest
from canbao.registry.actions.admission.staging import own_mapping
from canbao.registry.actions.effects.merges import join, part, rejudged
from canbao.registry.actions.effects.protections import protect_alike
from canbao.registry.database import Cursor
from canbao.registry.deeds import Note
from canbao.registry.joining import numbers_of
from canbao.registry.models import Assignment, Link, Officer, Request

KEPT_BY_NUMBER = ("person_fact", "insurance_fact", "evidence", "live_fact")
"""The tables whose rows hang from the number that they were said under."""


def split(request: Request, by: Officer, note: Note) -> None:
    """Set what some divisions say under a number apart, as another person with a number of their own.

    That person is registered under the number that is truly theirs (content `number`), and joined with what is known
    under it, or else under a temporary one. Raises Refused if things are no longer as they were when asked.
    """
    ssn, divisions, number = (request.content[name] for name in ("ssn", "divisions", "number"))
    with connection.cursor() as cursor:
        own_mapping(cursor)
        holder = _holder(cursor, ssn)
        _require_some_left(cursor, holder, divisions)
        apart = _new_number(cursor, _temporary(cursor, divisions[0]))
        for division in divisions:
            Assignment.objects.create(
                division_code=division, ssn=ssn, person_id=apart, number=number or _ssn(cursor, apart), request=request
            )
            _move_statement(cursor, division, ssn, apart)
        protect_alike(holder, apart)
        contest(cursor, [holder, apart])
        concerned = [holder, apart]
        if number:
            concerned.append(_holder(cursor, number) or _new_number(cursor, number))
            join(cursor, apart, numbers_of(cursor, concerned[-1])[0], request)
        note.objects += rejudged(cursor, concerned, "split", request, by)


def unsplit(request: Request, by: Officer, note: Note) -> None:
    """Put what was set apart back under its number."""
    with connection.cursor() as cursor:
        own_mapping(cursor)
        assigned = list(Assignment.objects.select_for_update().filter(request=request.undoes, revoked_by=None))
        if not assigned:
            raise Refused("这次分立已经撤销了；请刷新页面")
        concerned = part(cursor, request) if Link.objects.filter(request=request.undoes, revoked_by=None) else []
        holder = _holder(cursor, assigned[0].ssn)
        for one in assigned:
            one.revoked_by = request
            one.save(update_fields=["revoked_by"])
            _move_statement(cursor, one.division_code, one.ssn, holder)
            concerned += [holder, one.person_id]
        contest(cursor, concerned)
        note.objects += rejudged(cursor, sorted({*concerned}), "unsplit", request, by)


def _holder(cursor: Cursor, ssn: str) -> Any:
    """What statements under a number hang from, or None if nobody has it."""
    cursor.execute("SELECT person_id FROM person_identifier WHERE ssn = %s", [ssn])
    found = cursor.fetchone()
    return found[0] if found else None


def _ssn(cursor: Cursor, number: int) -> str:
    cursor.execute("SELECT ssn FROM person_identifier WHERE person_id = %s", [number])
    return str(cursor.fetchone()[0])


def _require_some_left(cursor: Cursor, holder: int, divisions: list[str]) -> None:
    cursor.execute("SELECT division_code FROM person_fact WHERE person_id = %s", [holder])
    there = {one for (one,) in cursor.fetchall()}
    if not {*divisions} < there:
        raise Refused("这个号码下的资料已经变了，或没有留下另一个人的；请刷新后按现状重新申请")


def _new_number(cursor: Cursor, ssn: str) -> int:
    cursor.execute(
        "INSERT INTO person_identifier (ssn, person_id) VALUES (%s, nextval('person_number')) RETURNING person_id",
        [ssn],
    )
    return int(cursor.fetchone()[0])


def _temporary(cursor: Cursor, division: str) -> str:
    """The next temporary number of a division today; raises Refused when a day's ten thousand are used up."""
    begins = f"TMP-{division}{timezone.localdate():%Y%m%d}"
    cursor.execute(
        'SELECT max(ssn) FROM person_identifier WHERE ssn > %s COLLATE "C" AND ssn < %s COLLATE "C"',
        [begins, f"{begins}:"],
    )
    serial = int((cursor.fetchone()[0] or f"{begins}0000")[-4:]) + 1
    if serial > 9999:
        raise Refused("今天的临时号码已经用完；请明天再办")
    return TemporaryNumber(f"{begins}{serial:04d}").value


def _move_statement(cursor: Cursor, division: str, ssn: str, to: int) -> None:
    """Hang what a division says under a number from another one; the division may have ceased to say anything."""
    cursor.execute(
        "SELECT person_id FROM person_fact WHERE division_code = %s AND ssn = %s AND person_id <> %s",
        [division, ssn, to],
    )
    for (holder,) in cursor.fetchall():
        for table in KEPT_BY_NUMBER:
            cursor.execute(
                f"UPDATE {table} SET person_id = %s WHERE person_id = %s AND division_code = %s", [to, holder, division]
            )
