"""Counting moves by day: a city's tasks have a million moves, which no page can count while somebody waits.

Moves are only ever added, with the time they are made at: so days before yesterday stay as they were counted.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from canbao.registry.access import working
from canbao.survey.models import DayCount, ReviewCount, Watch

MOVES = ("attempt", "submit", "resubmit", "withdraw", "approve", "reopen", "return")
HANDED_IN = ("submit", "resubmit")


def count(campaign_id: int) -> int:
    """Count a campaign's moves anew from the day before the last counted one on; returns how many lines there are."""
    with working():
        last = DayCount.objects.filter(campaign=campaign_id).aggregate(last=Max("day"))["last"]
        since = last - timedelta(days=1) if last else date(2000, 1, 1)
        DayCount.objects.filter(campaign=campaign_id, day__gte=since).delete()
        ReviewCount.objects.filter(campaign=campaign_id, day__gte=since).delete()
        said = {
            "campaign": campaign_id, "since": since, "zone": settings.TIME_ZONE, "moves": list(MOVES),
            "handed_in": list(HANDED_IN),
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_DAYS, said)
            lines = cursor.rowcount
            cursor.execute(_REVIEWS, said)
        Watch.objects.update_or_create(campaign_id=campaign_id, defaults={"counted_at": timezone.now()})
        return lines


_DAYS = """
INSERT INTO survey_daycount (campaign_id, day, digits, place, surveyor_id, move, many)
SELECT %(campaign)s, day, CASE WHEN grouping(county) = 0 THEN 6 WHEN grouping(town) = 0 THEN 9 ELSE 12 END,
    coalesce(county, town, village), surveyor_id, what, count(*)
FROM (
    SELECT (move.at AT TIME ZONE %(zone)s)::date AS day, left(move.place, 6) AS county, left(move.place, 9) AS town,
        move.place AS village, move.surveyor_id, move.move AS what
    FROM survey_taskmove AS move JOIN survey_task AS task ON task.id = move.task_id
    WHERE task.campaign_id = %(campaign)s AND move.move = ANY(%(moves)s)
    AND move.at >= %(since)s::timestamp AT TIME ZONE %(zone)s
    UNION ALL
    SELECT (form.at AT TIME ZONE %(zone)s)::date, left(task.place, 6), left(task.place, 9), task.place,
        form.surveyor_id, 'form'
    FROM survey_entry AS form JOIN survey_task AS task ON task.id = form.task_id
    WHERE task.campaign_id = %(campaign)s AND form.number = 1
    AND form.at >= %(since)s::timestamp AT TIME ZONE %(zone)s
) AS made
GROUP BY GROUPING SETS ((day, what, county), (day, what, town, surveyor_id), (day, what, village))
"""
_REVIEWS = """
INSERT INTO survey_reviewcount (campaign_id, day, place, by_id, hours, many)
SELECT %(campaign)s, (review.at AT TIME ZONE %(zone)s)::date, left(review.place, 6), review.by_id,
    floor(extract(epoch FROM review.at - handed_in.at) / 3600)::int, count(*)
FROM survey_taskmove AS review JOIN survey_task AS task ON task.id = review.task_id,
    LATERAL (SELECT max(earlier.at) AS at FROM survey_taskmove AS earlier WHERE earlier.task_id = review.task_id
        AND earlier.at <= review.at AND earlier.move = ANY(%(handed_in)s)) AS handed_in
WHERE task.campaign_id = %(campaign)s AND review.move IN ('approve', 'return') AND review.by_id IS NOT NULL
AND handed_in.at IS NOT NULL AND review.at >= %(since)s::timestamp AT TIME ZONE %(zone)s
GROUP BY 2, 3, 4, 5
"""
