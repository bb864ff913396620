"""Self-filling: codes for letters, and forms that residents hand in with them; reviewed like any other form.

Nobody has signed in here. The code says which task is meant; what is done with it is done as the machine, within the
county of the task, in which a task stays for its life.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from canbao.core.masks import mask_name
from canbao.core.survey_form import Form, Reading, with_reasons
from canbao.core.text import normalise_text
from canbao.registry.access import PROVINCE, Refused, working
from canbao.registry.audit import Entry as Line
from canbao.registry.audit import append
from canbao.registry.deeds import LONGEST, deed, origin
from canbao.registry.models import Officer
from canbao.registry.places_now import called
from canbao.registry.throttle import begin_guess
from canbao.survey.actions.entries import OWN, Unfinished, hand_in
from canbao.survey.form import form_of_task
from canbao.survey.judging_forms import person_of, read_form
from canbao.survey.models import OVER, UNDER_WAY, Campaign, Entry, SelfCode, Task
from canbao.survey.moving import locked, states_before
from canbao.survey.quotas import count_tasks
from canbao.survey.resident_form import resident_form, told, unasked_reasons, with_said
from canbao.survey.self_codes import code_of_batch, digest, match_code, new_code
from canbao.survey.tasks import own_campaign, own_tasks

ACCOUNT = "居民自填"
"""Who did it, as the log says it: a resident, by a code."""
COUNTY = 6
"""Digits of a county: a task moves between the towns of one, and no further."""
TAKEN = frozenset({"pending", *states_before("submit")})
"""The states of a task for which a letter may have a code; as long as it is pending, the code has to wait."""
UNKNOWN = (
    "这个登记码现在不能用：可能输错了一位，或者已经用过、过了有效期、换了新的。请照最近一张通知再输一次；"
    "还是不行，请打通知上的电话。已经交过表的，不用再填"
)
"""One answer for every code that opens nothing, so that nobody learns by it which codes there are."""


class Unusable(Refused):
    """The code opens nothing; or it opened a form, which can't be handed in any more."""

    status = 409


@dataclass(frozen=True)
class Invitation:
    """What a code opens: the form, and no more of the person than a masked name and a community."""

    code_id: int
    name: str
    place: str
    phone: str
    form: Form


def is_open() -> bool:
    """Whether any campaign lets residents fill in their forms now."""
    return Campaign.objects.filter(self_filling=True, state__in=UNDER_WAY).exists()


def may_have_code(task: Task) -> bool:
    """Whether a code for the task would open its form now."""
    return task.campaign.self_filling and task.campaign.state in UNDER_WAY and task.state in states_before("submit")


def make_codes(*, campaign: Campaign, tasks: Sequence[int], by: Officer, batch: int | None = None) -> dict[int, str]:
    """New codes for those of some tasks that are not handed in yet, by task; an earlier code opens nothing any more.

    They count as taken away, and are valid till the campaign's last day; those of a `batch` of letters are the same
    ones if it is read again. Raises Refused unless the city lets residents fill in their forms.
    """
    with deed(by=by, action="task.make_codes", permission="paper.print") as note:
        campaign = own_campaign(campaign.pk, by)
        note.objects.append(f"campaign:{campaign.pk}")
        if not campaign.self_filling:
            raise Refused("这个批次没有开放居民自填；请先由市在批次计划里允许")
        if campaign.state in OVER or campaign.ends_on < timezone.localdate():
            raise Refused("这个批次已经结束，不能再生成自填代码")
        meant = own_tasks(by).filter(campaign=campaign, pk__in=tasks, state__in=TAKEN)
        found = list(meant.select_for_update().order_by("pk"))
        count_tasks([(one.pk, one.person_id) for one in found], by, note)
        codes = {one.pk: code_of_batch(batch, one.pk) if batch else new_code() for one in found}
        SelfCode.objects.bulk_create(
            (SelfCode(task=one, digest=digest(codes[one.pk]), valid_to=campaign.ends_on, made_by=by) for one in found),
            ignore_conflicts=True,
        )
        note.details.update(codes=len(codes))
        return codes


def open_code(written: str) -> Invitation:
    """What a code that somebody typed opens; counted as a guess until it was right.

    Raises TooManyGuesses, and Unusable with the same words for every code that opens nothing.
    """
    guess = begin_guess("self_code", of="residents")
    with working():
        code = match_code(written)
        is_usable = code is not None and not _hindrance(code, code.task)
    if code is None or not is_usable:
        _write("task.open_by_code", decision="refused", details={"why": "code"})
        raise Unusable(UNKNOWN)
    guess.proven()
    with working(code.task.place[:COUNTY]):
        found = _invitation(code)
        _write("task.open_by_code", code.task)
        return found


def invitation_of(code_id: int) -> Invitation | None:
    """What a code opens that was right a while ago, to show once more what somebody typed; None if there is none."""
    code = _kept(code_id)
    if code is None:
        return None
    with working(code.task.place[:COUNTY]):
        return _invitation(code)


def turn_in(*, code_id: int, written: Mapping[str, str], reasons: Mapping[str, str], seconds: int = 0) -> Entry:
    """Hand in the form that a resident filled in: the code is used up and the form waits for review, or neither.

    Raises Unusable, with what to do, if the code or its task is no longer open, and Unfinished as officers' forms do;
    its findings are those that the resident may be told.
    """
    code = _kept(code_id)
    if code is None:
        raise Unusable(UNKNOWN)
    try:
        with working(code.task.place[:COUNTY]):
            task = locked(code.task_id)
            return _turned_in(code_id, task, written, reasons, seconds)
    except Unusable as refusal:
        _write("task.turn_in", code.task, decision="refused", details={"why": str(refusal)})
        raise


def _turned_in(code_id: int, task: Task, written: Mapping[str, str], reasons: Mapping[str, str], seconds: int) -> Entry:
    """Within the transaction that holds the task: whoever comes second finds the code used."""
    code = SelfCode.objects.select_for_update().get(pk=code_id)
    hindrance = _hindrance(code, task)
    if hindrance:
        raise Unusable(f"没有交上：{hindrance}。{_whom_to_call(task.campaign)}")
    form = resident_form(form_of_task(task))
    reading = read_form(task, form, with_said(form, written, timezone.localdate()), person_of(task))
    known = {**_bounded(reasons), **unasked_reasons(form, reading)}
    _require_whole(form, reading, known)
    code.used_at = timezone.now()
    code.save(update_fields=["used_at"])
    entry = hand_in(task, reading, known, by=None, method=OWN, seconds=seconds)
    _write("task.turn_in", task, details={"entry": entry.number, "warnings": len(reading.warnings)})
    return entry


def _require_whole(form: Form, reading: Reading, reasons: Mapping[str, str]) -> None:
    missing = {(one.rule, one.question) for one in (*reading.blocking, *with_reasons(reading.found, reasons))}
    wrong = [one for one in told(form, reading) if (one.rule, one.question) in missing]
    if missing:
        raise Unfinished(wrong)


def _hindrance(code: SelfCode, task: Task) -> str:
    """Why a code can't be used now, as the resident is told; empty if it can."""
    today, campaign = timezone.localdate(), task.campaign
    if code.used_at is not None:
        return "这个登记码已经用过，表已经交上来了，不用再填"
    if SelfCode.objects.filter(task=task, pk__gt=code.pk).exists():
        return "这个登记码已经换成新的，请用最近一张通知上的登记码"
    if not campaign.self_filling or campaign.state not in UNDER_WAY:
        return "这次登记现在不接受自己填表"
    if min(code.valid_to, campaign.ends_on) < today:
        return "登记码过了有效期"
    if task.state in states_before("submit"):
        return ""
    return {
        "pending": "您这里的登记还没有开始，请过几天再填",
        "returned": "社区正在核对您的情况",
        "closed_by_data": "您的情况已经清楚，不用再填",
        "cancelled": "您的情况已经清楚，不用再填",
    }.get(task.state, "您的表已经有人交上来了，不用再填")


def _whom_to_call(campaign: Campaign) -> str:
    whom = f"请打电话 {campaign.phone}" if campaign.phone else "请与社区（村）联系"
    return f"有疑问或要改内容的，{whom}；您填的内容还在下面，可以照着念"


def _kept(code_id: int) -> SelfCode | None:
    """A code by its key: nothing but where its task lies is wanted of it."""
    with working():
        return SelfCode.objects.select_related("task").filter(pk=code_id).first()


def _invitation(code: SelfCode) -> Invitation:
    task = Task.objects.select_related("campaign").get(pk=code.task_id)
    name = person_of(task)["name"]
    return Invitation(
        code_id=code.pk, name=mask_name(name) if name else "—", place=called(task.place) or task.place,
        phone=task.campaign.phone, form=resident_form(form_of_task(task)),
    )  # fmt: skip


def _bounded(reasons: Mapping[str, str]) -> dict[str, str]:
    said = {rule: normalise_text(text)[:LONGEST] for rule, text in reasons.items()}
    return {rule: text for rule, text in said.items() if text}


def _write(action: str, task: Task | None = None, **more: object) -> None:
    """A line on the log, in the caller's transaction if there is one."""
    objects = (f"task:{task.pk}", *([f"person:{task.person_id}"] if task.person_id > 0 else [])) if task else ()
    area = task.place if task else PROVINCE
    line = Line(action=action, account=ACCOUNT, area=area, origin=origin.get(), objects=objects, **more)  # type: ignore[arg-type]
    with transaction.atomic(), connection.cursor() as cursor:
        append(cursor, line)
