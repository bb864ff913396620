"""What comes back from the field: visits, drafts, and forms handed in. Nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from canbao.core.survey_form import Found, Reading, with_reasons
from canbao.law.reader import read_law
from canbao.law.survey import read_survey
from canbao.registry.access import Refused, acting, require
from canbao.registry.deeds import LONGEST, Note, deed, refuse_identity_numbers
from canbao.registry.models import Officer
from canbao.survey.form import form_of_task
from canbao.survey.judging_forms import person_of, read_form
from canbao.survey.models import UNDER_WAY, Draft, Entry, Surveyor, Task, Visit
from canbao.survey.moving import Stale, locked, move
from canbao.survey.quotas import count_tasks
from canbao.survey.reckoning import PAPER
from canbao.survey.tasks import require_own

OWN = "4"
"""law's registration_method: filled in by the residents themselves."""
NOTED = 200


class Unfinished(Refused):
    """The form can't be handed in as it is; `found` says where and why."""

    def __init__(self, found: list[Found]) -> None:
        super().__init__(f"还有 {len(found)} 处要改，见各题下面的提示")
        self.found = found


@dataclass(frozen=True)
class Attempt:
    """A visit that was made: when, how, what came of it, and when somebody will come again."""

    at: datetime
    way: str
    outcome: str
    next_on: date | None = None
    note: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_position_faked: bool = False


def visit(*, task_id: int, attempt: Attempt, by: Officer) -> Visit:
    """Write down a visit at which nobody was found or nobody answered; the task stays with the surveyor."""
    with deed(by=by, action="task.visit", permission="task.enter") as note:
        task = _opened(task_id, by, note)
        _check(attempt)
        if task.state == "assigned":
            move(task, "start", by)
        if task.state == "returned":
            move(task, "resurvey", by)
        failed = task.failed + (attempt.outcome in read_survey().failed_outcomes)
        move(task, "attempt", by, note={"outcome": attempt.outcome}, failed=failed, next_on=attempt.next_on)
        return Visit.objects.create(task=task, surveyor=task.surveyor, by=by, **vars(attempt))


def collect(*, task_id: int, by: Officer) -> Task:
    """A filled paper form has come in, and is to be entered within the campaign's days."""
    with deed(by=by, action="task.collect", permission="task.enter") as note:
        task = _opened(task_id, by, note)
        return move(task, "collect", by, collected_at=timezone.now())


def keep_draft(
    *, task_id: int, answers: Mapping[str, str], reasons: Mapping[str, str], based_on: int, by: Officer,
    revision: int = 0,
) -> list[Draft]:  # fmt: skip
    """Keep what somebody is typing; returns what others are typing for the same task.

    It is kept every few seconds, so it has no line of its own on the log: opening the task has one, handing it in too.
    """
    require(by, "task.enter")
    with acting(by.area, by):
        task = locked(task_id)
        require_own(task, by)
        now = timezone.now()
        kept = {
            "answers": _bounded(answers), "reasons": _bounded(reasons), "based_on": based_on, "at": now,
            "revision": revision,
        }  # fmt: skip
        Draft.objects.update_or_create(task=task, officer=by, defaults=kept, create_defaults={**kept, "began_at": now})
        return others_typing(task, by)


def others_typing(task: Task, by: Officer) -> list[Draft]:
    """What others are typing for the task, who was there last first."""
    return list(Draft.objects.filter(task=task).exclude(officer=by).select_related("officer").order_by("-at"))


def submit(
    *, task_id: int, written: Mapping[str, str], reasons: Mapping[str, str], based_on: int, by: Officer,
    method: str = PAPER, seconds: int = 0, form: int = 0, untold: str = "",
) -> Entry:  # fmt: skip
    """Hand a form in for review.

    `based_on` is how many forms had been handed in when it was opened; `form` the version it was filled in with, if
    that is an earlier one; `untold` the reason of warnings that nobody was told of. Raises Stale, with what was typed
    kept as a draft, if somebody has handed in another one since; Unfinished if the form can't go in as it is.
    """
    with deed(by=by, action="task.submit", permission="task.enter") as note:
        task = _opened(task_id, by, note)
        if task.entries != based_on:
            raise Stale("这份表刚有别人提交过；您填的内容留在草稿里，请对照后再提交")
        task.form = form if 0 < form < task.form else task.form
        reading = read_form(task, form_of_task(task), written, person_of(task))
        if untold:
            reasons = {**{one.rule: untold for one in reading.warnings}, **_bounded(reasons)}
        wrong = [*reading.blocking, *with_reasons(reading.found, reasons)]
        if wrong:
            raise Unfinished(wrong)
        entry = hand_in(task, reading, reasons, by=by, method=method, seconds=seconds)
        Draft.objects.filter(task=task, officer=by).delete()
        note.details.update(entry=entry.number, warnings=len(reading.warnings))
        return entry


def hand_in(
    task: Task, reading: Reading, reasons: Mapping[str, str], *, by: Officer | None, method: str, seconds: int = 0,
    surveyor: Surveyor | None = None,
) -> Entry:  # fmt: skip
    """A form that is right becomes the task's latest one, and waits for review; within the caller's deed.

    One of a resident's own (`by` is None) was asked by no surveyor.
    """
    number = task.entries + 1
    entry = Entry.objects.create(
        task=task, number=number, form=task.form, answers=reading.answers, kept=reading.kept, method=method, by=by,
        reasons={one.rule: reasons[one.rule][:NOTED] for one in reading.warnings if reasons.get(one.rule)},
        found=[one.rule for one in reading.warnings], seconds=max(0, min(seconds, 86_400)),
        surveyor=surveyor or (task.surveyor if by else None),
    )  # fmt: skip
    is_clean = not reading.warnings and task.returned == 0 and reading.answers["survey_outcome"] == "1"
    move(
        task, "resubmit" if task.state == "returned" else "submit", by, note={"entry": number},
        entries=number, is_clean=is_clean, collected_at=task.collected_at or timezone.now(), next_on=None,
    )  # fmt: skip
    return entry


def withdraw(*, task_id: int, version: int, by: Officer) -> Task:
    """Take back a form that one has handed in, as long as nobody has reviewed it."""
    with deed(by=by, action="task.withdraw", permission="task.enter") as note:
        task = _opened(task_id, by, note, version)
        latest = task.forms.order_by("-number").first()
        if latest is None or latest.by_id != by.pk:
            raise Refused("只能撤回自己提交的")
        return move(task, "withdraw", by)


def _opened(task_id: int, by: Officer, note: Note, version: int | None = None) -> Task:
    task = locked(task_id, version)
    require_own(task, by)
    count_tasks([(task.pk, task.person_id)], by, note)
    if task.campaign.state not in UNDER_WAY:
        raise Refused("这个批次现在不能登记走访或录入")
    return task


def _check(attempt: Attempt) -> None:
    codes = read_law().codes
    if attempt.way not in {one.code for one in codes["survey_way"].codes}:
        raise Refused("请选择调查方式")
    if attempt.outcome not in {*read_survey().failed_outcomes, "8"}:
        raise Refused("走访未果请选结果；已完成的请直接录入登记表")
    if attempt.at > timezone.now():
        raise Refused("走访时间不能在现在以后")
    if attempt.next_on and attempt.next_on < timezone.localdate(attempt.at):
        raise Refused("预约日期不能在走访那天以前")
    refuse_identity_numbers(attempt.note, "走访记录")
    if len(attempt.note) > NOTED:
        raise Refused(f"走访记录最多 {NOTED} 个字")


def _bounded(written: Mapping[str, str]) -> dict[str, str]:
    return {str(name)[:60]: str(text)[:LONGEST] for name, text in [*written.items()][:100] if str(text).strip()}
