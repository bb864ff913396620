"""Keeping counts and marks up to date while campaigns run; the queue calls it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from canbao.registry.access import working
from canbao.survey.models import Campaign, Watch
from canbao.survey.supervision.counting import count
from canbao.survey.supervision.marking import mark

BETWEEN_MARKS = timedelta(minutes=55)
"""Counting is quick; marking reads all forms, and so comes once an hour."""


def watch() -> list[int]:
    """Count, and if it is time mark, each campaign that is under way; returns their keys."""
    with working():
        running = list(Campaign.objects.filter(state__in=("running", "auditing")).values_list("pk", flat=True))
    for campaign in running:
        count(campaign)
        if _is_due(campaign):
            mark(campaign)
    return running


def _is_due(campaign: int) -> bool:
    before = Watch.objects.filter(campaign=campaign).values_list("marked_at", flat=True).first()
    return before is None or timezone.now() - before >= BETWEEN_MARKS
