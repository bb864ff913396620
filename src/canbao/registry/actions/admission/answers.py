"""Approved survey answers come in, and go again; the person's record is derived anew, and history says why.

Both verbs run within a deed of the survey's, which has asked for the permission and looked at the place; here there is
no more than the register's own work, which sees everybody. Whoever admits several people's answers in one deed takes
them in the order of their keys, as admissions do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from canbao.core.surveying import ANSWERABLE
from canbao.law.reader import read_law
from canbao.registry.access import Refused, working
from canbao.registry.actions.admission.delivery import Cause
from canbao.registry.actions.admission.judging import rejudge
from canbao.registry.actions.admission.package import current_judging
from canbao.registry.actions.admission.staging import forget, share_mapping, touch
from canbao.registry.database import Cursor
from canbao.registry.deeds import Note
from canbao.registry.joining import numbers_of
from canbao.registry.models import Officer, SurveyAnswers

METHODS = ("2", "3", "4")
"""登记方式: a survey on paper, with a phone, or filled in by the person."""


@dataclass(frozen=True)
class Answers:
    """What one person has said: `items` are values in their normal form by item; see `SurveyAnswers` for the rest."""

    person_id: int
    task_id: int
    items: Mapping[str, str]
    surveyed_on: date
    method: str
    operator_name: str
    operated_at: datetime
    reviewer_name: str
    reviewed_at: datetime


def admit_answers(answers: Answers, *, by: Officer, note: Note) -> None:
    """Let a person's answers stand, in place of earlier ones, from now on.

    They are the kept number's if the person's has become another one. Raises Refused for an item of which the register
    takes no answer, or if there is no such person.
    """
    items = {item: value for item, value in answers.items.items() if value}
    _require_answerable(items, answers.method)
    with working(), connection.cursor() as cursor:
        share_mapping(cursor)
        person_id = _kept(cursor, answers.person_id)
        touch(cursor, [person_id])
        now = timezone.now()
        in_force = SurveyAnswers.objects.filter(person_id=person_id, withdrawn_at=None)
        replaced = in_force.update(withdrawn_at=now, withdrawn_by=by)
        given = {**vars(answers), "items": items, "person_id": person_id}
        SurveyAnswers.objects.create(**given, admitted_by=by, admitted_at=now)
        _judge(cursor, "surveyed", by)
    note.objects += [f"person:{person_id}", f"task:{answers.task_id}"]
    note.details.update(items=sorted(items), replaced=replaced)


def withdraw_answers(task_id: int, *, by: Officer, note: Note) -> bool:
    """Take back what a task's answers have brought; False if they are not in force (any more)."""
    with working(), connection.cursor() as cursor:
        share_mapping(cursor)
        in_force = SurveyAnswers.objects.filter(task_id=task_id, withdrawn_at=None)
        people = list(in_force.values_list("person_id", flat=True))
        touch(cursor, people)
        if not in_force.update(withdrawn_at=timezone.now(), withdrawn_by=by):
            forget(cursor)
            return False
        _judge(cursor, "unsurveyed", by)
    note.objects += [*(f"person:{one}" for one in people), f"task:{task_id}"]
    return True


def _judge(cursor: Cursor, kind: str, by: Officer) -> None:
    """Derive the touched people's records anew, in a deed that may go on to other people."""
    rejudge(cursor, Cause(kind, officer=by.id), current_judging(cursor))
    forget(cursor)


def _require_answerable(items: Mapping[str, str], method: str) -> None:
    fields = read_law().fields
    refused = sorted(items.keys() - set(ANSWERABLE))
    if refused:
        labels = "、".join(fields[item].label if item in fields else item for item in refused)
        raise Refused(f"登记库不收调查答复的这些项目：{labels}；请只留在调查记录里")
    if method not in METHODS:
        raise Refused("登记方式应为入户调查（纸质、移动端）或自助登记")


def _kept(cursor: Cursor, person_id: int) -> int:
    """The kept number's key of the person who is registered under one; raises Refused if nobody is."""
    kept = numbers_of(cursor, person_id)[0]
    cursor.execute("SELECT EXISTS (SELECT FROM person WHERE id = %s)", [kept])
    if not cursor.fetchone()[0]:
        raise Refused("登记库里没有这个人；请刷新后核对")
    return kept
