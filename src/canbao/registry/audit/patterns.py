"""Questions to the log: who saw this person, what did this officer do, and what is unusual about a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from canbao.registry.database import Cursor, rows

LOOKS = ("person.search", "person.see", "person.unmask", "person.export")
"""The actions that show records of people."""
THRESHOLDS: Mapping[str, int] = {
    "distinct_people": 200,
    "out_of_hours": 20,
    "refusals": 10,
    "unmasked": 50,
    "officers_of_one_person": 8,
}
"""From how many on a day is unusual; a supervisor may ask with others."""
OPENS, CLOSES = 7, 21
"""Hours of the day between which offices work, in the time zone of the session."""


@dataclass(frozen=True)
class Deed:
    """One line of the log as auditors read it."""

    number: int
    at: datetime
    officer_id: int | None
    account: str
    person_name: str
    duty: str
    area: str
    origin: str
    action: str
    purpose: str
    decision: str
    objects: list[str]
    details: str


@dataclass(frozen=True)
class Unusual:
    """Something that stands out: of which kind, who or what it is about, and how much there is of it."""

    kind: str
    label: str
    subject: str
    amount: int
    threshold: int


_SEEN = (
    "SELECT number, at, officer_id, account, person_name, duty, area, origin, action, purpose, decision, objects, "
    "details FROM audit_log WHERE {} ORDER BY number DESC LIMIT %s"
)


def who_saw(cursor: Cursor, object_: str, most: int = 500) -> list[Deed]:
    """Who had to do with an object such as `person:7`, the latest first."""
    return _deeds(cursor, "objects @> ARRAY[%s]", [object_], most)


def what_did(cursor: Cursor, officer_id: int, since: datetime, until: datetime, most: int = 2000) -> list[Deed]:
    """What an officer did between two moments, the latest first."""
    return _deeds(cursor, "officer_id = %s AND at >= %s AND at < %s", [officer_id, since, until], most)


def unusual(cursor: Cursor, day: date, thresholds: Mapping[str, int] = THRESHOLDS) -> list[Unusual]:
    """What stands out on a day, the most of it first."""
    found = [
        Unusual(kind, label, row["subject"], row["amount"], thresholds[kind])
        for kind, (label, query) in _QUESTIONS.items()
        for row in _asked(cursor, query, {"day": day, "least": thresholds[kind], "looks": list(LOOKS)})
    ]
    return sorted(found, key=lambda one: -one.amount / one.threshold)


_DAY = "at >= %(day)s::date AND at < %(day)s::date + 1"
_BY_OFFICER = "GROUP BY account, person_name HAVING"
_WHO = "person_name || '（' || account || '）' AS subject"
_QUESTIONS = {
    "distinct_people": (
        "一天看了很多人",
        f"SELECT {_WHO}, count(DISTINCT object) AS amount FROM audit_log, unnest(objects) AS object "
        f"WHERE {_DAY} AND action = ANY(%(looks)s) AND decision = 'allowed' AND object LIKE 'person:%%' "
        f"{_BY_OFFICER} count(DISTINCT object) >= %(least)s",
    ),
    "out_of_hours": (
        "在办公时间以外查询",
        f"SELECT {_WHO}, count(*) AS amount FROM audit_log WHERE {_DAY} AND action = ANY(%(looks)s) "
        f"AND (extract(hour FROM at) < {OPENS} OR extract(hour FROM at) >= {CLOSES}) "
        f"{_BY_OFFICER} count(*) >= %(least)s",
    ),
    "refusals": (
        "多次被拒绝",
        f"SELECT {_WHO}, count(*) AS amount FROM audit_log WHERE {_DAY} AND decision = 'refused' "
        f"{_BY_OFFICER} count(*) >= %(least)s",
    ),
    "unmasked": (
        "多次显示完整号码",
        f"SELECT {_WHO}, count(*) AS amount FROM audit_log WHERE {_DAY} AND action = 'person.unmask' "
        f"{_BY_OFFICER} count(*) >= %(least)s",
    ),
    "officers_of_one_person": (
        "同一个人被许多人查看",
        f"SELECT object AS subject, count(DISTINCT officer_id) AS amount FROM audit_log, unnest(objects) AS object "
        f"WHERE {_DAY} AND action = ANY(%(looks)s) AND object LIKE 'person:%%' "
        "GROUP BY object HAVING count(DISTINCT officer_id) >= %(least)s",
    ),
}


def _deeds(cursor: Cursor, condition: str, parameters: list[Any], most: int) -> list[Deed]:
    return [Deed(**row) for row in _asked(cursor, _SEEN.format(condition), [*parameters, most])]


def _asked(cursor: Cursor, query: str, parameters: Any) -> list[dict[str, Any]]:
    cursor.execute(query, parameters)
    return rows(cursor)
