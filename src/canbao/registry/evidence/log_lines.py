"""The lines of the log about somebody, whatever numbers their record has had: who looked, and the lines themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone

from canbao.registry.access import Refused
from canbao.registry.audit.entry import COLUMNS
from canbao.registry.audit.patterns import LOOKS
from canbao.registry.database import Cursor, rows
from canbao.registry.days import midnight
from canbao.registry.deeds import Note

Row = dict[str, Any]
MOST = 5_000
"""How many lines are told at most; more are refused, so that nothing is cut off in silence."""
MOST_DAYS = 5 * 366
EARLIEST = date(2000, 1, 1)
TOLD = (
    *LOOKS, "conflict.settle", "merge.ask", "split.ask", "correction.ask", "objection.ask", "request.approve",
    "request.refuse", "request.take_back", "request.undo", "paper.see", "proof.revoke",
)  # fmt: skip
"""What the insured are told of: looks and decisions. Not that an auditor asked, nor that a record is a canary."""

_ABOUT = "FROM audit_log WHERE objects && %s::text[] AND at >= %s AND at < %s"


def told() -> tuple[str, ...]:
    """TOLD, and what applications built on the register name as `told`."""
    return (*TOLD, *(action for config in apps.get_app_configs() for action in getattr(config, "told", ())))


def lookers_of(cursor: Cursor, people: Sequence[int], since: date, until: date) -> list[Row]:
    """Each look at a person that was allowed: number, at, duty, area, action, purpose; the latest first.

    `people` are all the keys that the person's records have had. Raises Refused if there are more than MOST.
    """
    query = f"SELECT number, at, duty, area, action, purpose {_ABOUT} AND decision = 'allowed' AND action = ANY(%s)"
    cursor.execute(f"{query} ORDER BY number DESC LIMIT %s", [*_bounds(people, since, until), list(told()), MOST + 1])
    return _whole(rows(cursor))


def lines_about(cursor: Cursor, people: Sequence[int], since: date, until: date) -> list[Row]:
    """Every line about a person with all that its hash is made of, in the order of the log; raises Refused likewise."""
    query = f"SELECT {', '.join(COLUMNS)} {_ABOUT} ORDER BY number LIMIT %s"
    cursor.execute(query, [*_bounds(people, since, until), MOST + 1])
    return _whole(rows(cursor))


def note_days(note: Note, since: date, until: date) -> None:
    """Put the days on the log; raises Refused for days the wrong way round, to come, or too many."""
    note.details.update(since=str(since), until=str(until))
    if not EARLIEST <= since <= until <= timezone.localdate() or until - since > timedelta(days=MOST_DAYS):
        raise Refused("请选先后不颠倒、不晚于今天、不超过五年的起止日期")


def _bounds(people: Sequence[int], since: date, until: date) -> list[Any]:
    return [[f"person:{id_}" for id_ in people], midnight(since), midnight(until + timedelta(days=1))]


def _whole(found: list[Row]) -> list[Row]:
    if len(found) > MOST:
        raise Refused(f"这段时间的日志超过 {MOST} 条；请缩短起止日期，分次办理")
    return found
