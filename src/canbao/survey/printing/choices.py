"""What an officer may choose from before anything is printed: places with tasks, surveyors with cards; counts only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db.models import Count
from django.utils import timezone

from canbao.registry.access import acting
from canbao.registry.models import Officer
from canbao.survey.models import Campaign, Printing, Surveyor
from canbao.survey.moving import GONE
from canbao.survey.printing.places import LEVELS
from canbao.survey.surveyors import fit_today, own_surveyors
from canbao.survey.tasks import own_tasks

DEEPER = 2
"""Levels below the officer's own that can be chosen: a city prints for towns, and no city for one village."""


def places_with_tasks(campaign: Campaign, by: Officer) -> list[tuple[str, int]]:
    """The officer's own area, then the places in it with tasks, each with how many, in the order of codes."""
    top = by.area if by.area.startswith(campaign.area) else campaign.area
    levels = [digits for digits in LEVELS if digits > len(top)][:DEEPER]
    with acting(by.area, by):
        found = own_tasks(by).filter(campaign=campaign, place__startswith=top).exclude(state__in=GONE)
        many = dict(found.order_by().values_list("place").annotate(many=Count("pk")))
    counted: Counter[str] = Counter()
    for place, tasks in many.items():
        counted.update({place[:digits]: tasks for digits in levels if len(place) >= digits})
    return [(top, sum(many.values())), *sorted(counted.items())]


def surveyors_with_cards(campaign: Campaign, by: Officer) -> list[Surveyor]:
    """The surveyors of the officer's area whose card holds today."""
    found = fit_today(own_surveyors(by), timezone.localdate())
    return list(found.filter(city=campaign.city, place__startswith=by.area))


def printings(campaign: Campaign, by: Officer) -> Sequence[Printing]:
    """What was printed in the officer's area, the latest first."""
    found = Printing.objects.filter(campaign=campaign, place__startswith=by.area)
    return found.select_related("work", "by", "campaign").order_by("-pk")
