"""How many different tasks an officer opens, takes away or prints in a day; what nears the bound raises an alarm."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.utils import timezone

from canbao.law.duties import read_duties
from canbao.registry.access import Refused
from canbao.registry.audit.thresholds import read_thresholds
from canbao.registry.deeds import Alarm, Note
from canbao.registry.models import Officer
from canbao.registry.quotas import canaries_among, one_at_a_time

MOST_NAMED = 100
"""Tasks that a line of the log names one by one; of more it says how many. People are named, however many they are."""


def count_tasks(tasks: Sequence[tuple[int, int]], by: Officer, note: Note) -> None:
    """Count tasks, given as (task, person), against the day's quota and on the log; raises Refused beyond it."""
    ids = [task for task, _ in tasks]
    note.objects.extend(f"task:{id_}" for id_ in ids[:MOST_NAMED])
    note.objects.extend(f"person:{person}" for _, person in tasks if person > 0)
    note.details.update(tasks=len(ids))
    most = read_duties().duties[by.duty].tasks_a_day
    with connection.cursor() as cursor:
        one_at_a_time(cursor, by)
        today = timezone.localdate()
        cursor.execute("SELECT count(*) FROM survey_task_seen WHERE officer_id = %s AND day = %s", [by.pk, today])
        before = int(cursor.fetchone()[0])
        cursor.execute(
            "INSERT INTO survey_task_seen SELECT %s, %s, unnest(%s::bigint[]) ON CONFLICT DO NOTHING",
            [by.pk, today, ids],
        )
        seen = before + cursor.rowcount
        note.alarms.extend(_alarms(by, before, seen, most))
        note.alarms.extend(canaries_among(cursor, [person for _, person in tasks]))
    if seen > most:
        raise Refused(f"今天打开、导出和打印的调查任务已到上限（{most} 个）；请明天再办，或请上级处理")


def _alarms(by: Officer, before: int, seen: int, most: int) -> list[Alarm]:
    """Once a day, when the quota is nearly used up or more is asked for."""
    near = most * read_thresholds().quota_percent // 100
    kind = "beyond" if seen > most else "quota" if before < near <= seen else ""
    return [Alarm(kind, (f"officer:{by.pk}",), {"seen": seen, "most": most, "of": "task"})] if kind else []
