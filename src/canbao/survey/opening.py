"""A task as it is opened: the person, the form, what was handed in before, visits, comments, and who is typing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from canbao.core.survey_form import Form
from canbao.registry.access import Refused
from canbao.registry.deeds import deed
from canbao.registry.lookup import alarm_protected, normalised
from canbao.registry.models import Officer
from canbao.survey.form import form_of
from canbao.survey.judging_forms import person_of
from canbao.survey.models import UNDER_WAY, Comment, Draft, Entry, SampleTask, Task, TaskMove, Visit
from canbao.survey.quotas import count_tasks
from canbao.survey.tasks import found, own_tasks


@dataclass(frozen=True)
class Opened:
    """Everything that belongs to a task; `entry` is the form handed in last, `drafts` what officers are typing."""

    task: Task
    person: dict[str, Any]
    form: Form
    entry: Entry | None
    entries: list[Entry]
    comments: list[Comment]
    visits: list[Visit]
    moves: list[TaskMove]
    drafts: list[Draft]
    samples: list[SampleTask]

    def draft_of(self, by: Officer) -> Draft | None:
        """What the officer has typed and not handed in."""
        return next((one for one in self.drafts if one.officer_id == by.pk), None)

    def others(self, by: Officer) -> list[Draft]:
        """What others are typing."""
        return [one for one in self.drafts if one.officer_id != by.pk]

    def comments_of(self, entry: Entry | None) -> dict[str, list[Comment]]:
        """What was said about a form, by question."""
        said: dict[str, list[Comment]] = {}
        for one in self.comments:
            if entry is not None and one.entry_id == entry.pk:
                said.setdefault(one.question, []).append(one)
        return said


def opened(task_id: int, *, by: Officer, permission: str = "task.see") -> Opened | None:
    """A task, counted as opened and on the log; None if there is none such among the officer's."""
    with deed(by=by, action="task.see", permission=permission, purpose="survey", needs_purpose=True) as note:
        task = found(task_id, by=by)
        if task is None:
            note.details.update(found=0, asked=task_id)
            return None
        count_tasks([(task.pk, task.person_id)], by, note)
        return _whole(task)


def open_again(task_id: int, *, by: Officer) -> Opened | None:
    """A task that the officer has open already, within the caller's transaction; it is not counted once more."""
    task = found(task_id, by=by)
    return _whole(task) if task else None


def _whole(task: Task) -> Opened:
    entries = list(task.forms.select_related("by", "surveyor").order_by("-number"))
    is_shown_as_entered = entries and task.state in ("submitted", "approved", "loaded", "archived")
    return Opened(
        task=task, person=person_of(task),
        form=form_of(task.campaign_id, entries[0].form if is_shown_as_entered else task.form),
        entry=entries[0] if entries else None, entries=entries,
        comments=list(Comment.objects.filter(entry__task=task).select_related("by").order_by("pk")),
        visits=list(task.visits.select_related("by", "surveyor").order_by("-at")),
        moves=list(task.moves.select_related("by", "surveyor").order_by("pk")),
        drafts=list(task.drafts.select_related("officer").order_by("-at")),
        samples=list(task.samples.select_related("sample", "by").order_by("-pk")),
    )  # fmt: skip


def by_number(number: str, *, by: Officer) -> Task:
    """The open task of the person with a number, of the campaigns that are running; raises Refused if there is none."""
    with deed(by=by, action="task.find", permission="task.see", purpose="survey", needs_purpose=True) as note:
        written = normalised(number)
        with connection.cursor() as cursor:
            cursor.execute(_HOLDERS, [written])
            holders = [id_ for (id_,) in cursor.fetchall()]
        theirs = own_tasks(by).filter(person_id__in=holders, campaign__state__in=UNDER_WAY)
        task = theirs.order_by("-pk").first()
        if task is None:
            alarm_protected(note, number=written)
            raise Refused("正在进行的批次里没有这个人的任务，或不在您的管辖范围内")
        count_tasks([(task.pk, task.person_id)], by, note)
        return task


_HOLDERS = (
    "SELECT unnest(ARRAY[person_id, into_id]) FROM person_identifier LEFT JOIN merged USING (person_id) WHERE ssn = %s"
)
"""The key that a number leads to, and that of the person it counts for."""
