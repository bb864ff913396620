"""The county's archive room: accepts what towns hand over, keeps it findable, and destroys it when its time is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from canbao.core.dates import anniversary
from canbao.law.survey import read_survey
from canbao.registry.access import Refused, unveiled
from canbao.registry.actions.officers import is_same_person
from canbao.registry.deeds import deed, require_words
from canbao.registry.models import Officer
from canbao.survey.actions.archiving import move, own_volume, require_label
from canbao.survey.archiving import fates_of, forms_in
from canbao.survey.models import Volume
from canbao.survey.moving import move_many
from canbao.survey.reckoning import PAPER


def accept(*, volume_id: int, sheets: int, forms: int, shelf: str, by: Officer) -> Volume:
    """Take a village's papers over as counted; its loaded tasks are archived in the same transaction.

    What was entered by phone goes along. Raises Refused if what was counted is not what was handed over, or it was the
    same person who handed it over; IllegalMove if somebody has accepted or refused it meanwhile.
    """
    with deed(by=by, action="volume.accept", permission="archive.accept") as note:
        volume = own_volume(volume_id, by, note)
        kept = require_label(shelf, "架位", "shelf")
        move(
            volume, "accept", by, f"清点汇总表 {sheets} 张、登记表 {forms} 份；{kept}", shelf=kept, destroy_on=kept_to()
        )
        _require_other(volume, "hand_over", by, "这一卷是您自己移交的，须由另一个人接收")
        if (sheets, forms) != (volume.sheets, len(volume.order)):
            raise Refused(
                f"移交的是汇总表 {volume.sheets} 张、登记表 {len(volume.order)} 份，"
                f"您清点的是 {sheets} 张、{forms} 份，不一致；请重新清点，或退回镇街"
            )
        note.details.update(filed=_file_all(volume, by))
        return volume


def refuse(*, volume_id: int, words: str, by: Officer) -> Volume:
    """Give a village's papers back to the town, with what is wrong."""
    with deed(by=by, action="volume.refuse", permission="archive.accept") as note:
        volume = own_volume(volume_id, by, note)
        require_words(words, "退回的原因")
        return move(volume, "refuse", by, words.strip())


def supplement(*, volume_id: int, marks: Mapping[int, str], by: Officer) -> Volume:
    """Take forms in that came after the volume was accepted, by task: `there`, or why they are absent.

    These are of tasks that came into the register since, and of forms that were absent and are found. Whatever was
    entered by phone since then goes along. Raises Refused for any other task.
    """
    with deed(by=by, action="volume.supplement", permission="archive.accept") as note:
        volume = own_volume(volume_id, by, note)
        forms = forms_in(volume)
        fates = fates_of(volume, forms)
        by_paper = {one.task for one in forms if one.needs_paper and fates[one.task] in ("late", "absent")}
        chosen = {task: said for task, said in marks.items() if said and said != volume.absent.get(str(task))}
        if set(chosen) - by_paper or set(chosen.values()) - {"there", *(one.id for one in read_survey().absences)}:
            raise Refused("只能补收移交以后才入库的，或原来标为缺的登记表；请刷新后再标")
        by_phone = [one.task for one in forms if fates[one.task] == "late" and one.method != PAPER]
        if not chosen and not by_phone:
            raise Refused("没有要补收的")
        _lay_in(volume, chosen)
        there = sum(said == "there" for said in chosen.values())
        words = f"登记表 {there} 份，缺 {len(chosen) - there} 份，没有纸表 {len(by_phone)} 个"
        move_many([*chosen, *by_phone], "file", by, note={"volume": volume.pk})
        note.details.update(there=there, absent=len(chosen) - there, by_phone=len(by_phone))
        return move(volume, "supplement", by, words)


def shelve(*, volume_id: int, box: str, shelf: str, by: Officer) -> Volume:
    """Say that an accepted volume now lies in another box or on another shelf."""
    with deed(by=by, action="volume.shelve", permission="archive.accept") as note:
        volume = own_volume(volume_id, by, note)
        before = f"{volume.shelf} 第 {volume.box} 盒"
        box, shelf = require_label(box, "盒号", "box"), require_label(shelf, "架位", "shelf")
        return move(volume, "shelve", by, f"{before} → {shelf} 第 {box} 盒", box=box, shelf=shelf)


def destroy(*, volume_id: int, words: str, by: Officer) -> Volume:
    """Say that a volume was destroyed, how and before whom. Its time must be over, and the officer not who accepted it.

    What lay in it stays written down.
    """
    with deed(by=by, action="volume.destroy", permission="archive.accept") as note:
        volume = own_volume(volume_id, by, note)
        move(volume, "destroy", by, words.strip())
        _require_other(volume, "accept", by, "这一卷是您自己接收的，须由另一个人销毁")
        if volume.destroy_on is None or timezone.localdate() <= volume.destroy_on:
            raise Refused(f"这一卷保管到 {volume.destroy_on}，期满以后才能销毁")
        require_words(words, "销毁的依据、方式和监销人")
        return volume


def kept_to() -> date:
    """The last day on which what is accepted today is kept."""
    return anniversary(timezone.localdate(), read_survey().rules.keep_years)


def _require_other(volume: Volume, name: str, by: Officer, words: str) -> None:
    """Two people: whoever made the last such move is not who makes this one, whatever account they use."""
    before = volume.moves.filter(move=name).select_related("by").order_by("-pk").first()
    if before is not None and is_same_person(before.by, by):
        raise Refused(words)


def _file_all(volume: Volume, by: Officer) -> int:
    """Archive the loaded tasks of what was handed over: those with a form, those explained, those without paper.

    People protected from the officer are filed like all others, and nothing of them is shown.
    """
    with unveiled():
        known = {*volume.order, *map(int, volume.absent)}
        forms = forms_in(volume)
        meant = [one.task for one in forms if one.task in known or one.method != PAPER]
        return len(move_many(meant, "file", by, note={"volume": volume.pk}))


def _lay_in(volume: Volume, chosen: Mapping[int, str]) -> None:
    """Forms that come late lie at the end; an older form of the same task was taken out before."""
    there = [task for task, said in chosen.items() if said == "there"]
    volume.order = [*(task for task in volume.order if task not in chosen), *sorted(there)]
    kept = {task: why for task, why in volume.absent.items() if int(task) not in chosen}
    volume.absent = {**kept, **{str(task): said for task, said in chosen.items() if said != "there"}}
