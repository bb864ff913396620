"""How the tasks of a place or a surveyor stand: by state, what is stuck, what waits for review, and the last days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from canbao.core.supervision.pace import Forecast, Period, Rate, forecast
from canbao.law.supervision import read_supervision
from canbao.registry.access import beyond
from canbao.registry.database import rows
from canbao.registry.models import Officer
from canbao.survey.balance import BELOW, Line
from canbao.survey.models import Campaign
from canbao.survey.moving import OPEN

LEVELS = (4, 6, 9, 12)
NO_RATE = Rate(0, 0, 1)


@dataclass(frozen=True)
class View:
    """Which part of a campaign is looked at: a place, the level below it, and the day it is."""

    campaign: Campaign
    place: str
    today: date

    @property
    def digits(self) -> int:
        """The length of the codes one level below; a village has nothing below itself."""
        return BELOW[len(self.place)]

    @property
    def period(self) -> Period:
        """The campaign's days."""
        return Period(self.campaign.starts_on, self.campaign.ends_on)

    @property
    def said(self) -> dict[str, Any]:
        """For the conditions `campaign`, `from` and `beyond` of a query."""
        return {
            "campaign": self.campaign.pk, "from": self.place, "beyond": beyond(self.place), "digits": self.digits,
            "today": self.today,
        }  # fmt: skip


def view_of(campaign: Campaign, by: Officer, place: str = "") -> View:
    """What an officer looks at: the place they ask for if it lies in their area, else the whole of it."""
    own = by.area if len(by.area) > len(campaign.area) else campaign.area
    is_theirs = place.isascii() and place.isdigit() and len(place) in LEVELS and place.startswith(own)
    return View(campaign, place if is_theirs else own, timezone.localdate())


@dataclass
class Standing(Line):
    """The tasks of one place or one surveyor; `key` is a place's code or a surveyor's key (0: nobody's).

    `stuck` are by state those where nothing has moved for days; `unseen` wait for review longer than they should,
    the oldest since `waits_since`; `returned` have been sent back at least once.
    """

    stuck: dict[str, int] = field(default_factory=dict)
    returned: int = 0
    unseen: int = 0
    waits_since: datetime | None = None
    rate: Rate = NO_RATE
    planned: int = 0
    forecast: Forecast | None = None
    ends: date = date.max

    @property
    def to_visit(self) -> int:
        """Those that had to be visited: all but what data have settled."""
        return self.done + self.open

    @property
    def waiting(self) -> int:
        """Those that wait for review."""
        return self.states.get("submitted", 0)

    @property
    def behind(self) -> int:
        """How many less are done than planned by today; below nought if more."""
        return self.planned - self.done

    @property
    def days_late(self) -> int:
        """How many days after the campaign's end the last one will be done."""
        return max(0, (self.forecast.day - self.ends).days) if self.forecast else 0

    @property
    def stuck_in_all(self) -> int:
        """All that are stuck."""
        return sum(self.stuck.values())

    def add(self, row: dict[str, Any]) -> None:
        """Take a row of counts in."""
        state, many = row["state"], row["many"]
        self.states[state] = self.states.get(state, 0) + many
        self.returned += row["returned"]
        if state in OPEN and row["stuck"]:
            self.stuck[state] = self.stuck.get(state, 0) + row["stuck"]
        if state == "submitted":
            self.unseen += row["unseen"]
            self.waits_since = min(filter(None, (self.waits_since, row["since"])), default=None)


def standings(view: View, *, surveyors: bool) -> tuple[list[Standing], list[Standing]]:
    """The places one level below and, if asked for, the surveyors; each judged by its plan and its last days."""
    places: dict[str | int, Standing] = {}
    people: dict[str | int, Standing] = {}
    for row in _counted(view, surveyors):
        found, key = (people, row["surveyor"] or 0) if row["is_surveyor"] else (places, row["place"])
        found.setdefault(key, Standing(key)).add(row)
    for found, of in ((places, "place"), (people, "surveyor")):
        rates = _rates(view, of) if found else {}
        for key, one in found.items():
            one.rate = rates.get(key, NO_RATE)
    return [judged(view, places[key]) for key in sorted(places)], [judged(view, people[key]) for key in sorted(people)]


def together(view: View, parts: list[Standing]) -> Standing:
    """The whole that some places make."""
    whole = Standing("")
    for part in parts:
        for mine, theirs in ((whole.states, part.states), (whole.stuck, part.stuck)):
            for state, many in theirs.items():
                mine[state] = mine.get(state, 0) + many
        whole.returned += part.returned
        whole.unseen += part.unseen
        whole.waits_since = min(filter(None, (whole.waits_since, part.waits_since)), default=None)
    rates = [part.rate for part in parts]
    whole.rate = Rate(sum(one.handed_in for one in rates), sum(one.approved for one in rates), _days(view))
    return judged(view, whole)


def judged(view: View, one: Standing) -> Standing:
    """With its plan by today and its forecast."""
    one.ends = view.period.ends
    one.planned = view.period.planned(one.to_visit, view.today)
    one.forecast = forecast(
        to_hand_in=one.open - one.waiting, to_approve=one.open, rate=one.rate, today=view.today,
        least=read_supervision().pace.least,
    )  # fmt: skip
    return one


def _counted(view: View, surveyors: bool) -> list[dict[str, Any]]:
    rules, now = read_supervision().pace, timezone.now()
    said = {
        **view.said, "stuck": now - timedelta(days=rules.stuck_days),
        "unseen": now - timedelta(hours=rules.unseen_hours),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BOTH if surveyors else _PLACES, said)
        return rows(cursor)


def _rates(view: View, of: str) -> dict[str | int, Rate]:
    days = _days(view)
    digits, within = (9, view.place[:9]) if of == "surveyor" else (view.digits, view.place)
    said = {**view.said, "from": within, "beyond": beyond(within), "digits": digits}
    with connection.cursor() as cursor:
        key = "coalesce(surveyor_id, 0)" if of == "surveyor" else "place"
        cursor.execute(_RATES.format(key=key), {**said, "since": view.today - timedelta(days=days)})
        return {key: Rate(max(0, handed_in), max(0, approved), days) for key, handed_in, approved in cursor.fetchall()}


def _days(view: View) -> int:
    """How many of the last days lie in the campaign."""
    return min(read_supervision().pace.days, max(1, (view.today - view.period.starts).days + 1))


_COUNTS = """
    state, count(*) AS many, count(*) FILTER (WHERE returned > 0) AS returned,
    count(*) FILTER (WHERE changed_at < %(stuck)s) AS stuck, count(*) FILTER (WHERE changed_at < %(unseen)s) AS unseen,
    min(changed_at) AS since
FROM survey_task WHERE campaign_id = %(campaign)s AND place >= %(from)s AND place < %(beyond)s
"""
_PLACES = f"SELECT left(place, %(digits)s) AS place, false AS is_surveyor, {_COUNTS} GROUP BY 1, state"
"""By itself it is counted in several lanes, as grouping sets are not: above a county that matters."""
_BOTH = f"""
SELECT left(place, %(digits)s) AS place, surveyor_id AS surveyor, grouping(surveyor_id) = 0 AS is_surveyor, {_COUNTS}
GROUP BY GROUPING SETS ((left(place, %(digits)s), state), (surveyor_id, state))
"""
_RATES = """
SELECT {key} AS key, sum(CASE WHEN move IN ('submit', 'resubmit') THEN many WHEN move IN ('withdraw', 'return')
    THEN -many ELSE 0 END)::int, sum(CASE move WHEN 'approve' THEN many WHEN 'reopen' THEN -many ELSE 0 END)::int
FROM survey_daycount WHERE campaign_id = %(campaign)s AND digits = %(digits)s AND place >= %(from)s
AND place < %(beyond)s AND day > %(since)s AND day <= %(today)s
GROUP BY 1
"""
