"""A town sorts a village's papers: opens the volume, says of each form whether it is there, hands it to the county.

粤人社办〔2017〕96号 三（三）6: by village, the summary sheets first, then the forms in their order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from canbao.core.progress import after
from canbao.law.moves import read_workflows
from canbao.law.survey import read_survey
from canbao.registry.access import Refused, covers
from canbao.registry.deeds import Note, deed, refuse_identity_numbers
from canbao.registry.models import Officer
from canbao.survey.archiving import fates_of, forms_in, forms_of, own_volumes, tasks_of
from canbao.survey.models import Task, Volume, VolumeMove
from canbao.survey.reckoning import FATES, SORTING, Counts, Form, counted
from canbao.survey.summary_order import in_order
from canbao.survey.tasks import own_campaign

SORTED_IN = ("running", "auditing", "closed")
"""The states of a campaign in which its papers are sorted and handed over."""
MOST_NAMED = 10
MOST = 100_000


def open_volume(*, campaign_id: int, place: str, by: Officer) -> Volume:
    """Begin to sort the papers of a village; raises Refused if somebody has begun, or nothing was surveyed there."""
    with deed(by=by, action="volume.open", permission="archive.sort") as note:
        campaign = own_campaign(campaign_id, by)
        if campaign.state not in SORTED_IN:
            raise Refused("调查开始以后、归档以前才能整理档案")
        if not covers(by.area, place) or not Task.objects.filter(campaign=campaign, place=place).exists():
            raise Refused("这个批次在本辖区没有这个社区（村）的任务")
        state = after(read_workflows()["volume"], None, "open")
        volume, is_new = Volume.objects.get_or_create(campaign=campaign, place=place, defaults={"state": state})
        if not is_new:
            raise Refused("这个社区（村）的档案已经开始整理了；请刷新后再看")
        VolumeMove.objects.create(volume=volume, move="open", by=by)
        note.objects.append(f"volume:{volume.pk}")
        return volume


def mark(*, volume_id: int, marks: Mapping[int, str], by: Officer) -> Volume:
    """Say of some forms, by task, that they are `there`, why they are not (law's `absences`), or nothing (empty).

    What is not among the marks stays. Raises Refused for a task that has no paper to be there or to be absent.
    """
    with deed(by=by, action="volume.mark", permission="archive.sort") as note:
        volume = _sorted(volume_id, by, note)
        _mark(volume, marks)
        volume.save(update_fields=["order", "absent"])
        note.details.update(marks=len(marks))
        return volume


def mark_all(*, volume_id: int, by: Officer, marks: Mapping[int, str] | None = None) -> int:
    """Say what is said of some forms, and of all others of which nothing was said yet that they are there.

    Returns how many these were.
    """
    with deed(by=by, action="volume.mark", permission="archive.sort") as note:
        volume = _sorted(volume_id, by, note)
        _mark(volume, {task: said for task, said in (marks or {}).items() if said})
        fates = fates_of(volume, forms_in(volume))
        missing = [task for task, one in fates.items() if one == "missing"]
        volume.order = sorted({*volume.order, *missing})
        volume.save(update_fields=["order", "absent"])
        note.details.update(marks=len(missing) + len(marks or {}))
        return len(missing)


def put_in_box(*, volume_id: int, box: str, by: Officer) -> Volume:
    """Say in which box a village's papers lie while the town has them."""
    with deed(by=by, action="volume.box", permission="archive.sort") as note:
        volume = _sorted(volume_id, by, note)
        volume.box = require_label(box, "盒号", "box")
        volume.save(update_fields=["box"])
        return volume


def hand_over(*, volume_id: int, sheets: int, forms: int, by: Officer) -> Volume:
    """Give a village's papers to the county, with the summary sheets and forms that were counted by hand.

    Raises Refused while tasks are open (unless the campaign was closed over them), a form is neither there nor
    explained, the forms counted are not those marked, or there is no box.
    """
    with deed(by=by, action="volume.hand_over", permission="archive.sort") as note:
        volume = _sorted(volume_id, by, note)
        fates = _reckoned(volume)
        counts = counted(fates.values())
        _require_complete(volume, fates, counts)
        if not 1 <= sheets <= MOST:
            raise Refused("请清点汇总表的张数：汇总表排在登记表前面，至少 1 张")
        if forms != counts.of["there"]:
            raise Refused(f"您清点的登记表是 {forms} 份，目录里标为在卷的是 {counts.of['there']} 份；请核对后再移交")
        order, absent = _in_order(volume, fates), _still_absent(volume, fates)
        note.details.update(sheets=sheets, there=forms, absent=len(absent), tasks=counts.tasks)
        return move(volume, "hand_over", by, counts.said(sheets), order=order, absent=absent, sheets=sheets)


def own_volume(volume_id: int, by: Officer, note: Note) -> Volume:
    """A volume of the officer's area, locked till the deed ends; raises Refused."""
    found = own_volumes(by).select_for_update(of=("self",)).select_related("campaign").filter(pk=volume_id).first()
    if found is None:
        raise Refused("没有这一卷档案，或不在您的管辖范围内")
    note.objects.append(f"volume:{found.pk}")
    return found


def move(volume: Volume, name: str, by: Officer, words: str = "", **changes: Any) -> Volume:
    """Make a move with a locked volume and write it down; raises IllegalMove if the law does not have it."""
    volume.state = after(read_workflows()["volume"], volume.state, name)
    for column, value in changes.items():
        setattr(volume, column, value)
    volume.save()
    VolumeMove.objects.create(volume=volume, move=name, by=by, note=words)
    return volume


def require_label(text: str, what: str, column: str) -> str:
    """What is written on a box or a shelf; raises Refused for nothing, or more than there is room for."""
    said, longest = " ".join(text.split()), Volume._meta.get_field(column).max_length
    if not said or len(said) > longest or "\0" in said:
        raise Refused(f"请填写{what}（最多 {longest} 个字）")
    refuse_identity_numbers(said, what)
    return said


def _sorted(volume_id: int, by: Officer, note: Note) -> Volume:
    volume = own_volume(volume_id, by, note)
    if volume.state not in SORTING:
        label = read_workflows()["volume"].states[volume.state]
        raise Refused(f"这一卷现在是“{label}”，镇街不能再改；请刷新后再看")
    if volume.campaign.state not in SORTED_IN:
        raise Refused("这个批次现在不能整理档案")
    return volume


def _mark(volume: Volume, marks: Mapping[int, str]) -> None:
    forms = {form.task: form for _, form in forms_of(tasks_of(volume).filter(pk__in=list(marks)))}
    for task, said in marks.items():
        _require_sensible(forms.get(task), said)
    there = {task for task, said in marks.items() if said == "there"}
    kept = {task: why for task, why in volume.absent.items() if int(task) not in marks}
    volume.order = sorted({*volume.order} - {*marks} | there)
    volume.absent = {**kept, **{str(task): said for task, said in marks.items() if said not in ("", "there")}}


def _reckoned(volume: Volume) -> dict[int, str]:
    """What became of each form, also of those marked whose people the officer may not see any more: they are there.

    A task that now belongs to another village has gone with its form.
    """
    fates = fates_of(volume, forms_in(volume))
    unknown = {*volume.order} - fates.keys()
    elsewhere = {*Task.objects.filter(pk__in=unknown).values_list("pk", flat=True)}
    return {**fates, **dict.fromkeys(unknown - elsewhere, "there")}


def _require_sensible(form: Form | None, said: str) -> None:
    if form is None:
        raise Refused("有不属于这一卷的任务；请刷新后再标")
    known = {one.id for one in read_survey().absences}
    if said and said != "there" and said not in known:
        raise Refused(f"任务 {form.task}：请从列出的原因里选")
    if said == "there" and not (form.needs_paper or form.has_paper):
        raise Refused(f"任务 {form.task} 没有纸表，不能标为在卷")
    if said in known and not form.needs_paper:
        raise Refused(f"任务 {form.task} 不需要纸表，不用标为缺")


def _require_complete(volume: Volume, fates: Mapping[int, str], counts: Counts) -> None:
    if counts.of["undone"] and volume.campaign.state != "closed":
        raise Refused(f"还有 {counts.of['undone']} 个任务没有办完；办完以后，或批次结束以后再移交")
    missing = [task for task, one in sorted(fates.items()) if one == "missing"]
    if missing:
        named = "、".join(map(str, missing[:MOST_NAMED])) + ("等" if len(missing) > MOST_NAMED else "")
        raise Refused(f"还有 {len(missing)} 份登记表{FATES['missing']}（任务 {named}）；请逐份标明在卷，或为什么缺")
    if not volume.box:
        raise Refused("请先填写盒号")


def _in_order(volume: Volume, fates: Mapping[int, str]) -> list[int]:
    """The forms that are there, in the order of the summary sheets; at the end those that the officer may not see."""
    seen = [row["task"].pk for row in in_order(tasks_of(volume))]
    there = {task for task, one in fates.items() if one == "there"}
    return [*(task for task in seen if task in there), *sorted(there - {*seen})]


def _still_absent(volume: Volume, fates: Mapping[int, str]) -> dict[str, str]:
    return {task: why for task, why in volume.absent.items() if fates.get(int(task)) == "absent"}
