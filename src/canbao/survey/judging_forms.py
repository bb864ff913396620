"""A task's form as it is judged: what the program knows of the task, laid beside what is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from canbao.core.conditions.python import Value
from canbao.core.dates import read_day
from canbao.core.survey_form import Form, Reading, read_answers
from canbao.law.reader import read_law
from canbao.survey.models import Campaign, Task
from canbao.survey.tasks import with_people

SHARED = 3
"""How many people may give one mobile before it is remarked on."""
Row = dict[str, Any]


def read_form(task: Task, form: Form, written: Mapping[str, str], person: Row) -> Reading:
    """What is written, read and judged against the form, today."""
    facts = facts_of(task, written, person)
    return read_answers(form, written, facts=facts, as_of=timezone.localdate(), law=read_law())


def facts_of(task: Task, written: Mapping[str, str], person: Row) -> dict[str, Value]:
    """What the program says to the form's conditions (law.survey.SYSTEM)."""
    campaign = task.campaign
    return {
        "attempts_enough": _yes(task.failed >= campaign.attempts),
        "day_is_outside": _yes(_is_outside(campaign, written.get("surveyed_on", ""))),
        "mobile_is_shared": _yes(_shared(task, written.get("mobile", "").strip()) >= SHARED),
        "residence_is_hukou": _yes(
            bool(person["hukou_address"]) and written.get("residence_address", "").strip() == person["hukou_address"]
        ),
        "sex": person["sex"],
        "birth_date": _day(person["birth_date"]),
    }


def person_of(task: Task) -> Row:
    """The items of the person whom a task is about."""
    return with_people([task])[0]


def prefilled(form: Form, person: Row) -> dict[str, str]:
    """What the register knows already of what the form asks."""
    found = {one.id: str(person[one.field]) for one in form.questions.values() if one.prefill and person.get(one.field)}
    return {"survey_outcome": "1", **found}


def _yes(holds: bool) -> str:
    return "1" if holds else "0"


def _day(value: date | str | None) -> date | None:
    return read_day(value) if isinstance(value, str) else value


def _is_outside(campaign: Campaign, written: str) -> bool:
    day = read_day(written) if written else None
    return day is not None and not campaign.starts_on <= day <= min(campaign.ends_on, timezone.localdate())


def _shared(task: Task, mobile: str) -> int:
    if not mobile:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT entry.task_id) FROM survey_entry AS entry JOIN survey_task AS task "
            "ON task.id = entry.task_id WHERE entry.answers ->> 'mobile' = %s AND task.campaign_id = %s "
            "AND task.id <> %s AND entry.number = task.entries",
            [mobile, task.campaign_id, task.pk],
        )
        return int(cursor.fetchone()[0])
