"""What of the survey waits for an officer: counts within their area, only of what their duty does."""

from __future__ import annotations

from dataclasses import dataclass

from canbao.registry.access import acting
from canbao.registry.models import Officer
from canbao.survey.models import UNDER_WAY
from canbao.survey.tasks import late, own_tasks

LISTED = ("prepared", "announced", *UNDER_WAY)
"""The states of a campaign whose tasks are somebody's to do."""


@dataclass(frozen=True)
class SurveyWaiting:
    """How many tasks are to be allotted, assigned, surveyed, reviewed, and are late; None where not one's to do."""

    to_allot: int | None = None
    to_assign: int | None = None
    to_do: int | None = None
    to_review: int | None = None
    late: int | None = None
    campaign: int | None = None


def survey_waiting(by: Officer) -> SurveyWaiting:
    """Count what waits; `campaign` is the latest one that anything of it is in."""
    if not by.may("task.list") or not by.area:
        return SurveyWaiting()
    with acting(by.area, by):
        found = own_tasks(by).filter(campaign__state__in=LISTED)
        latest = found.order_by("-campaign").values_list("campaign", flat=True).first()
        if latest is None:
            return SurveyWaiting()
        doing = by.may("task.enter")
        return SurveyWaiting(
            to_allot=found.filter(state="pending").count() if by.may("task.allot") else None,
            to_assign=found.filter(state="town").count() if by.may("task.assign") else None,
            to_do=found.filter(state__in=("assigned", "in_field", "returned")).count() if doing else None,
            to_review=found.filter(state="submitted").count() if by.may("task.review") else None,
            late=late(found).count() if doing or by.may("survey.supervise") else None,
            campaign=latest,
        )
