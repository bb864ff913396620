"""Quality: how many tasks bear which mark, by place and by surveyor, and which tasks these are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from canbao.core.supervision.marks import NAMED
from canbao.law.supervision import MarkRule, read_supervision
from canbao.registry.access import Refused, beyond
from canbao.registry.database import rows
from canbao.registry.deeds import deed
from canbao.registry.models import Officer
from canbao.survey.models import Watch
from canbao.survey.moving import OPEN
from canbao.survey.supervision.standing import View, view_of
from canbao.survey.tasks import own_campaign

PAGE = 50
MOST_SURVEYORS = 30
STUCK = "stuck"
"""Listed like a mark: tasks of a state where nothing has moved for days."""


@dataclass
class Marked:
    """The tasks of a place or of a surveyor that bear marks: how many by mark, of how many forms that came in."""

    key: str | int
    name: str = ""
    forms: int = 0
    marks: dict[str, int] = field(default_factory=dict)

    @property
    def in_all(self) -> int:
        """All marks; a task may bear several."""
        return sum(self.marks.values())

    def share(self, many: int) -> str:
        """How many per cent of the forms that is, with one decimal."""
        return f"{100 * many / self.forms:.1f}" if self.forms else "0"


@dataclass(frozen=True)
class Quality:
    """Marks of the whole, by place below it, and of the surveyors with the most; `details` say which reasons and rules.

    `checks` are spot checks by kind (phone, recheck) and result (same, differs, unreached, or empty: still to be made).
    """

    view: View
    rules: tuple[MarkRule, ...]
    whole: Marked
    places: list[Marked]
    surveyors: list[Marked]
    details: dict[str, dict[str, int]]
    checks: dict[str, dict[str, int]]
    marked_at: datetime | None


def quality(campaign_id: int, *, by: Officer, place: str = "") -> Quality:
    """What is remarkable in the officer's area or in a place of it, counted; raises Refused."""
    with deed(by=by, action="supervision.quality", permission="survey.supervise") as note:
        campaign = own_campaign(campaign_id, by)
        note.objects.append(f"campaign:{campaign.pk}")
        view = view_of(campaign, by, place)
        note.details["place"] = view.place
        return _quality(view)


def _quality(view: View) -> Quality:
    places: dict[str, Marked] = {}
    surveyors: dict[int, Marked] = {}
    details: dict[str, dict[str, int]] = {}
    for row in _asked(_MARKS, {**view.said, "named": list(NAMED)}):
        if row["place"] is not None:
            places.setdefault(row["place"], Marked(row["place"])).marks[row["kind"]] = row["many"]
        elif row["names"] is not None:
            for name in row["names"].split(","):
                of_kind = details.setdefault(row["kind"], {})
                of_kind[name] = of_kind.get(name, 0) + row["many"]
        elif row["is_surveyor"]:
            whose = row["surveyor_id"] or 0
            surveyors.setdefault(whose, Marked(whose)).marks[row["kind"]] = row["many"]
    for row in _asked(_FORMS, view.said):
        places.setdefault(row["key"], Marked(row["key"])).forms = row["many"]
    listed = [places[key] for key in sorted(places)]
    return Quality(
        view, read_supervision().marks, _whole(listed), listed, _worst(view, surveyors), details, _checks(view),
        Watch.objects.filter(campaign=view.campaign).values_list("marked_at", flat=True).first(),
    )  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A task that bears a mark or is stuck: never whose it is."""

    id: int
    task: int
    place: str
    surveyor: str
    state: str
    detail: str
    at: datetime


def marked(
    campaign_id: int, kind: str, *, by: Officer, place: str = "", surveyor: int | None = None, detail: str = "",
    after: int = 0,
) -> tuple[View, list[Found]]:  # fmt: skip
    """At most PAGE tasks with a mark, from key `after` on; `detail` is a rule, a reason, or the state of what is stuck.

    Raises Refused for a mark that the law does not have.
    """
    with deed(by=by, action="supervision.marked", permission="survey.supervise") as note:
        campaign = own_campaign(campaign_id, by)
        if kind != STUCK and kind not in read_supervision().by_id:
            raise Refused("没有这种标记")
        view = view_of(campaign, by, place)
        note.objects.append(f"campaign:{campaign.pk}")
        note.details.update(mark=kind, place=view.place)
        whole, of_surveyor, of_detail = _STUCK if kind == STUCK else _MARKED
        query = whole + (of_surveyor if surveyor else "") + (of_detail if detail else "")
        before = timezone.now() - timedelta(days=read_supervision().pace.stuck_days)
        said = {
            **view.said, "kind": kind, "surveyor": surveyor, "detail": detail, "after": after, "page": PAGE,
            "before": before, "open": sorted(OPEN),
        }  # fmt: skip
        found = [Found(**one) for one in _asked(query + " ORDER BY 1 LIMIT %(page)s", said)]
        note.objects.extend(f"task:{one.task}" for one in found)
        return view, found


def _whole(places: list[Marked]) -> Marked:
    whole = Marked("", forms=sum(one.forms for one in places))
    for one in places:
        for kind, many in one.marks.items():
            whole.marks[kind] = whole.marks.get(kind, 0) + many
    return whole


def _worst(view: View, found: dict[int, Marked]) -> list[Marked]:
    worst = sorted(found.values(), key=lambda one: (-one.in_all, one.key))[:MOST_SURVEYORS]
    said = {**view.said, "surveyors": [one.key for one in worst], "town_beyond": beyond(view.place[:9])}
    for row in _asked(_NAMED, said):
        found[row["id"]].name, found[row["id"]].forms = row["name"], row["many"]
    return worst


def _checks(view: View) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in _asked(_CHECKS, view.said):
        found.setdefault(row["kind"], {})[row["result"]] = row["many"]
    return found


def _asked(query: str, said: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query, said)
        return rows(cursor)


_MARKS = """
SELECT left(place, %(digits)s) AS place, surveyor_id, grouping(surveyor_id) = 0 AS is_surveyor, kind,
    CASE WHEN kind = ANY(%(named)s) THEN detail END AS names, count(*) AS many
FROM survey_mark
WHERE campaign_id = %(campaign)s AND place >= %(from)s AND place < %(beyond)s
GROUP BY GROUPING SETS ((left(place, %(digits)s), kind), (surveyor_id, kind),
    (kind, CASE WHEN kind = ANY(%(named)s) THEN detail END))
"""
_FORMS = """
SELECT place AS key, sum(many)::int AS many FROM survey_daycount
WHERE campaign_id = %(campaign)s AND digits = %(digits)s AND place >= %(from)s AND place < %(beyond)s AND move = 'form'
GROUP BY 1
"""
_NAMED = """
SELECT surveyor.id, surveyor.name, coalesce(sum(counts.many), 0)::int AS many
FROM survey_surveyor AS surveyor LEFT JOIN survey_daycount AS counts ON counts.surveyor_id = surveyor.id
    AND counts.campaign_id = %(campaign)s AND counts.digits = 9 AND counts.move = 'form'
    AND counts.place >= left(%(from)s, 9) AND counts.place < %(town_beyond)s
WHERE surveyor.id = ANY(%(surveyors)s) GROUP BY surveyor.id, surveyor.name
"""
_CHECKS = """
SELECT sample.kind, drawn.result, count(*) AS many
FROM survey_sample AS sample JOIN survey_sampletask AS drawn ON drawn.sample_id = sample.id
JOIN survey_task AS task ON task.id = drawn.task_id
WHERE sample.campaign_id = %(campaign)s AND task.place >= %(from)s AND task.place < %(beyond)s GROUP BY 1, 2
"""
_MARKED = (
    """
SELECT mark.id, task.id AS task, task.place, coalesce(surveyor.name, '') AS surveyor, task.state, mark.detail, mark.at
FROM survey_mark AS mark JOIN survey_task AS task ON task.id = mark.task_id
LEFT JOIN survey_surveyor AS surveyor ON surveyor.id = task.surveyor_id
WHERE mark.campaign_id = %(campaign)s AND mark.kind = %(kind)s AND mark.place >= %(from)s AND mark.place < %(beyond)s
AND mark.id > %(after)s""",
    " AND mark.surveyor_id = %(surveyor)s",
    " AND %(detail)s = ANY(string_to_array(mark.detail, ','))",
)
_STUCK = (
    """
SELECT task.id, task.id AS task, task.place, coalesce(surveyor.name, '') AS surveyor, task.state, '' AS detail,
    task.changed_at AS at
FROM survey_task AS task LEFT JOIN survey_surveyor AS surveyor ON surveyor.id = task.surveyor_id
WHERE task.campaign_id = %(campaign)s AND task.place >= %(from)s AND task.place < %(beyond)s AND task.id > %(after)s
AND task.state = ANY(%(open)s) AND task.changed_at < %(before)s""",
    " AND task.surveyor_id = %(surveyor)s",
    " AND task.state = %(detail)s",
)
"""The query, and what is added for one surveyor and for one rule, reason or state."""
