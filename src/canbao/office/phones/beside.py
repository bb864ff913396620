"""What of phones stands on a task's page: what waits for a decision, and the pictures."""

from __future__ import annotations

from typing import Any

from canbao.registry.access import acting
from canbao.registry.models import Officer
from canbao.survey.phones.disputes import disputes_of
from canbao.survey.phones.pictures import pictures_of


def beside(task_id: int, by: Officer) -> dict[str, Any]:
    """What `office/phones/beside.html` shows of a task that the officer has opened."""
    with acting(by.area, by):
        found = {"pictures": pictures_of(task_id), "disputes": disputes_of(task_id)}
    return {**found, "may_see_disputes": by.may("dispute.see")}
