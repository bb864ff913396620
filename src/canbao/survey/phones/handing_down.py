"""What a phone is told: its surveyor's tasks, each with the person, and which of those that it has it is to delete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from canbao.core.export import exported_form
from canbao.core.survey_form import Form
from canbao.law.reader import read_law
from canbao.registry.access import acting
from canbao.registry.deeds import deed
from canbao.registry.models import Officer
from canbao.registry.places_now import places
from canbao.registry.qualities import qualities_in, quality_bits
from canbao.survey.form import form_of
from canbao.survey.judging_forms import prefilled
from canbao.survey.models import UNDER_WAY, Campaign, Comment, Device, Draft, Entry, Task, TaskMove, Visit
from canbao.survey.moving import GONE, enterable
from canbao.survey.phones.devices import require_bound
from canbao.survey.quotas import count_tasks
from canbao.survey.tasks import Row, own_tasks, with_people

PAGE = 200
HELD = enterable() - {"town"}
"""The states of a task that lies with its surveyor."""
SHOWN = (
    "ssn", "name", "sex", "birth_date", "ethnicity", "hukou_address", "hukou_village_name", "residence_address",
    "mobile", "registration_status", "employment_status", "no_unit_type", "uninsured_reason",
)  # fmt: skip
"""The items of a person that a surveyor has at the door."""
WHY_GONE = {
    "taken_back": "已收回或派给别人",
    "by_data": "数据已经解决，不用再调查",
    "done": "已提交",
    "over": "这个批次已经结束或暂停",
}


@dataclass(frozen=True)
class Download:
    """A page of tasks that are new to the phone, those that it is to delete, and what belongs to them."""

    tasks: list[dict[str, Any]]
    gone: list[dict[str, Any]]
    more: bool
    forms: dict[str, Any]
    campaigns: dict[str, Any]


def download(device: Device, known: Mapping[int, int]) -> Download:
    """Tasks that the phone has not, or not as they are now; they count as taken away.

    `known` are those it has, with the version of each. Raises PhoneRefused unless the phone may have tasks.
    """
    by = require_bound(device)
    with deed(by=by, action="phone.tasks", permission="phone.use") as note:
        note.objects.append(f"device:{device.pk}")
        held = own_tasks(by).filter(state__in=HELD, campaign__state__in=UNDER_WAY)
        versions = dict(held.values_list("pk", "version"))
        wanted = sorted(task for task, version in versions.items() if known.get(task) != version)
        page = list(held.filter(pk__in=wanted[:PAGE]).select_related("campaign").order_by("pk"))
        count_tasks([(one.pk, one.person_id) for one in page], by, note)
        forms = {(one.campaign_id, one.form): form_of(one.campaign_id, one.form) for one in _once(page)}
        return Download(
            tasks=_described(page, forms, by),
            gone=_gone([task for task in known if task not in versions], by),
            more=len(wanted) > PAGE,
            forms={
                f"{campaign}:{number}": exported_form(form, read_law()) for (campaign, number), form in forms.items()
            },
            campaigns={str(one.campaign_id): _campaign(one.campaign) for one in page},
        )


def _once(tasks: Iterable[Task]) -> list[Task]:
    """One task of each form."""
    return [*{(one.campaign_id, one.form): one for one in tasks}.values()]


def _campaign(campaign: Campaign) -> dict[str, Any]:
    return {
        "id": campaign.pk, "name": campaign.name, "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(), "attempts": campaign.attempts, "phone": campaign.phone,
        "is_training": campaign.is_training,
    }  # fmt: skip


def _gone(tasks: Sequence[int], by: Officer) -> list[dict[str, Any]]:
    """Why each is not the phone's any more; of one that never was the surveyor's no more than that it isn't."""
    with acting(by.area, by):
        states = own_tasks(by).filter(pk__in=tasks).values_list("pk", "state", "campaign__state")
        known = {task: _why(state, campaign) for task, state, campaign in states}
    whys = [(task, known.get(task, "taken_back")) for task in tasks]
    return [{"id": task, "why": why, "says": WHY_GONE[why]} for task, why in whys]


def _why(state: str, campaign: str) -> str:
    if state in GONE:
        return "by_data"
    if state in HELD and campaign not in UNDER_WAY:
        return "over"
    return "taken_back" if state in ("pending", "town") else "done"


def _described(tasks: Sequence[Task], forms: Mapping[tuple[int, int], Form], by: Officer) -> list[dict[str, Any]]:
    beside = _Beside(tasks, by)
    return [_task(row, forms[row["task"].campaign_id, row["task"].form], beside) for row in with_people(tasks)]


class _Beside:
    """What hangs from some tasks, read at once for all."""

    def __init__(self, tasks: Sequence[Task], by: Officer) -> None:
        keys = [one.pk for one in tasks]
        self.visits: dict[int, list[Visit]] = {}
        for visit in Visit.objects.filter(task__in=keys).order_by("at"):
            self.visits.setdefault(visit.task_id, []).append(visit)
        self.drafts = {one.task_id: one for one in Draft.objects.filter(task__in=keys, officer=by)}
        back = [one for one in tasks if one.returned and one.entries]
        entries = Entry.objects.filter(task__in=[one.pk for one in back]).order_by("number")
        self.entries = {one.task_id: one for one in entries}
        self.comments: dict[int, dict[str, str]] = {}
        latest = [one.pk for one in self.entries.values()]
        for comment in Comment.objects.filter(entry__in=latest).select_related("entry").order_by("pk"):
            self.comments.setdefault(comment.entry.task_id, {})[comment.question] = comment.words
        moves = TaskMove.objects.filter(task__in=[one.pk for one in back], move__in=("return", "reopen"))
        self.returns = {one.task_id: one.note for one in moves.order_by("pk")}
        with connection.cursor() as cursor:
            self.bits = quality_bits(cursor, read_law())


def _task(row: Row, form: Form, beside: _Beside) -> dict[str, Any]:
    task: Task = row["task"]
    tree = places()
    entry = beside.entries.get(task.pk)
    return {
        "id": task.pk, "version": task.version, "campaign": task.campaign_id, "form": task.form, "state": task.state,
        "place": task.place, "place_name": tree.name(task.place) or task.place, "reason": task.reason,
        "failed": task.failed, "returned": task.returned, "entries": task.entries, "next_on": _day(task.next_on),
        "person": _person(row, beside),
        "prefill": prefilled(form, row),
        "visits": [_visit(one) for one in beside.visits.get(task.pk, ())],
        "returned_for": _returned_for(task, beside),
        "answers": entry.answers if entry else None,
        "draft": _draft(beside.drafts.get(task.pk)),
    }  # fmt: skip


def _person(row: Row, beside: _Beside) -> dict[str, Any]:
    """What stands at the door; of a made person the register knows no qualities, so that nothing is derived."""
    shown = {name: str(row[name]) if row[name] is not None else None for name in SHOWN}
    if row["task"].person_id < 0:
        return {**shown, "qualities": None}
    return {**shown, "qualities": sorted(qualities_in(row["qualities"], beside.bits))}


def _visit(visit: Visit) -> dict[str, Any]:
    return {
        "at": int(visit.at.timestamp() * 1000), "way": visit.way, "outcome": visit.outcome,
        "next_on": _day(visit.next_on), "note": visit.note,
    }  # fmt: skip


def _returned_for(task: Task, beside: _Beside) -> dict[str, Any] | None:
    said = beside.returns.get(task.pk)
    if said is None:
        return None
    return {
        "reasons": said.get("reasons", []), "words": said.get("words", ""), "comments": beside.comments.get(task.pk, {})
    }  # fmt: skip


def _draft(draft: Draft | None) -> dict[str, Any] | None:
    if draft is None:
        return None
    return {
        "answers": draft.answers, "reasons": draft.reasons, "based_on": draft.based_on, "revision": draft.revision,
    }  # fmt: skip


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
