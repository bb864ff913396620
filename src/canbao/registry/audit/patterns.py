"""Questions to the log: who saw this person, what did this officer do, and what is unusual about a day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from canbao.registry.database import Cursor, rows

LOOKS = ("person.search", "person.see", "person.unmask", "person.export")
"""The actions that show records of people."""
OPENS, CLOSES = 7, 21
"""Hours of the day between which offices work, in Guangdong."""
Row = dict[str, Any]

_SEEN = (
    "SELECT number, at, officer_id, account, person_name, duty, area, origin, action, purpose, decision, objects, "
    "details FROM audit_log WHERE {} ORDER BY number DESC LIMIT %s"
)


def who_saw(cursor: Cursor, object_: str, most: int = 500) -> list[Row]:
    """The lines about an object such as `person:7`, the latest first."""
    return _lines(cursor, "objects @> ARRAY[%s]", [object_], most)


def what_did(cursor: Cursor, officer_id: int, since: datetime, until: datetime, most: int = 2000) -> list[Row]:
    """The lines of an officer between two moments, the latest first."""
    return _lines(cursor, "officer_id = %s AND at >= %s AND at < %s", [officer_id, since, until], most)


def unusual(cursor: Cursor, day: date, thresholds: Mapping[str, int]) -> list[Row]:
    """What stands out on a day, the most of it first.

    Each row has kind, label, count and the officer: officer_id, account, person_name, duty, area. `thresholds` says
    from which count a kind is unusual; a kind without one is not asked for.
    """
    found: list[Row] = []
    for kind, least in thresholds.items():
        label, counted, condition = _KINDS[kind]
        cursor.execute(_COUNTED.format(counted=counted, condition=condition), {"day": day, "least": least, **_WITH})
        found += [{**row, "kind": kind, "label": label, "over": row["count"] / least} for row in rows(cursor)]
    return sorted(found, key=lambda row: -row["over"])


_PEOPLE = "count(DISTINCT object) FILTER (WHERE object LIKE 'person:%%')"
_KINDS = {
    "people": ("一天看了很多人", _PEOPLE, "action = ANY(%(looks)s) AND decision = 'allowed'"),
    "unmasked": ("多次显示完整号码", _PEOPLE, "action = 'person.unmask' AND decision = 'allowed'"),
    "refusals": ("多次被拒绝", "count(DISTINCT number)", "decision = 'refused'"),
    "night": (
        "在办公时间以外查询",
        "count(DISTINCT number)",
        "action = ANY(%(looks)s) AND NOT extract(hour FROM at AT TIME ZONE %(zone)s) BETWEEN %(opens)s AND %(closes)s",
    ),
}
_WITH = {"looks": list(LOOKS), "zone": "Asia/Shanghai", "opens": OPENS, "closes": CLOSES - 1}
_COUNTED = (
    "SELECT officer_id, account, person_name, duty, area, {counted} AS count "
    "FROM audit_log LEFT JOIN LATERAL unnest(objects) AS object ON TRUE "
    "WHERE at >= %(day)s::date::timestamp AT TIME ZONE %(zone)s "
    "AND at < (%(day)s::date + 1)::timestamp AT TIME ZONE %(zone)s AND {condition} "
    "GROUP BY officer_id, account, person_name, duty, area HAVING {counted} >= %(least)s"
)


def _lines(cursor: Cursor, condition: str, parameters: list[Any], most: int) -> list[Row]:
    cursor.execute(_SEEN.format(condition), [*parameters, most])
    return [{**row, "details": json.loads(row["details"])} for row in rows(cursor)]
