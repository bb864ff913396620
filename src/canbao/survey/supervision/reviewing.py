"""The reviewers' own pace: how many forms each has decided, and how long those had waited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from canbao.core.supervision.pace import median_of
from canbao.survey.supervision.standing import View


@dataclass(frozen=True)
class Reviewing:
    """Reviews of an officer, or in a county: how many, and after how many whole hours half of them were made."""

    key: str
    name: str
    many: int
    median_hours: int | None


def reviewing(view: View, since: date, till: date) -> tuple[Reviewing, list[Reviewing]]:
    """All reviews of the days from `since` to `till` in the county or city, and those of each officer."""
    with connection.cursor() as cursor:
        within = view.place[:6]
        cursor.execute(_REVIEWS, {"campaign": view.campaign.pk, "since": since, "till": till, "within": within})
        found: dict[tuple[str, str], dict[int, int]] = {}
        for place, name, hours, many in cursor.fetchall():
            counts = found.setdefault((place, name), {})
            counts[hours] = counts.get(hours, 0) + many
    whole: dict[int, int] = {}
    for counts in found.values():
        for hours, many in counts.items():
            whole[hours] = whole.get(hours, 0) + many
    return _one("", "", whole), [_one(place, name, counts) for (place, name), counts in sorted(found.items())]


def _one(place: str, name: str, counts: dict[int, int]) -> Reviewing:
    return Reviewing(place, name, sum(counts.values()), median_of(counts))


_REVIEWS = """
SELECT counts.place, officer.display_name, counts.hours, sum(counts.many)::int
FROM survey_reviewcount AS counts JOIN registry_officer AS officer ON officer.id = counts.by_id
WHERE counts.campaign_id = %(campaign)s AND counts.day BETWEEN %(since)s AND %(till)s
AND starts_with(counts.place, %(within)s) GROUP BY counts.place, officer.id, officer.display_name, counts.hours
"""
