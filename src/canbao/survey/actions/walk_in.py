"""Walk-in: somebody comes to a fixed point; whoever has no task in the running campaign gets one there and then."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from canbao.core.progress import after
from canbao.registry.access import Refused
from canbao.registry.database import row
from canbao.registry.deeds import deed
from canbao.registry.lookup import alarm_protected, normalised
from canbao.registry.models import Officer
from canbao.survey.models import UNDER_WAY, Campaign, Task, TaskMove
from canbao.survey.moving import flow
from canbao.survey.quotas import count_tasks
from canbao.survey.tasks import own_campaign


def walk_in(*, campaign: Campaign, number: str, by: Officer) -> Task:
    """The task of a person of one's area by number; raises Refused for anybody else, or who needs no survey."""
    with deed(by=by, action="task.walk_in", permission="task.walk_in", purpose="survey", needs_purpose=True) as note:
        running = own_campaign(campaign.pk, by)
        note.objects.append(f"campaign:{running.pk}")
        if running.state not in UNDER_WAY or running.is_training:
            raise Refused("这个批次现在不能固定点登记")
        written = normalised(number)
        with connection.cursor() as cursor:
            cursor.execute(_FOUND, [written, by.area])
            person = row(cursor)
        if person is None:
            alarm_protected(note, number=written)
            raise Refused("本辖区没有这个号码的人；请核对号码，或请户籍所在地办理")
        known = Task.objects.filter(campaign=running, person_id=person["id"]).first()
        if known is None and person["registration_status"] != "2":
            raise Refused("这个人登记为已参保，不用调查；要更正的请在人员页申请")
        task = known or _made(running, person, by)
        count_tasks([(task.pk, task.person_id)], by, note)
        return task


def _made(campaign: Campaign, person: dict[str, object], by: Officer) -> Task:
    now = timezone.now()
    task = Task.objects.create(
        campaign=campaign, person_id=person["id"], place=person["home"], state=after(flow(), None, "walk_in"),
        form=campaign.form, reason=person["uninsured_reason"] or "", changed_at=now,
    )  # fmt: skip
    TaskMove.objects.create(task=task, move="walk_in", at=now, by=by, place=task.place)
    return task


_FOUND = (
    "SELECT person.id, home, registration_status, uninsured_reason FROM person_identifier AS known "
    "LEFT JOIN merged USING (person_id) JOIN person ON person.id = coalesce(into_id, person_id) "
    "WHERE known.ssn = %s AND starts_with(home, %s)"
)
