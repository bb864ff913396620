"""Keeping counts and marks up to date while campaigns run; the queue calls it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from canbao.registry.access import working
from canbao.survey.models import Campaign, SampleTask, TaskMove, Watch
from canbao.survey.supervision.counting import count
from canbao.survey.supervision.marking import mark

WATCHED = ("running", "auditing", "closed")
"""A closed campaign is still checked and reopened."""
BETWEEN_MARKS = timedelta(minutes=55)
"""Counting is quick; marking reads all forms, and so comes once an hour if there is something new."""


def watch() -> list[int]:
    """Count, and if it is time mark, each campaign that is under way; returns their keys."""
    with working():
        watched = list(Campaign.objects.filter(state__in=WATCHED).values_list("pk", flat=True))
    for campaign in watched:
        count(campaign)
        if _is_due(campaign):
            mark(campaign)
    return watched


def watch_now(campaign: int) -> None:
    """Count and mark one campaign at once, whatever was done before: somebody waits for it."""
    count(campaign)
    mark(campaign)


def _is_due(campaign: int) -> bool:
    before = Watch.objects.filter(campaign=campaign).values_list("marked_at", flat=True).first()
    if before is None:
        return True
    if timezone.now() - before < BETWEEN_MARKS:
        return False
    with working():
        moves = TaskMove.objects.filter(at__gt=before, task__campaign=campaign)
        return moves.exists() or SampleTask.objects.filter(at__gt=before, task__campaign=campaign).exists()
