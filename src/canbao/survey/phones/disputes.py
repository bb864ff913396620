"""Disputes (待处理操作): what came from a phone and could not be carried out, and what a reviewer decides about it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from canbao.registry.access import Refused
from canbao.registry.deeds import deed, require_words
from canbao.registry.lookup import LARGEST_ID
from canbao.registry.models import Officer
from canbao.survey.models import PhoneAction, Task
from canbao.survey.phones.arriving import IN_DISPUTE
from canbao.survey.phones.carrying import SET_ASIDE, TAKEN, attempted
from canbao.survey.quotas import count_tasks
from canbao.survey.tasks import PAGE, own_tasks

KINDS = {"visit": "走访", "submit": "登记表", "draft": "未完成的表"}


def disputes(*, by: Officer, after: int = 0) -> list[PhoneAction]:
    """At most PAGE of those that wait in the officer's area, the oldest first; nobody is named."""
    with deed(by=by, action="dispute.list", permission="dispute.see") as note:
        found = list(_own(by).filter(state=IN_DISPUTE, pk__gt=after).order_by("pk")[:PAGE])
        note.details.update(found=len(found))
        return found


def dispute(action_id: int, *, by: Officer) -> tuple[PhoneAction, Task | None]:
    """One of them, with its task as far as that is the officer's to see; raises Refused. It counts as opened."""
    with deed(by=by, action="dispute.see", permission="dispute.see", purpose="survey", needs_purpose=True) as note:
        action = _found(action_id, by)
        task = own_tasks(by).select_related("campaign", "surveyor").filter(pk=action.task_id).first()
        note.objects.append(f"phone_action:{action.pk}")
        if task is not None:
            count_tasks([(task.pk, task.person_id)], by, note)
        return action, task


def try_again(*, action_id: int, by: Officer) -> PhoneAction:
    """Carry it out after all, as its surveyor's; raises Refused, with why, if that is still not possible."""
    with deed(by=by, action="dispute.decide", permission="dispute.decide") as note:
        action = _locked(action_id, by)
        note.objects.extend([f"phone_action:{action.pk}", f"task:{action.task_id}"])
        state, says = attempted(action, action.device.officer)
        if state == IN_DISPUTE:
            raise Refused(f"还是办不了：{says}")
        _settle(action, TAKEN, "", by)
        action.text = ""
        action.save()
        return action


def set_aside(*, action_id: int, words: str, by: Officer) -> PhoneAction:
    """Leave it undone, in words that the surveyor is told; what was sent stays."""
    with deed(by=by, action="dispute.decide", permission="dispute.decide") as note:
        action = _locked(action_id, by)
        note.objects.extend([f"phone_action:{action.pk}", f"task:{action.task_id}"])
        require_words(words, "处理意见")
        _settle(action, SET_ASIDE, words.strip(), by)
        action.save()
        return action


def disputes_of(task_id: int) -> list[PhoneAction]:
    """Those of a task that wait, within the caller's transaction."""
    waiting = PhoneAction.objects.filter(state=IN_DISPUTE, task_id=task_id)
    return list(waiting.select_related("device__surveyor").order_by("pk"))


def _settle(action: PhoneAction, state: str, says: str, by: Officer) -> None:
    action.state, action.says, action.settled_at, action.settled_by = state, says, timezone.now(), by


def _own(by: Officer) -> QuerySet[PhoneAction]:
    found = PhoneAction.objects.select_related("device__surveyor", "device__officer", "settled_by")
    return found.filter(place__startswith=by.area) if by.area else found.none()


def _found(action_id: int, by: Officer) -> PhoneAction:
    found = _own(by).filter(pk=min(action_id, LARGEST_ID)).first()
    if found is None or found.state not in (IN_DISPUTE, SET_ASIDE):
        raise Refused("没有这条操作，或已经处理，或不在您的管辖范围内")
    return found


def _locked(action_id: int, by: Officer) -> PhoneAction:
    _found(action_id, by)
    locked = PhoneAction.objects.select_for_update().get(pk=action_id)
    if locked.state != IN_DISPUTE:
        raise Refused("这条操作已经处理过")
    return locked
