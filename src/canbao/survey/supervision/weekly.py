"""The week's report (督导周报): what was done in a week, place by place, and what was remarkable about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from canbao.law.moves import read_workflows
from canbao.law.supervision import read_supervision
from canbao.registry.access import Refused, beyond
from canbao.registry.deeds import deed
from canbao.registry.models import Officer
from canbao.registry.places_now import places
from canbao.survey.models import Mark
from canbao.survey.supervision.days import Day, days
from canbao.survey.supervision.reviewing import Reviewing, reviewing
from canbao.survey.supervision.standing import Standing, View, standings, together, view_of
from canbao.survey.tasks import own_campaign


@dataclass(frozen=True)
class WeekLine:
    """One place: what has to be visited, what was approved by the week's end or today and what should have been, and in
    the week itself: forms handed in, approved, returned."""

    code: str
    name: str
    to_visit: int
    done: int
    planned: int
    handed_in: int
    approved: int
    returned: int

    @property
    def percent(self) -> int:
        """How much of what has to be visited was done."""
        return 100 * self.done // self.to_visit if self.to_visit else 100


@dataclass(frozen=True)
class Weekly:
    """A campaign's week in an area, in plain figures; the week is from Monday `begins` to Sunday `ends`, and
    has been looked at `until` then or today.

    `marks` are label and count of tasks remarked on in the week, `stuck` label of the state and count as it is now.
    `forecast` is None where too little was done to say; `days_late` then is 0.
    """

    campaign: str
    area: str
    begins: date
    ends: date
    until: date
    starts_on: date
    ends_on: date
    whole: WeekLine
    places: tuple[WeekLine, ...]
    days: tuple[Day, ...]
    marks: tuple[tuple[str, int], ...]
    stuck: tuple[tuple[str, int], ...]
    waiting: int
    reviews: Reviewing
    forecast: date | None
    days_late: int


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def weeks(starts: date, today: date) -> list[date]:
    """The Mondays of all weeks from the first day on, the latest first; never more than two years of them."""
    last, first = monday(today), monday(min(starts, today))
    return [last - timedelta(weeks=back) for back in range(min(104, (last - first).days // 7 + 1))]


def weekly(campaign_id: int, area: str, week: date, by: Officer) -> Weekly:
    """The report of the week in which a day lies, about an area or, if it is empty or not theirs, the officer's own.

    Raises Refused for a week that has not begun.
    """
    with deed(by=by, action="supervision.weekly", permission="survey.supervise") as note:
        campaign = own_campaign(campaign_id, by)
        begins = monday(week)
        note.objects.append(f"campaign:{campaign.pk}")
        view = view_of(campaign, by, area)
        note.details.update(place=view.place, week=begins.isoformat())
        if begins > view.today:
            raise Refused("这一周还没有到")
        return _report(view, begins)


def _report(view: View, begins: date) -> Weekly:
    ends = begins + timedelta(days=6)
    until = min(ends, view.today)
    parts, _ = standings(view, surveyors=False)
    whole = together(view, parts)
    found = _moves(view, begins, ends)
    lines = [_line(view, one, found.get(str(one.key), {}), until) for one in parts]
    reviews, _ = reviewing(view, begins, ends)
    return Weekly(
        view.campaign.name, named(view.place), begins, ends, until, view.period.starts, view.period.ends,
        _sum(view, lines), tuple(sorted(lines, key=lambda one: (-one.percent, one.code))),
        tuple(days(view, whole.to_visit, since=begins, till=ends)), _marks(view, begins, ends), _stuck(whole),
        whole.waiting, reviews, whole.forecast.day if whole.forecast else None, whole.days_late,
    )  # fmt: skip


def named(code: str) -> str:
    """What a place is called; its code where nobody knows it."""
    return places().name(code.ljust(6, "0")) or code


def _line(view: View, one: Standing, moves: dict[str, int], until: date) -> WeekLine:
    return WeekLine(
        str(one.key), named(str(one.key)), one.to_visit, moves.get("done", 0), view.period.planned(one.to_visit, until),
        moves.get("handed_in", 0), moves.get("approved", 0), moves.get("returned", 0),
    )  # fmt: skip


def _sum(view: View, lines: list[WeekLine]) -> WeekLine:
    names = ("to_visit", "done", "planned", "handed_in", "approved", "returned")
    return WeekLine(view.place, named(view.place), *(sum(getattr(one, name) for one in lines) for name in names))


def _moves(view: View, begins: date, ends: date) -> dict[str, dict[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_WEEK, {**view.said, "begins": begins, "ends": ends})
        names = ("handed_in", "approved", "returned", "done")
        return {place: dict(zip(names, counts, strict=True)) for place, *counts in cursor.fetchall()}


def _marks(view: View, begins: date, ends: date) -> tuple[tuple[str, int], ...]:
    zone = timezone.get_current_timezone()
    since, till = (datetime.combine(day, time(), zone) for day in (begins, ends + timedelta(days=1)))
    found = Mark.objects.filter(
        campaign=view.campaign, place__gte=view.place, place__lt=beyond(view.place), at__gte=since, at__lt=till
    )
    many = dict(found.order_by().values_list("kind").annotate(Count("pk")))
    return tuple((rule.label, many.get(rule.id, 0)) for rule in read_supervision().marks)


def _stuck(whole: Standing) -> tuple[tuple[str, int], ...]:
    labels = read_workflows()["task"].states
    return tuple((labels[state], many) for state, many in sorted(whole.stuck.items()))


_WEEK = """
SELECT place, coalesce(sum(many) FILTER (WHERE move IN ('submit', 'resubmit') AND day >= %(begins)s), 0)::int,
    coalesce(sum(CASE move WHEN 'approve' THEN many WHEN 'reopen' THEN -many END) FILTER (WHERE day >= %(begins)s),
        0)::int,
    coalesce(sum(many) FILTER (WHERE move = 'return' AND day >= %(begins)s), 0)::int,
    coalesce(sum(CASE move WHEN 'approve' THEN many WHEN 'reopen' THEN -many END), 0)::int
FROM survey_daycount WHERE campaign_id = %(campaign)s AND digits = %(digits)s AND place >= %(from)s
AND place < %(beyond)s AND day <= %(ends)s GROUP BY 1
"""
