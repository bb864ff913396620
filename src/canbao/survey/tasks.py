"""Tasks as officers see them: those of their area, a surveyor's own, sifted and page by page, with the people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from canbao.registry.access import Refused
from canbao.registry.database import rows
from canbao.registry.deeds import deed
from canbao.registry.lookup import LARGEST_ID
from canbao.registry.models import Officer
from canbao.registry.quotas import count_as_seen
from canbao.survey.models import Campaign, Task
from canbao.survey.quotas import count_tasks

PAGE = 50
Row = dict[str, Any]
ITEMS = (
    "ssn", "name", "sex", "birth_date", "hukou_address", "hukou_town_name", "hukou_village_name", "residence_address",
    "mobile", "ethnicity", "home", "employment_status", "no_unit_type", "uninsured_reason", "registration_status",
    "vital_status", "unit_name", "unit_no", "unit_type", "admin_division_code", "hukou_division_code", "qualities",
)  # fmt: skip
"""The items of a person that the survey asks about or shows."""


@dataclass(frozen=True)
class Sought:
    """Which tasks: by state, place (leading digits), surveyor (0: nobody's), and whether they are late."""

    state: str = ""
    place: str = ""
    surveyor: int | None = None
    is_late: bool = False


def own_campaign(campaign_id: int, by: Officer) -> Campaign:
    """A campaign that the officer may see; raises Refused."""
    found = Campaign.objects.filter(pk=min(campaign_id, LARGEST_ID)).first()
    if found is None or not by.area or not (found.area.startswith(by.area) or by.area.startswith(found.area)):
        raise Refused("没有这个调查批次，或不在您的管辖范围内")
    return found


def own_campaigns(by: Officer) -> QuerySet[Campaign]:
    """The campaigns that the officer may see, the latest first."""
    if not by.area:
        return Campaign.objects.none()
    above = [by.area[:digits] for digits in (4, 6) if digits < len(by.area)]
    found = Campaign.objects.filter(Q(area__startswith=by.area) | Q(area__in=above))
    return found.order_by("-pk")


def own_tasks(by: Officer) -> QuerySet[Task]:
    """The tasks of the officer's area; a surveyor's are those that they were given."""
    if not by.area:
        return Task.objects.none()
    found = Task.objects.filter(place__startswith=by.area)
    return found.filter(surveyor__officer=by) if by.duty == "surveyor" else found


def sought(wanted: Sought, among: QuerySet[Task]) -> QuerySet[Task]:
    """Those of some tasks that are meant."""
    if wanted.state:
        among = among.filter(state=wanted.state)
    if wanted.place:
        among = among.filter(place__startswith=wanted.place)
    if wanted.surveyor is not None:
        among = among.filter(surveyor=wanted.surveyor or None)
    return late(among) if wanted.is_late else among


def late(among: QuerySet[Task]) -> QuerySet[Task]:
    """Paper forms that were collected longer ago than the campaign allows for entering them, and missed appointments.

    粤人社办〔2017〕96号 三（三）5: at least weekly.
    """
    now = timezone.now()
    return among.filter(
        Q(state="collected", collected_at__lt=now - timedelta(days=1) * F("campaign__entry_days"))
        | Q(state__in=("assigned", "in_field"), next_on__lt=timezone.localdate())
    )


def listed(campaign_id: int, wanted: Sought, *, by: Officer, after: int = 0) -> list[Row]:
    """At most PAGE tasks with their people, in the order of place and key from `after` on; they count as opened."""
    with deed(by=by, action="task.list", permission="task.list", purpose="survey", needs_purpose=True) as note:
        campaign = own_campaign(campaign_id, by)
        note.objects.append(f"campaign:{campaign.pk}")
        found = sought(wanted, own_tasks(by).filter(campaign=campaign, pk__gt=after))
        page = list(found.select_related("surveyor").order_by("pk")[:PAGE])
        if by.may("task.see"):
            count_tasks([(one.pk, one.person_id) for one in page], by, note)
        else:
            count_as_seen([one.person_id for one in page if one.person_id > 0], by, note)
        return with_people(page)


def with_people(tasks: Sequence[Task]) -> list[Row]:
    """Tasks with the items of their people; a made person's are made. Somebody who is not to be seen has none."""
    keys = [task.person_id for task in tasks if task.person_id > 0]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT each AS key, {', '.join(f'person.{name}' for name in ITEMS)} FROM unnest(%s::bigint[]) AS each "
            "LEFT JOIN merged ON merged.person_id = each JOIN person ON person.id = coalesce(merged.into_id, each)",
            [keys],
        )
        known = {one["key"]: one for one in rows(cursor)}
    empty = dict.fromkeys(ITEMS)
    return [{"task": task, **empty, **(task.made or known.get(task.person_id, {}))} for task in tasks]


def found(task_id: int, *, by: Officer) -> Task | None:
    """A task that the officer may see, or None; nothing is counted."""
    return own_tasks(by).select_related("campaign", "surveyor__officer").filter(pk=min(task_id, LARGEST_ID)).first()


def require_own(task: Task, by: Officer) -> None:
    """Raise Refused unless the task is one of the officer's."""
    if not own_tasks(by).filter(pk=task.pk).exists():
        raise Refused("没有这个任务，或不在您的管辖范围内")
