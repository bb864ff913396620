"""Pace: plan against done, one level at a time; what is stuck, who reviews how fast, and where it will end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from canbao.law.supervision import read_supervision
from canbao.registry.deeds import deed
from canbao.registry.models import Officer
from canbao.survey.models import Surveyor, Watch
from canbao.survey.supervision.days import Day, days
from canbao.survey.supervision.reviewing import Reviewing, reviewing
from canbao.survey.supervision.standing import Standing, View, standings, together, view_of
from canbao.survey.tasks import own_campaign

COUNTY = 6


@dataclass(frozen=True)
class Pace:
    """How a place stands: the whole, the places one level below, from a county on its surveyors (with their names).

    `days` from the first to now, `reviews` of the last days as a whole and by officer; both as they were counted at
    `counted_at`, everything else as it is.
    """

    view: View
    whole: Standing
    places: list[Standing]
    surveyors: list[tuple[Standing, str]]
    days: list[Day]
    reviews: Reviewing
    reviewers: list[Reviewing]
    counted_at: datetime | None


def pace(campaign_id: int, *, by: Officer, place: str = "") -> Pace:
    """How a campaign stands in the officer's area or in a place of it; raises Refused."""
    with deed(by=by, action="supervision.pace", permission="survey.supervise") as note:
        campaign = own_campaign(campaign_id, by)
        note.objects.append(f"campaign:{campaign.pk}")
        view = view_of(campaign, by, place)
        note.details["place"] = view.place
        return _pace(view)


def _pace(view: View) -> Pace:
    places, surveyors = standings(view, surveyors=len(view.place) >= COUNTY)
    whole = together(view, places)
    since = view.today - timedelta(days=read_supervision().pace.days - 1)
    reviews, reviewers = reviewing(view, since, view.today)
    return Pace(
        view, whole, ranked(places), _named(surveyors), days(view, whole.to_visit), reviews, reviewers,
        Watch.objects.filter(campaign=view.campaign).values_list("counted_at", flat=True).first(),
    )  # fmt: skip


def ranked(lines: list[Standing]) -> list[Standing]:
    """The best first: by how much is done, then by how much is left."""
    return sorted(lines, key=lambda one: (-one.done / (one.to_visit or 1), one.open, str(one.key)))


def _named(surveyors: list[Standing]) -> list[tuple[Standing, str]]:
    names = dict(Surveyor.objects.filter(pk__in=[one.key for one in surveyors]).values_list("pk", "name"))
    return [(one, names.get(int(one.key), "")) for one in ranked(surveyors)]
