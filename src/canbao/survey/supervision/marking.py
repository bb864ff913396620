"""Marking what is remarkable: all of a campaign's forms and visits are looked at, and the marks follow from them.

Marks are derived: what no longer holds goes, what is new comes, and again nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection
from django.utils import timezone

from canbao.core.supervision import marks
from canbao.law.supervision import read_supervision
from canbao.law.survey import read_survey
from canbao.registry.access import working
from canbao.registry.database import Cursor
from canbao.survey.models import Mark, Task, Watch

PIECE = 2_000
Key = tuple[int, str]
"""A mark's task and kind."""
Said = tuple[str, int | None, str]
"""Its detail, surveyor and place."""


def mark(campaign_id: int) -> dict[str, int]:
    """Make a campaign's marks what they should be now; returns how many were set and taken away."""
    with working():
        found = [*_due(campaign_id)]  # before the tasks: somebody may walk in, and be marked, in between
        tasks = {one: (person, place) for one, person, place in _tasks(campaign_id)}
        due: dict[Key, tuple[Said, datetime]] = {}
        for surveyor, one in found:
            due.setdefault((one.task, one.kind), ((one.detail, surveyor, tasks[one.task][1]), one.at))
        kept = {(row.task_id, row.kind): row for row in Mark.objects.filter(campaign=campaign_id)}
        over = [row.pk for key, row in kept.items() if key not in due or due[key][0] != _said(row)]
        new = sorted(key for key, (said, _) in due.items() if key not in kept or said != _said(kept[key]))
        for at in range(0, len(over), PIECE):
            Mark.objects.filter(pk__in=over[at : at + PIECE]).delete()
        Mark.objects.bulk_create((_row(campaign_id, key, *due[key], tasks[key[0]][0]) for key in new), batch_size=PIECE)
        Watch.objects.update_or_create(campaign_id=campaign_id, defaults={"marked_at": timezone.now()})
        return {"set": len(new), "taken_away": len(over)}


def _said(row: Mark) -> Said:
    return row.detail, row.surveyor_id, row.place


def _row(campaign_id: int, key: Key, said: Said, at: datetime, person: int) -> Mark:
    detail, surveyor, place = said
    return Mark(
        campaign_id=campaign_id, task_id=key[0], person_id=person, place=place, surveyor_id=surveyor, kind=key[1],
        detail=detail, at=at,
    )  # fmt: skip


def _tasks(campaign_id: int) -> Iterable[tuple[int, int, str]]:
    return Task.objects.filter(campaign=campaign_id).values_list("pk", "person_id", "place").iterator()


def _due(campaign_id: int) -> Iterator[tuple[int | None, marks.Mark]]:
    """All marks with the surveyor whose work they are on; each kind once on a task, but for what visits have."""
    law, said = read_supervision(), {"campaign": campaign_id}
    with connection.cursor() as cursor:
        middles = _middles(cursor, said)
        for surveyor, found in _by_surveyor(cursor, _FORMS, {**said, "free": _free_questions()}):
            forms = [marks.Form(one[1], timezone.localtime(one[2]), *one[3:5], tuple(one[5]), one[6]) for one in found]
            yield from ((surveyor, one) for one in marks.once(marks.of_forms(forms, law)))
        for surveyor, found in _by_surveyor(cursor, _VISITS, said):
            visits = [marks.Visit(*one[1:3], timezone.localtime(one[3]), *one[4:]) for one in found]
            yield from ((surveyor, one) for one in marks.once(marks.of_visits(visits, middles, law)))
        cursor.execute(_OTHERS, {**said, "people": law.by_id["shared_mobile"].bounds["people"]})
        for surveyor, *one in cursor.fetchall():
            yield surveyor, marks.Mark(*one)


def _by_surveyor(cursor: Cursor, query: str, said: dict[str, Any]) -> Iterator[tuple[int | None, list[Any]]]:
    """The rows of each surveyor; of those whom no surveyor has visited, the rows of whoever wrote them down."""
    cursor.execute(query, said)
    for whose, found in groupby(cursor.fetchall(), key=itemgetter(0)):
        yield (whose if whose > 0 else None), [*found]


def _middles(cursor: Cursor, said: dict[str, Any]) -> dict[str, marks.Middle]:
    cursor.execute(_POSITIONS, said)
    return {
        place: marks.middle_of([(one[1], one[2], one[3]) for one in found])
        for place, found in groupby(cursor.fetchall(), key=itemgetter(0))
    }


def _free_questions() -> list[str]:
    """The questions that are answered in words, numbers and days, and so by everybody in another way."""
    return [one.id for one in read_survey().questions.values() if one.kind != "code"]


_FORMS = """
SELECT coalesce(entry.surveyor_id, -entry.by_id, 0), entry.task_id, entry.at, entry.seconds,
    coalesce(entry.answers ->> 'signed', ''), ARRAY(SELECT jsonb_array_elements_text(entry.found)),
    md5((entry.answers - %(free)s::text[])::text)
FROM survey_entry AS entry JOIN survey_task AS task ON task.id = entry.task_id AND task.entries = entry.number
WHERE task.campaign_id = %(campaign)s ORDER BY 1, entry.at, entry.id
"""
_VISITS = """
SELECT coalesce(visit.surveyor_id, -visit.by_id), visit.task_id, task.place, visit.at, visit.way, visit.latitude,
    visit.longitude, visit.is_position_faked
FROM survey_visit AS visit JOIN survey_task AS task ON task.id = visit.task_id
WHERE task.campaign_id = %(campaign)s ORDER BY 1, visit.at, visit.id
"""
_POSITIONS = """
SELECT task.place, visit.task_id, visit.latitude, visit.longitude
FROM survey_visit AS visit JOIN survey_task AS task ON task.id = visit.task_id
WHERE task.campaign_id = %(campaign)s AND visit.latitude IS NOT NULL AND visit.longitude IS NOT NULL
AND NOT visit.is_position_faked ORDER BY 1
"""
_OTHERS = """
SELECT max(move.surveyor_id), move.task_id, 'returned', left(string_agg(DISTINCT given.why, ','), 200), max(move.at)
FROM survey_taskmove AS move JOIN survey_task AS task ON task.id = move.task_id,
    jsonb_array_elements_text(CASE WHEN jsonb_typeof(move.note -> 'reasons') = 'array' THEN move.note -> 'reasons'
        ELSE '[]' END) AS given (why)
WHERE task.campaign_id = %(campaign)s AND move.move = 'return' GROUP BY move.task_id
UNION ALL
SELECT max(task.surveyor_id), drawn.task_id, 'check_differs', string_agg(DISTINCT sample.kind, ','), max(drawn.at)
FROM survey_sampletask AS drawn JOIN survey_sample AS sample ON sample.id = drawn.sample_id
JOIN survey_task AS task ON task.id = drawn.task_id
WHERE task.campaign_id = %(campaign)s AND drawn.result = 'differs' GROUP BY drawn.task_id
UNION ALL
SELECT surveyor_id, task_id, 'shared_mobile', people::text, at FROM (
    SELECT entry.surveyor_id, entry.task_id, entry.at, count(*) OVER (PARTITION BY entry.answers ->> 'mobile') AS people
    FROM survey_entry AS entry JOIN survey_task AS task ON task.id = entry.task_id AND task.entries = entry.number
    WHERE task.campaign_id = %(campaign)s AND entry.answers ->> 'mobile' <> ''
) AS shared WHERE people >= %(people)s
"""
