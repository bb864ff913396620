"""Questions to the log: who saw this person, what did this officer do, and what is unusual about a day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from canbao.registry.database import Cursor, rows

AIMED = (
    "person.see", "person.unmask", "person.why", "conflict.see", "evidence.take", "person.lookers", "exchange.look_up",
    "exchange.proof", "exchange.panel",
)  # fmt: skip
"""The actions that show one person, whom somebody has picked out."""
LOOKS = (*AIMED, "person.search", "person.export", "exchange.back_fill")
"""The actions that show records of people."""
ALARMS = {
    "quota": "当天查看的人数将到上限",
    "beyond": "要看的人数超过当天上限",
    "canary": "动了诱饵记录",
    "household_list": "下载整市户籍名单",
    "prints": "打印大量调查文书",
    "protected": "查了受保护的人员",
    "emergency": "开启紧急查询",
    "exchange_rows": "合作系统当天推送的条数将到协议上限",
    "exchange_beyond": "合作系统推送的条数超过协议上限",
    "exchange_night": "合作系统在办公时间以外查询",
    "exchange_misses": "合作系统接连查无此人，已停止查询",
    "exchange_refused": "合作系统接连被拒绝",
    "exchange_silent": "合作系统久未联系",
    "exchange_backlog": "合作系统的推送积压",
    "exchange_aside": "合作系统的推送大量搁置",
}
"""The kinds of alarms; their lines have the action `alarm.KIND` and among their objects `alarm:KIND`."""
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


def alarms(cursor: Cursor, area: str, since: datetime, most: int = 500) -> list[Row]:
    """The alarms that officers of an area have raised, or that are about a place in it, the latest first."""
    condition = (
        "objects && %s::text[] AND action LIKE 'alarm.%%' AND at >= %s "
        "AND (starts_with(area, %s) OR starts_with(details::jsonb ->> 'place', %s))"
    )
    return _lines(cursor, condition, [[f"alarm:{kind}" for kind in ALARMS], since, area, area], most)


def unusual(cursor: Cursor, day: date, thresholds: Mapping[str, int]) -> list[Row]:
    """What stands out on a day, the most of it first.

    Each row has kind, label, count and the officer: officer_id, account, person_name, duty, area; those that are about
    a person at whom many looked have `person` (7 of `person:7`) instead. `thresholds` says from which count a kind is
    unusual; a kind without one is not asked for.
    """
    found: list[Row] = []
    for kind, least in thresholds.items():
        label, query = _KINDS[kind]
        cursor.execute(query, {"day": day, "least": least, **_WITH})
        found += [{**row, "kind": kind, "label": label, "over": row["count"] / least} for row in rows(cursor)]
    return sorted(found, key=lambda row: -row["over"])


_OF_DAY = (
    "at >= %(day)s::date::timestamp AT TIME ZONE %(zone)s AND at < (%(day)s::date + 1)::timestamp AT TIME ZONE %(zone)s"
)
_OFFICER = "officer_id, account, person_name, duty, area"


def _by_officer(counted: str, condition: str, also: str = "") -> str:
    """Count something of each officer's day; `also` parts what is counted further, the most of a part stands for it."""
    parted = (
        f"SELECT {_OFFICER}, {counted} AS count FROM audit_log LEFT JOIN LATERAL unnest(objects) AS object ON TRUE "
        f"WHERE {_OF_DAY} AND {condition} GROUP BY {_OFFICER}{also} HAVING {counted} >= %(least)s"
    )
    return f"SELECT {_OFFICER}, max(count) AS count FROM ({parted}) AS parted GROUP BY {_OFFICER}"


_LINES = "count(DISTINCT number)"
_PEOPLE = "count(DISTINCT object) FILTER (WHERE object LIKE 'person:%%')"
_DETAIL = "details::jsonb ->> '{}'"
_WHICH, _NEAR, _SORT, _FOUND = (_DETAIL.format(name) for name in ("which", "near", "kind", "found"))
_MISSED = (
    "action = ANY(%(asked)s) AND decision = 'allowed' "
    f"AND {_FOUND} IN ('0', 'false') AND coalesce({_SORT}, 'number') = 'number'"
)
_UNFOUNDED = (
    "action = ANY(%(aimed)s) AND decision = 'allowed' AND purpose = 'conflict' AND object LIKE 'person:%%' "
    "AND NOT EXISTS (SELECT FROM registry_conflict WHERE registry_conflict.person_id = substr(object, 8)::bigint)"
)
_MANY_LOOKERS = (
    "SELECT substr(object, 8)::bigint AS person, count(DISTINCT officer_id) AS count "
    f"FROM audit_log, unnest(objects) AS object WHERE {_OF_DAY} AND action = ANY(%(aimed)s) AND decision = 'allowed' "
    "AND object LIKE 'person:%%' GROUP BY object HAVING count(DISTINCT officer_id) >= %(least)s"
)
_KINDS = {
    "people": ("一天看了很多人", _by_officer(_PEOPLE, "action = ANY(%(looks)s) AND decision = 'allowed'")),
    "unmasked": ("多次显示完整号码", _by_officer(_PEOPLE, "action = 'person.unmask' AND decision = 'allowed'")),
    "refusals": ("多次被拒绝", _by_officer(_LINES, "decision = 'refused'")),
    "night": (
        "在办公时间以外查询",
        _by_officer(
            _LINES,
            "action = ANY(%(looks)s) "
            "AND NOT extract(hour FROM at AT TIME ZONE %(zone)s) BETWEEN %(opens)s AND %(closes)s",
        ),
    ),
    "sequence": (
        "连着查同地区同生日的号码",
        _by_officer(f"count(DISTINCT {_WHICH})", f"action = ANY(%(asked)s) AND {_NEAR} <> ''", f", {_NEAR}"),
    ),
    "misses": ("多次查无此人", _by_officer(_LINES, _MISSED)),
    "no_conflict": ("用途写争议核准，而此人没有争议", _by_officer("count(DISTINCT object)", _UNFOUNDED)),
    "many_lookers": ("一个人被多名用户查看", _MANY_LOOKERS),
}
_WITH = {
    "looks": list(LOOKS),
    "aimed": list(AIMED),
    "asked": ["person.search", "audit.find_person", *AIMED],
    "zone": "Asia/Shanghai",
    "opens": OPENS,
    "closes": CLOSES - 1,
}


def _lines(cursor: Cursor, condition: str, parameters: list[Any], most: int) -> list[Row]:
    cursor.execute(_SEEN.format(condition), [*parameters, most])
    return [{**row, "details": json.loads(row["details"])} for row in rows(cursor)]
