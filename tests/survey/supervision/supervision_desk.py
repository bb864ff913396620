"""A campaign that is supervised: forms handed in and approved, and rows set back in time by the database's owner."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.test import Client

from canbao.registry.access import acting
from canbao.registry.models import Officer
from canbao.survey.actions import reviews
from canbao.survey.models import Campaign, Mark, Task
from canbao.survey.supervision.counting import count
from canbao.survey.supervision.marking import mark
from people_of_office import PASSWORD
from survey_desk import county_officer, entered, running, seen, split, tasks


def under_way(forms: int = 4, approved: int = 2, **more: Any) -> Campaign:
    """A campaign of twelve, eight of them with one surveyor, some handed in and some approved."""
    campaign = running(**more)
    split(campaign)
    for place, task in enumerate(tasks(campaign, state="assigned")[:forms]):
        entered(task, mobile=f"1380013{place:04}")
    for task in tasks(campaign, state="submitted")[:approved]:
        approve(task)
    count(campaign.pk)
    return campaign


def approve(task: Task) -> None:
    reviews.approve(task_id=task.pk, version=seen(task).version, by=county_officer())


def marks_of(campaign: Campaign) -> dict[tuple[int, str], str]:
    """All marks after marking anew: task and kind, with the detail."""
    mark(campaign.pk)
    with acting("44", county_officer()):
        return {(one.task_id, one.kind): one.detail for one in Mark.objects.filter(campaign=campaign)}


def set_back(table: str, column: str, days: int, where: str = "true") -> None:
    """Let something have happened so many days earlier."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = {column} - interval '{days} days' WHERE {where}")


def signed_in(by: Officer) -> Client:
    """The officer's browser."""
    browser = Client(SERVER_NAME="localhost")
    assert browser.post("/sign-in/", {"username": by.username, "password": PASSWORD}).status_code == 302
    return browser
