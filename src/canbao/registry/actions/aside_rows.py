"""Deciding about pushed rows that lie aside: they are tried again, or not taken.

Nobody can have a row carried out against its objection: a pushed row changes no identity. What stands in its way is
set right where that is done, by a correction or at the conflict desk, and then the row is tried again.

A row that was decided about comes to its partner again, under a new number at the end, so that whoever asks for
outcomes gets to know.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from canbao.registry.access import Refused
from canbao.registry.database import Cursor
from canbao.registry.deeds import Note, deed, require_words
from canbao.registry.models import Officer
from canbao.registry.streams.lying_aside import PERMISSION, VISIBLE
from canbao.registry.streams.overseeing import own_partners

NOT_TAKEN = "不予采用："
LONGEST_REASON = 200


def try_again(*, rows: Sequence[int], by: Officer) -> int:
    """Let rows wait as if they had come now; returns how many. Raises Refused if none of them lies aside there."""
    with deed(by=by, action="exchange.try_again", permission=PERMISSION) as note, connection.cursor() as cursor:
        cursor.execute("NOTIFY pushed")
        cursor.execute(_AGAIN, _taken_up(cursor, rows, by, note))
        return cursor.rowcount


def drop(*, rows: Sequence[int], reason: str, by: Officer) -> int:
    """Don't take rows, for good: nothing of what they say of somebody is kept; returns how many.

    Raises Refused without a reason, which the partner is told, or if none of them lies aside there.
    """
    with deed(by=by, action="exchange.not_taken", permission=PERMISSION) as note, connection.cursor() as cursor:
        said = reason.strip()[:LONGEST_REASON]
        require_words(said, "理由")
        cursor.execute(_DROPPED, {**_taken_up(cursor, rows, by, note), "says": f"{NOT_TAKEN}{said}"})
        return cursor.rowcount


def _taken_up(cursor: Cursor, rows: Sequence[int], by: Officer, note: Note) -> dict[str, list[int]]:
    """Lock those that lie aside and are one's own, and name them on the log; gives their keys and their partners'.

    The partners' streams are locked first, as by a push: so that new numbers appear in their order.
    """
    given = {"rows": list(rows), "partners": list(own_partners(by).values_list("pk", flat=True))}
    cursor.execute(_PARTNERS, given)
    given["partners"] = [key for (key,) in cursor.fetchall()]
    cursor.execute(_STREAMS, given)
    cursor.execute(_LOCKED, given)
    found = cursor.fetchall()
    note.details.update(rows=len(found))
    note.objects.extend(f"partner:{key}" for key in given["partners"])
    note.objects.extend(f"person:{person}" for person in sorted({person for _, person in found if person}))
    if not found:
        raise Refused("没有选中搁置的推送，或已经处理过")
    return {**given, "rows": [key for key, _ in found]}


_WHICH = "inbox.state = 'aside' AND inbox.id = ANY(%(rows)s) AND inbox.partner_id = ANY(%(partners)s)"
_PARTNERS = f"SELECT DISTINCT partner_id FROM inbox WHERE {_WHICH} ORDER BY 1"
_STREAMS = "SELECT FROM inbox_sequence WHERE partner_id = ANY(%(partners)s) ORDER BY partner_id FOR UPDATE"
_LOCKED = f"SELECT id, person_id FROM inbox WHERE {_WHICH} AND {VISIBLE} ORDER BY id FOR UPDATE"
_AGAIN = (
    f"UPDATE inbox SET id = DEFAULT, state = 'kept', says = '', settled_at = NULL, received_at = now() WHERE {_WHICH}"
)
_DROPPED = (
    f"UPDATE inbox SET id = DEFAULT, state = 'dropped', says = %(says)s, settled_at = now(), said = NULL WHERE {_WHICH}"
)
