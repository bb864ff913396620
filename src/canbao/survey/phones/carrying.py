"""Carrying out what came from a phone, one action after the other in the order of its stream.

Each is one transaction: what it does and that it was done. What the office's own verbs refuse is no loss: it is kept as
a dispute, which a reviewer decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from pydantic import BaseModel

from canbao.core.progress import IllegalMove
from canbao.registry.access import Refused, acting, working
from canbao.registry.models import Officer
from canbao.survey.actions.entries import Attempt, Unfinished, keep_draft, submit, visit
from canbao.survey.models import Device, Draft, PhoneAction, Stream, Task
from canbao.survey.moving import enterable
from canbao.survey.phones.arriving import IN_DISPUTE, KEPT
from canbao.survey.phones.devices import BOUND, EXPIRED, REPLACED, state_of
from canbao.survey.phones.messages import DraftBody, SubmitBody, VisitBody, read_action
from canbao.survey.tasks import own_tasks

PHONE = "3"
"""law's registration_method: surveyed with the phone client."""
UNTOLD = "离线填写时没有提示"
"""The reason of a remark that the phone didn't make."""
TAKEN, IGNORED, SET_ASIDE = "taken", "ignored", "set_aside"
HELD = {
    REPLACED: "这部手机已换成另一部，之后送来的请核对后处理",
    EXPIRED: "调查证已过期或注销，之后送来的请核对后处理",
}


class Late(Exception):
    """A draft that came after a newer one, or after its form was handed in."""


@dataclass(frozen=True)
class _Done:
    """An action as it is carried out: who did it and with which body."""

    action: PhoneAction
    body: Any
    by: Officer


def carry_out(device: Device, seconds: float) -> int:
    """Carry out what a device's surveyor has sent and is due, for some seconds at most; how many left `kept`."""
    return _carry_out(due().filter(stream__surveyor=device.surveyor_id), monotonic() + seconds)


def carry_out_rest() -> int:
    """Carry out what is left of long parcels, or of those whose request broke off; returns how many left `kept`."""
    return _carry_out(due(), inf)


def due() -> QuerySet[PhoneAction]:
    """The actions whose turn it is: drafts, and of each stream the next one."""
    return PhoneAction.objects.filter(Q(seq=0) | Q(seq=F("stream__next")), state=KEPT)


def _carry_out(waiting: QuerySet[PhoneAction], until: float) -> int:
    with working():
        streams = list(waiting.order_by("stream").values_list("stream", flat=True).distinct())
    done = 0
    for stream in streams:
        while monotonic() < until and _next(stream):
            done += 1
    return done


def _next(stream_id: int) -> bool:
    """Carry out one action of a stream, if there is one; whoever comes at the same moment waits for it."""
    with working():
        stream = Stream.objects.select_for_update().get(pk=stream_id)
        waiting = due().filter(stream=stream).order_by("seq", "pk")
        action = waiting.select_related("device__officer", "device__surveyor__contractor").first()
        if action is None:
            return False
        action.state, action.says = _outcome(action)
        if action.state in (TAKEN, IGNORED):
            action.text = ""
        action.settled_at = None if action.state == IN_DISPUTE else timezone.now()
        action.save()
        if action.seq:
            stream.next += 1
            stream.save(update_fields=["next"])
        return True


def _outcome(action: PhoneAction) -> tuple[str, str]:
    """What comes of an action, and in words why it could not be carried out; by how the phone stands that sent it."""
    state = state_of(action.device)
    if state != BOUND:
        return IN_DISPUTE, HELD.get(state, "这部手机已停用")
    return attempted(action, action.device.officer)


def attempted(action: PhoneAction, by: Officer) -> tuple[str, str]:
    """Try to carry an action out as an officer, within the caller's transaction."""
    if action.kind not in _VERBS:
        return IN_DISPUTE, "这种操作本系统还不认识；请核对"
    verb, shape = _VERBS[action.kind]
    try:
        body = shape.model_validate(read_action(action.text).body)
    except ValueError:
        return IN_DISPUTE, "内容读不懂；请核对"
    try:
        with transaction.atomic():
            verb(_Done(action, body, by))
    except Late:
        return IGNORED, ""
    except Unfinished as unfinished:
        return IN_DISPUTE, "；".join(one.says for one in unfinished.found)
    except (Refused, IllegalMove) as refusal:
        write_down = getattr(refusal, "write_down", None)
        if write_down is not None:
            write_down()
        return IN_DISPUTE, str(refusal)
    return TAKEN, ""


def _visit(done: _Done) -> None:
    body: VisitBody = done.body
    has_both = body.latitude is not None and body.longitude is not None
    visit(
        task_id=done.action.task_id, by=done.by,
        attempt=Attempt(
            at=done.action.at, way=body.way, outcome=body.outcome, next_on=body.next_on, note=body.note,
            latitude=body.latitude if has_both else None, longitude=body.longitude if has_both else None,
            is_position_faked=body.is_position_faked,
        ),
    )  # fmt: skip


def _submit(done: _Done) -> None:
    body: SubmitBody = done.body
    written = dict(body.answers)
    if not body.day_is_own:
        written["surveyed_on"] = timezone.localdate(done.action.at).isoformat()
    submit(
        task_id=done.action.task_id, written=written, reasons=body.reasons, based_on=body.based_on, by=done.by,
        method=PHONE, seconds=body.seconds, form=body.form, untold=UNTOLD,
    )  # fmt: skip


def _draft(done: _Done) -> None:
    body: DraftBody = done.body
    with acting(done.by.area, done.by):
        task = own_tasks(done.by).filter(pk=done.action.task_id).first()
        if task is None:
            raise Refused("没有这个任务，或已派给别人；这份草稿留着，请核对")
        if not _is_wanted(task, body, done.by):
            raise Late
    keep_draft(
        task_id=task.pk, answers=body.answers, reasons=body.reasons, based_on=body.based_on, by=done.by,
        revision=body.revision,
    )  # fmt: skip


def _is_wanted(task: Task, body: DraftBody, by: Officer) -> bool:
    if body.based_on != task.entries or task.state not in enterable():
        return False
    kept = Draft.objects.filter(task=task, officer=by).first()
    return kept is None or kept.revision < body.revision


_VERBS: dict[str, tuple[Callable[[_Done], None], type[BaseModel]]] = {
    "visit": (_visit, VisitBody),
    "submit": (_submit, SubmitBody),
    "draft": (_draft, DraftBody),
}
