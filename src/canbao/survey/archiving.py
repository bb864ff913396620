"""The archive as officers read it: villages with their counts, a volume's catalogue, where a form lies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from canbao.law.survey import read_survey
from canbao.registry.deeds import deed
from canbao.registry.lookup import LARGEST_ID
from canbao.registry.models import Officer
from canbao.registry.places_now import called, places
from canbao.survey.models import Entry, Task, Volume, VolumeMove
from canbao.survey.quotas import count_tasks
from canbao.survey.reckoning import FATES, PAPER, SORTING, Counts, Form, counted, fate
from canbao.survey.summary_order import in_order
from canbao.survey.tasks import own_campaign

PAGE = 50
Fates = dict[int, str]


@dataclass(frozen=True)
class Village:
    """A village of a campaign: its volume, if one was opened, and what became of its forms."""

    place: str
    volume: Volume | None
    counts: Counts


@dataclass(frozen=True)
class Line:
    """A line of a volume's catalogue: the task with its person, what became of the form, its number in the volume."""

    row: dict[str, Any]
    form: Form
    fate: str
    number: int | None
    why: str


@dataclass(frozen=True)
class Opened:
    """A volume as it is looked at: a page of the lines that were asked for, of `many`; the counts are of all.

    `late_by_phone` are tasks that came in after it was accepted and have no paper.
    """

    volume: Volume
    counts: Counts
    lines: list[Line]
    many: int
    late_by_phone: int
    moves: list[VolumeMove]


def own_volumes(by: Officer) -> QuerySet[Volume]:
    """The volumes of the officer's area."""
    return Volume.objects.filter(place__startswith=by.area) if by.area else Volume.objects.none()


def found_volume(volume_id: int, *, by: Officer) -> Volume | None:
    """A volume that the officer may see, or None."""
    return own_volumes(by).select_related("campaign").filter(pk=min(volume_id, LARGEST_ID)).first()


def forms_of(tasks: QuerySet[Task]) -> list[tuple[str, Form]]:
    """Tasks as the archive looks at them, each with its place."""
    entries = Entry.objects.filter(task=OuterRef("pk"))
    found = tasks.annotate(
        method=Subquery(entries.order_by("-number").values("method")[:1]),
        has_paper=Exists(entries.filter(method=PAPER)),
    ).values_list("place", "pk", "state", "method", "has_paper", "returned")
    return [
        (place, Form(pk, state, method or "", has_paper or state == "collected", returned))
        for place, pk, state, method, has_paper, returned in found
    ]


def forms_in(volume: Volume) -> list[Form]:
    """The tasks of a volume's place as the archive looks at them."""
    return [form for _, form in forms_of(tasks_of(volume))]


def fates_of(volume: Volume | None, forms: Sequence[Form]) -> Fates:
    """What became of each form of a village, by task."""
    state, there, absent = (volume.state, {*volume.order}, {*map(int, volume.absent)}) if volume else ("", (), ())
    return {one.task: fate(one, state, there, absent) for one in forms}


def villages(campaign_id: int, *, by: Officer, after: str = "") -> list[Village]:
    """At most PAGE villages of a campaign within the officer's area, in the order of their codes, behind `after`."""
    with deed(by=by, action="volume.list", permission="archive.see") as note:
        campaign = own_campaign(campaign_id, by)
        note.objects.append(f"campaign:{campaign.pk}")
        tasks = Task.objects.filter(campaign=campaign, place__startswith=by.area)
        codes = list(tasks.filter(place__gt=after).order_by("place").values_list("place", flat=True).distinct()[:PAGE])
        forms: dict[str, list[Form]] = defaultdict(list)
        for place, form in forms_of(tasks.filter(place__in=codes)):
            forms[place].append(form)
        volumes = {one.place: one for one in Volume.objects.filter(campaign=campaign, place__in=codes)}
        return [
            Village(place, volumes.get(place), counted(fates_of(volumes.get(place), forms[place]).values()))
            for place in codes
        ]


def opened(volume_id: int, *, by: Officer, only: str = "", page: int = 1) -> Opened | None:
    """A volume with a page of its catalogue, or None; `only` asks for lines of one fate. Whoever is named counts."""
    with deed(by=by, action="volume.see", permission="archive.see", purpose="survey", needs_purpose=True) as note:
        volume = found_volume(volume_id, by=by)
        if volume is None:
            note.details.update(found=0, asked=volume_id)
            return None
        note.objects.append(f"volume:{volume.pk}")
        lines = lines_of(volume)
        chosen = [line for line in lines if only not in FATES or line.fate == only]
        shown = chosen[(page - 1) * PAGE :][:PAGE]
        count_tasks([(line.row["task"].pk, line.row["task"].person_id) for line in shown], by, note)
        late = sum(line.fate == "late" and not line.form.needs_paper for line in lines)
        moves = list(volume.moves.select_related("by").order_by("pk"))
        return Opened(volume, counted(line.fate for line in lines), shown, len(chosen), late, moves)


def lines_of(volume: Volume) -> list[Line]:
    """The lines of a volume's catalogue in the order of the summary sheets, of all tasks of its place."""
    forms = {form.task: form for form in forms_in(volume)}
    fates = fates_of(volume, [*forms.values()])
    ordered = in_order(tasks_of(volume))
    numbers = _numbers(volume, [row["task"].pk for row in ordered], fates)
    return [_line(volume, row, forms[row["task"].pk], fates[row["task"].pk], numbers) for row in ordered]


def tasks_of(volume: Volume) -> QuerySet[Task]:
    """The tasks of a volume's place: of the village, or those of which no village is known."""
    return Task.objects.filter(campaign_id=volume.campaign_id, place=volume.place)


def _numbers(volume: Volume, ordered: Sequence[int], fates: Fates) -> dict[int, int]:
    """Which number each form has in the volume; while it is sorted, which it will have."""
    order = [task for task in ordered if fates[task] == "there"] if volume.state in SORTING else volume.order
    return {task: number for number, task in enumerate(order, start=1)}


def _line(volume: Volume, row: dict[str, Any], form: Form, fate_: str, numbers: dict[int, int]) -> Line:
    number = numbers.get(form.task) if fate_ == "there" else None
    why = why_absent(volume.absent.get(str(form.task), "")) if fate_ == "absent" else ""
    return Line(row, form, fate_, number, why)


def why_absent(id_: str) -> str:
    """Why a form is not there, in words."""
    return next((one.label for one in read_survey().absences if one.id == id_), "")


def find(*, by: Officer, box: str = "", shelf: str = "", place: str = "", task: int = 0) -> list[Volume]:
    """At most PAGE volumes by box, shelf (the beginning is enough), place (leading digits, or part of the village's
    name) or a task's number, which must all fit; nobody is named."""
    with deed(by=by, action="volume.find", permission="archive.see") as note:
        if not any((box, shelf, place, task)):
            return []
        found = own_volumes(by)
        if box:
            found = found.filter(box__startswith=box)
        if shelf:
            found = found.filter(shelf__startswith=shelf)
        if place:
            found = found.filter(place__startswith=place) if place.isdigit() else found.filter(place__in=named(place))
        if task:
            found = found.filter(pk__in=[one.pk for one in _of_task(task)])
        volumes = list(found.select_related("campaign").order_by("-campaign", "place")[:PAGE])
        note.objects.extend(f"volume:{one.pk}" for one in volumes)
        return volumes


def named(words: str) -> list[str]:
    """The codes of the towns and villages with these words in their name."""
    return [code for code, one in places().by_code.items() if len(code) >= 9 and words in one.name]


def _of_task(task_id: int) -> list[Volume]:
    """The volume in which a task's form lies or is marked absent, and the one of its place; if its area is seen."""
    task = Task.objects.filter(pk=min(task_id, LARGEST_ID)).first()
    if task is None:
        return []
    of = Q(place=task.place) | Q(order__contains=[task.pk]) | Q(absent__has_key=str(task.pk))
    return list(Volume.objects.filter(of, campaign_id=task.campaign_id))


def where_filed(task: Task) -> str:
    """Where the paper form of a task lies, in words; empty before anything of it was filed."""
    for volume in sorted(_of_task(task.pk), key=lambda one: task.pk not in one.order):
        if task.pk in volume.order:
            number = volume.order.index(task.pk) + 1
            return "，".join(part for part in (_where(volume), f"卷内第 {number} 份", _note_of(volume, task)) if part)
        if str(task.pk) in volume.absent:
            return f"纸表缺：{why_absent(volume.absent[str(task.pk)])}（{called(volume.place) or volume.place}的卷）"
    return "没有纸表，随所在社区（村）归档" if task.state == "archived" else ""


def _where(volume: Volume) -> str:
    if volume.state == "destroyed":
        return f"{called(volume.place) or volume.place}的卷，保管期满已销毁"
    box = f"第 {volume.box} 盒" if volume.box else "还没有装盒"
    return "，".join(part for part in (volume.shelf, box, f"{called(volume.place) or volume.place}的卷") if part)


def _note_of(volume: Volume, task: Task) -> str:
    """That the form is no longer there, or has a later one that is not filed yet."""
    fate_ = fate(Form(task.pk, task.state, PAPER, True, task.returned), volume.state, {*volume.order}, ())
    taken_out = "已抽出（任务已退回重查）"
    return {"taken_out": taken_out, "undone": taken_out, "late": "重查后的新表还没有补收"}.get(fate_, "")


def due(*, by: Officer) -> list[Volume]:
    """The accepted volumes of the area whose time is over, the oldest first: at most PAGE."""
    with deed(by=by, action="volume.due", permission="archive.accept") as note:
        found = own_volumes(by).filter(state="accepted", destroy_on__lt=timezone.localdate())
        volumes = list(found.select_related("campaign").order_by("destroy_on", "pk")[:PAGE])
        note.objects.extend(f"volume:{one.pk}" for one in volumes)
        return volumes
