"""附件4: a village's summary sheet, from what was entered, or, till then, from what the register knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from django.db.models import F

from canbao.law.reader import read_law
from canbao.paper.documents.summary_sheet import SummaryRow, SummarySheet
from canbao.survey.contacts import contact_of, contacts_within
from canbao.survey.marks import number
from canbao.survey.models import Contact, Entry
from canbao.survey.printing.batches import MOST, Key, Made, Setting, Wish
from canbao.survey.printing.places import heading
from canbao.survey.printing.tasks import rows_of, still_named, within
from canbao.survey.summary_order import in_order
from canbao.survey.tasks import Row

UNINSURED = "2"
"""law's registration_status of somebody in no insurance."""
COVERS = ("pension", "medical", "unemployment", "work_injury", "maternity")


def chosen(setting: Setting, wish: Wish) -> list[Key]:
    """Each village of the place with its tasks in the sheet's order."""
    ordered = (row["task"] for row in in_order(within(setting, wish.place).order_by("place", "pk")[: MOST + 1]))
    villages = groupby(ordered, key=lambda task: task.place)
    return [[place, [task.pk for task in tasks]] for place, tasks in villages]


def seen(setting: Setting, keys: Sequence[Key]) -> list[Key]:
    """The same without tasks that the officer does not see any more, and without villages that have none then."""
    return [key for key in still_named(setting, keys) if key[1]]


def made(setting: Setting, keys: Sequence[Key]) -> list[Made]:
    """A sheet for each village."""
    known = contacts_within(setting.campaign, setting.place)
    return [_sheet(setting, place, rows_of(setting, tasks), contact_of(place, known)) for place, tasks in keys]


def _sheet(setting: Setting, place: str, rows: Sequence[Row], contact: Contact | None) -> Made:
    answers = _latest([row["task"].pk for row in rows])
    lines = [_line(row, answers.get(row["task"].pk, {})) for row in rows]
    county, town, village = heading(place)
    sheet = SummarySheet(
        county, town, village, tuple(lines), officer=contact.name if contact else "",
        phone=contact.phone if contact else "", filled_on=setting.day,
    )  # fmt: skip
    named = ((number(row["task"].pk), "".join(vars(line).values())) for row, line in zip(rows, lines, strict=True))
    return Made(sheet, tuple(named))


def _latest(tasks: Sequence[int]) -> dict[int, Mapping[str, str]]:
    found = Entry.objects.filter(task__in=tasks, number=F("task__entries"))
    return dict(found.values_list("task", "answers"))


def _line(row: Row, answers: Mapping[str, str]) -> SummaryRow:
    unit_types = {one.code: one.label for one in read_law().codes["no_unit_type"].codes}
    said = {
        **{name: row[name] or "" for name in ("unit_name", "no_unit_type", "residence_address", "mobile")},
        **answers,
    }
    covers = dict.fromkeys(COVERS, "未参保" if row["registration_status"] == UNINSURED else "")
    return SummaryRow(
        name=row["name"] or "", ssn=row["ssn"] or "", unit=said["unit_name"],
        no_unit_type=unit_types.get(said["no_unit_type"], ""), hukou_place=row["hukou_address"] or "",
        residence=said["residence_address"], phone=said["mobile"] or said.get("phone", ""),
        remark=_remark(answers), **covers,
    )  # fmt: skip


def _remark(answers: Mapping[str, str]) -> str:
    covered = f"自述已参保：{answers['said_covers']}" if answers.get("said_covers") else ""
    return "；".join(words for words in (covered, answers.get("remark", "")) if words)
