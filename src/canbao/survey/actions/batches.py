"""Entry and assignment by spreadsheet: a place's template taken away, and what comes back, row by row.

A row that is right is handed in as if it were typed; a row that is not comes back with what is wrong at its cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from canbao.law.reader import read_law
from canbao.registry.access import Refused, acting, covers
from canbao.registry.deeds import Note, deed
from canbao.registry.models import Officer
from canbao.registry.places_now import places
from canbao.survey.actions import splitting, surveyors
from canbao.survey.actions.entries import Unfinished, submit
from canbao.survey.form import form_of
from canbao.survey.judging_forms import prefilled
from canbao.survey.models import Campaign, Contractor, Surveyor, Task
from canbao.survey.moving import enterable, states_before
from canbao.survey.quotas import count_tasks
from canbao.survey.spreadsheets import (
    MOST_ROWS,
    CellError,
    EntryRow,
    EntrySheet,
    Stamp,
    SurveyorRow,
    TaskRow,
    assignment_template,
    entry_template,
    read_assignments,
    read_entries,
    read_surveyors,
    with_errors,
)  # fmt: skip
from canbao.survey.surveyors import fit_today, own_surveyors
from canbao.survey.tasks import own_campaign, own_tasks, with_people

ENTERED_FROM = enterable() - {"town"}
ASSIGNED_FROM = states_before("assign") | states_before("reassign")


@dataclass(frozen=True)
class Taken:
    """What came of an upload: how many rows were taken, what is wrong with others, and those as a sheet to correct."""

    done: int
    errors: list[CellError]
    sheet: bytes


def entry_sheet(*, campaign: Campaign, place: str, by: Officer) -> bytes:
    """The prefilled template of a place's forms that have still to be entered; each counts as taken away."""
    with deed(by=by, action="task.sheet", permission="task.enter") as note:
        running, rows = _rows(campaign, place, by, note, ENTERED_FROM)
        form = form_of(running.pk, running.form)
        filled = [_task_row(row, prefilled(form, row)) for row in rows if row["task"].form == running.form]
        stamp = Stamp(running.pk, place, running.form, by.pk, timezone.now())
        return entry_template(form, read_law(), stamp, filled, _mark(by), key=_key())


def assignment_sheet(*, campaign: Campaign, place: str, by: Officer) -> bytes:
    """The template in which a place's tasks are assigned to surveyors."""
    with deed(by=by, action="task.assignment_sheet", permission="task.assign") as note:
        running, rows = _rows(campaign, place, by, note, ASSIGNED_FROM)
        fit = fit_today(own_surveyors(by), timezone.localdate())
        cards = [(one.card_number, one.name) for one in fit]
        filled = [_task_row(row, _card(row["task"])) for row in rows]
        stamp = Stamp(running.pk, place, running.form, by.pk, timezone.now())
        return assignment_template(filled, cards, stamp, _mark(by), key=_key())


def _rows(campaign: Campaign, place: str, by: Officer, note: Note, states: frozenset[str]) -> tuple[Campaign, list]:
    running = own_campaign(campaign.pk, by)
    note.objects.append(f"campaign:{running.pk}")
    if not covers(by.area, place) or place not in places().by_code:
        raise Refused("请选择本辖区内的地方")
    found: QuerySet[Task] = own_tasks(by).filter(campaign=running, place__startswith=place, state__in=states)
    tasks = list(found.select_related("surveyor").order_by("place", "pk")[: MOST_ROWS + 1])
    if not tasks:
        raise Refused("这个地方没有可以填的任务")
    if len(tasks) > MOST_ROWS:
        raise Refused(f"任务超过 {MOST_ROWS:,} 个；请选小一些的地方")
    count_tasks([(one.pk, one.person_id) for one in tasks], by, note)
    return running, with_people(tasks)


def _task_row(row: dict, filled: dict[str, str]) -> TaskRow:
    tree, village = places(), row["task"].place
    return TaskRow(row["task"].pk, row["name"] or "", row["ssn"] or "", tree.name(village) or village, filled)


def _card(task: Task) -> dict[str, str]:
    return {"card": task.surveyor.card_number} if task.surveyor else {}


def take_entries(*, content: bytes | Path, by: Officer) -> Taken:
    """Hand in the rows of an uploaded entry sheet; raises SheetRefused for one that is not taken at all."""
    sheet = read_entries(content, key=_key())
    campaign = _stamped(sheet.stamp, by)
    findings = [one.id for one in form_of(campaign.pk, sheet.stamp.form_version).findings]
    errors = list(sheet.errors)
    done = 0
    for row in sheet.rows:
        found = _entered(row, sheet, campaign, findings, by)
        errors += found
        done += not found
    return Taken(done, errors, with_errors(content, errors) if errors else b"")


def _entered(
    row: EntryRow, sheet: EntrySheet, campaign: Campaign, findings: Sequence[str], by: Officer
) -> list[CellError]:
    """Hand a row in; what stands under remarks is the reason of whatever the form finds."""
    with acting(by.area, by):
        task = own_tasks(by).filter(pk=row.task, campaign=campaign).first()
    if task is None or task.form != sheet.stamp.form_version:
        says = "任务已不在您手上" if task is None else "登记表已换版；请重新下载模板，把这一行抄过去"
        return [sheet.error_at(row.line, "survey_outcome", says)]
    remark = row.answers.get("remark", "").strip()
    reasons = dict.fromkeys(findings, remark) if remark else {}
    try:
        submit(task_id=task.pk, written=row.answers, reasons=reasons, based_on=task.entries, by=by)
    except Unfinished as unfinished:
        return [sheet.error_at(row.line, one.question, one.says) for one in unfinished.found]
    except Refused as refusal:
        return [sheet.error_at(row.line, "survey_outcome", str(refusal))]
    return []


def take_assignments(*, content: bytes | Path, by: Officer) -> Taken:
    """Assign as an uploaded sheet says; what is wrong comes back."""
    sheet = read_assignments(content, key=_key())
    campaign = _stamped(sheet.stamp, by)
    errors = list(sheet.errors)
    known = {one.card_number: one for one in own_surveyors(by)}
    done = 0
    for card in sorted({*sheet.cards.values()}):
        tasks = [task for task, said in sheet.cards.items() if said == card]
        moved, why = _assigned(campaign, tasks, known.get(card), by)
        done += moved
        errors += [sheet.error_at(task, why) for task in tasks] if why else []
    return Taken(done, errors, with_errors(content, errors) if errors else b"")


def _assigned(campaign: Campaign, tasks: list[int], surveyor: Surveyor | None, by: Officer) -> tuple[int, str]:
    if surveyor is None:
        return 0, "本辖区没有这个证号的调查员"
    try:
        return splitting.assign(campaign=campaign, tasks=tasks, surveyor=surveyor, by=by), ""
    except Refused as refusal:
        return 0, str(refusal)


def take_surveyors(*, content: bytes | Path, valid_from: date, valid_to: date, by: Officer) -> Taken:
    """Register the surveyors of an uploaded list, all with one validity; what is wrong comes back."""
    sheet = read_surveyors(content)
    errors = list(sheet.errors)
    done = 0
    for row in sheet.rows:
        try:
            surveyors.register(_person(row, valid_from, valid_to, by), by=by)
        except Refused as refusal:
            errors.append(CellError(row.line, "A", "姓名", str(refusal)))
        else:
            done += 1
    return Taken(done, errors, with_errors(content, errors) if errors else b"")


def _person(row: SurveyorRow, valid_from: date, valid_to: date, by: Officer) -> surveyors.Person:
    contractor = Contractor.objects.filter(city=by.area[:4], name=row.contractor).first() if row.contractor else None
    if row.contractor and contractor is None:
        raise Refused("承接单位还没有登记；请先由市级登记并上传保密协议")
    account = (
        Officer.objects.filter(staff_number=row.staff_number, duty="surveyor").first() if row.staff_number else None
    )
    if row.staff_number and account is None:
        raise Refused("没有这个人员编号的调查员账号")
    return surveyors.Person(
        name=row.name, mobile=row.mobile, place=row.place, unit=row.organisation, contractor=contractor,
        officer=account, valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip


def _stamped(stamp: Stamp, by: Officer) -> Campaign:
    """The campaign that a template was made for; raises Refused if it isn't the officer's, or the place isn't."""
    if not covers(by.area, stamp.place):
        raise Refused("这份模板是别的地方的，不能在这里上传")
    return own_campaign(stamp.campaign, by)


def _mark(by: Officer) -> str:
    return f"{by.display_name}（{by.username}）{timezone.localtime():%Y-%m-%d %H:%M} 下载，内部资料，不得外传"


def _key() -> bytes:
    return bytes(salted_hmac("canbao survey sheet", "", secret=settings.SECRET_KEY, algorithm="sha256").digest())
