"""How many different people an officer sees in a day, over all ways of seeing them, and what of it raises an alarm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db import connection
from django.utils import timezone

from canbao.law.duties import read_duties
from canbao.registry.access import Refused
from canbao.registry.audit.thresholds import read_thresholds
from canbao.registry.database import Cursor
from canbao.registry.days import midnight
from canbao.registry.deeds import Alarm, Note
from canbao.registry.models import Officer


def count_as_seen(ids: Sequence[int], by: Officer, note: Note) -> None:
    """Count people against the day's quota and name them on the log; raises Refused beyond it.

    Near the quota, beyond it, and at a canary there is an alarm, in the same transaction as the look itself.
    """
    most = read_duties().duties[by.duty].people_a_day
    if not is_within_the_day(ids, by, most, note):
        raise Refused(f"今天查看的人数已到上限（{most} 人）；确有需要请由上级处理")


def is_within_the_day(ids: Sequence[int], by: Officer, most: int, note: Note) -> bool:
    """Count people as seen and name them on the log; whether the day's are not more than may be, alarms or not."""
    note.objects.extend(f"person:{id_}" for id_ in ids)
    with connection.cursor() as cursor:
        one_at_a_time(cursor, by)
        cursor.execute(
            "INSERT INTO person_seen SELECT %s, %s, unnest(%s::bigint[]) ON CONFLICT DO NOTHING",
            [by.id, timezone.localdate(), list(ids)],
        )
        seen = _seen(cursor, by, timezone.localdate())
        note.alarms.extend(_of_quota(cursor, by, seen, most))
        if seen > most:
            return False
        note.alarms.extend(canaries_among(cursor, ids))
        note.alarms.extend(protected_among(cursor, ids))
    return True


def seen_today(by: Officer) -> int:
    """How many different people the officer has seen today."""
    with connection.cursor() as cursor:
        return _seen(cursor, by, timezone.localdate())


def one_at_a_time(cursor: Cursor, by: Officer) -> None:
    """Let an officer's other requests wait till this transaction ends: two at once would each not count the other."""
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('person_seen'), %s::integer)", [by.id])


def canaries_among(cursor: Cursor, ids: Sequence[int]) -> list[Alarm]:
    """An alarm for each canary among some people."""
    cursor.execute("SELECT person_id FROM canary WHERE person_id = ANY(%s) ORDER BY 1", [list(ids)])
    return [Alarm("canary", (f"person:{id_}",)) for (id_,) in cursor.fetchall()]


def protected_among(cursor: Cursor, ids: Sequence[int] = (), number: str = "") -> list[Alarm]:
    """An alarm for each protection that holds for some keys or a number, whether whoever asks is named or not.

    It names the protection and not the person: whoever is not named learns nothing, on the log neither.
    """
    cursor.execute("SELECT protections_of(%s, %s)", [list(ids), [number] if number else []])
    return [Alarm("protected", (f"protection:{id_}",)) for (id_,) in cursor.fetchall()]


def is_raised_today(cursor: Cursor, by: Officer, kind: str) -> bool:
    """Whether an officer has raised an alarm of a kind today; of a machine there may be very many other lines."""
    cursor.execute(
        "SELECT EXISTS (SELECT FROM audit_log WHERE objects @> ARRAY[%s] AND officer_id = %s AND at >= %s)",
        [f"alarm:{kind}", by.id, midnight(timezone.localdate())],
    )
    return bool(cursor.fetchone()[0])


def _seen(cursor: Cursor, by: Officer, day: date) -> int:
    cursor.execute("SELECT count(*) FROM person_seen WHERE officer_id = %s AND day = %s", [by.id, day])
    return int(cursor.fetchone()[0])


def _of_quota(cursor: Cursor, by: Officer, seen: int, most: int) -> Iterator[Alarm]:
    """Once a day that the quota is nearly used up, and once that more was asked for."""
    is_near = seen * 100 >= most * read_thresholds().quota_percent
    kind = "beyond" if seen > most else "quota" if is_near and seen else ""
    if kind and not is_raised_today(cursor, by, kind):
        yield Alarm(kind, (f"officer:{by.id}",), {"seen": seen, "most": most})
