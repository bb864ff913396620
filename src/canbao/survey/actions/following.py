"""Places that change: open tasks and surveyors go along to today's codes; what is done stays where it was done."""

from __future__ import annotations

from django.db import connection

from canbao.registry.access import PROVINCE, working
from canbao.registry.audit import Entry, append
from canbao.survey.moving import OPEN


def follow_places() -> int:
    """Call the places of open tasks, and of surveyors, by today's codes; returns how many tasks moved.

    Whoever is registered in another village by now is to be visited there: the record says where, else the code's own
    successor.
    """
    with working(), connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM place_now)")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_TASKS, [sorted(OPEN)])
        moved = cursor.rowcount
        cursor.execute(_SURVEYORS)
        if moved or cursor.rowcount:
            details = {"tasks": moved, "surveyors": cursor.rowcount}
            append(cursor, Entry(action="task.follow", area=PROVINCE, details=details))
        return moved


_TASKS = """
UPDATE survey_task AS task SET place = moved.place, version = version + 1 FROM (
    SELECT each.id, CASE WHEN person.home IS NULL OR length(person.home) < length(each.place) THEN each.today
        ELSE person.home END AS place
    FROM (SELECT id, person_id, place, place_today(place) AS today FROM survey_task WHERE state = ANY(%s)) AS each
    LEFT JOIN person ON person.id = each.person_id WHERE each.today <> each.place
) AS moved WHERE moved.id = task.id
"""
_SURVEYORS = "UPDATE survey_surveyor SET place = place_today(place) WHERE place <> place_today(place)"
