"""What has come of duplicates, by month and kind: how many were found, and for how many people double cover ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone

from canbao.registry.database import rows
from canbao.registry.deeds import deed
from canbao.registry.duplicates import Filters, whose
from canbao.registry.models import Officer

MONTHS = 12


@dataclass(frozen=True)
class Figure:
    """One kind in one month: found, found right, ended, and how many people's double cover that was."""

    month: date
    kind: str
    found: int
    settled: int
    ended: int
    people: int


def figures(filters: Filters, *, by: Officer) -> list[Figure]:
    """The last MONTHS months of one's own place, by kind, the latest first; months without anything are left out.

    Of the filters, kind and place count.
    """
    with deed(by=by, action="duplicate.count", permission="duplicate.list") as note, connection.cursor() as cursor:
        note.details.update(kind=filters.kind, place=filters.place)
        own, place = f"|{by.area}", f"|{filters.place}"
        given = {"own": own, "place": place, "kind": filters.kind, "since": _first_month()}
        cursor.execute(_FIGURES.format(whose=whose(by)), given)
        return [Figure(**one) for one in rows(cursor)]


def _first_month() -> date:
    today = timezone.localdate()
    months = today.year * 12 + today.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


_COUNTED = {
    "found": ("found_on", "TRUE"),
    "settled": ("(decided_at AT TIME ZONE 'Asia/Shanghai')::date", "state = 'settled'"),
    "ended": ("ended_on", "state = 'ended'"),
}
"""What is counted: on which day it falls, and which duplicates count."""
_DAYS = " UNION ALL ".join(
    f"SELECT {day} AS day, kind, person_id, '{counted}' AS counted FROM registry_duplicate WHERE {holds} "
    f"AND {day} >= %(since)s AND strpos({{whose}}, %(own)s) > 0 AND strpos(areas, %(place)s) > 0 "
    "AND %(kind)s IN ('', kind) AND state <> 'dropped'"
    for counted, (day, holds) in _COUNTED.items()
)
_FIGURES = (
    "SELECT date_trunc('month', day)::date AS month, kind, "
    + ", ".join(f"count(*) FILTER (WHERE counted = '{counted}') AS {counted}" for counted in _COUNTED)
    + ", count(DISTINCT person_id) FILTER (WHERE counted = 'ended') AS people "
    f"FROM ({_DAYS}) AS each GROUP BY 1, 2 ORDER BY 1 DESC, 2"
)
