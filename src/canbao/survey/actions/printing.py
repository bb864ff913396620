"""Printing: asked for, counted as taken away, looked at, fetched, handed out. 粤人社办〔2017〕96号 三（三）1"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from canbao.law.wording import read_wording
from canbao.paper.documents.printing import Printed, preview
from canbao.registry.access import Refused, covers, require_area
from canbao.registry.actions import work
from canbao.registry.deeds import Alarm, Note, deed
from canbao.registry.models import Officer
from canbao.registry.places_now import places
from canbao.survey.models import Campaign, Printing, Task
from canbao.survey.moving import move_many
from canbao.survey.printing.batches import MOST, Batch, Key, Maker, Setting, Wish
from canbao.survey.printing.files import file_of
from canbao.survey.printing.offered import MAKERS
from canbao.survey.printing.places import name_of
from canbao.survey.quotas import count_tasks
from canbao.survey.tasks import own_campaign, own_tasks
from canbao.survey.wordings import issuer_and_seal, words_of

MANY = 1_000
"""Forms in one batch from which whoever watches over the area is told, as of a household list."""
KIND = "print_papers"
NOTHING = "这里没有可以打印的内容；请换一个地方或范围"


def order(*, campaign: Campaign, wish: Wish, by: Officer) -> Printing:
    """Ask for a batch, and have it wait as work; the caller puts it on the queue in the same transaction.

    Raises Refused without anything to print, beyond the day's quota of tasks, or outside the officer's area.
    """
    with deed(by=by, action="paper.print", permission="paper.print", purpose="survey", needs_purpose=True) as note:
        maker, setting = _ready(campaign, wish, by, note)
        keys = maker.chosen(setting, wish)
        people = maker.people(keys)
        if not keys:
            raise Refused(NOTHING)
        if max(len(keys), len(people)) > MOST:
            raise Refused(f"一批最多 {MOST:,} 份；请分地方打印")
        _count(people, by, note)
        version = words_of(setting.campaign.city, wish.kind).number
        asked = {"keys": keys, "day": setting.day.isoformat(), "version": version}
        title = f"打印 {name_of(wish.place)} {read_wording()[wish.kind].name}"
        waiting = work.ask(kind=KIND, label=title, area=wish.place, total=len(keys), by=by)
        made = Printing.objects.create(
            campaign=setting.campaign,
            kind=wish.kind,
            place=wish.place,
            asked=asked,
            work=waiting,
            records=len(keys),
            by=by,
        )
        note.objects.append(f"printing:{made.pk}")
        note.details.update(papers=len(keys))
        return made


def look(*, campaign: Campaign, wish: Wish, by: Officer) -> bytes:
    """The first paper of what would be printed, as PDF; whom it names counts as opened. Raises Refused."""
    with deed(by=by, action="paper.preview", permission="paper.print", purpose="survey", needs_purpose=True) as note:
        maker, setting = _ready(campaign, wish, by, note)
        keys = maker.chosen(setting, wish)[:1]
        if not keys:
            raise Refused(NOTHING)
        _count(maker.people(keys), by, note)
        words = words_of(setting.campaign.city, wish.kind).words
        batch = Batch(maker, setting, keys)
        return preview(wish.kind, words, batch[0], settings.PRINT_FONTS)


def fetch(*, printing_id: int, by: Officer) -> tuple[Printing, Path]:
    """A batch's file, to be taken away; whom it names counts as taken by whoever fetches it.

    Raises Refused where somebody of it is hidden from the officer, or the file is not there (any more).
    """
    with deed(by=by, action="paper.fetch", permission="paper.print", purpose="survey", needs_purpose=True) as note:
        printing = own_printing(printing_id, by, note)
        file = file_of(printing)
        if printing.work.state != "done" or not file.exists():
            raise Refused("文件还没有做好，或过了保存期已经删除；请重新打印")
        _require_all_seen(printing, by)
        _count(MAKERS[printing.kind].people(printing.asked["printed"]), by, note)
        return printing, file


def hand_out(*, printing_id: int, by: Officer) -> int:
    """Say that printed forms were given to the surveyors: tasks that waited for that are begun. Returns how many."""
    with deed(by=by, action="paper.hand_out", permission="paper.print") as note:
        printing = own_printing(printing_id, by, note)
        if printing.kind != "registration_form" or printing.work.state != "done":
            raise Refused("只有已经打印好的登记表可以分发")
        if printing.handed_out_at:
            raise Refused("这一批已经确认过分发")
        moved = move_many(
            [key for key in printing.asked["printed"] if key], "start", by, note={"printing": printing.pk}
        )
        printing.handed_out_at = timezone.now()
        printing.save(update_fields=["handed_out_at"])
        note.details.update(tasks=len(moved))
        return len(moved)


def stop(*, printing_id: int, by: Officer) -> None:
    """Ask for a batch to be broken off; it stops after the piece that is being made."""
    with deed(by=by, action="paper.stop", permission="paper.print") as note:
        printing = own_printing(printing_id, by, note)
        type(printing.work).objects.filter(pk=printing.work_id, ended_at=None).update(is_cancel_asked=True)


def note_printed(
    *, printing: Printing, printed: Printed, keys: Sequence[Key], strange: Sequence[Sequence[str]]
) -> None:  # fmt: skip
    """Write down what was printed, and of whom: those whom the officer who had asked might still see."""
    with deed(by=printing.by, action="paper.printed", permission="paper.print") as note:
        note.objects.append(f"printing:{printing.pk}")
        note.details.update(papers=len(keys), pages=printed.pages)
        printing.asked = {**printing.asked, "printed": list(keys)}
        printing.records, printing.pages, printing.sha256 = len(keys), printed.pages, printed.sha256
        printing.strange = [list(one) for one in strange]
        printing.save(update_fields=["asked", "records", "pages", "sha256", "strange"])


def own_printing(printing_id: int, by: Officer, note: Note) -> Printing:
    """A batch of the officer's area, locked; raises Refused."""
    found = Printing.objects.select_for_update(of=("self",)).select_related("campaign", "work", "by")
    printing = found.filter(pk=printing_id).first()
    if printing is None or not covers(by.area, printing.place):
        raise Refused("没有这一批文书，或不在您的管辖范围内")
    note.objects.append(f"printing:{printing.pk}")
    return printing


def _ready(campaign: Campaign, wish: Wish, by: Officer, note: Note) -> tuple[Maker, Setting]:
    campaign = own_campaign(campaign.pk, by)
    note.objects.append(f"campaign:{campaign.pk}")
    note.details.update(kind=wish.kind, place=wish.place)
    maker = MAKERS.get(wish.kind)
    if maker is None:
        raise Refused("没有这种文书")
    if maker.choices and wish.which not in dict(maker.choices):
        raise Refused("请选择打印哪些")
    _require_place(campaign, wish.place, by)
    issuer, seal = issuer_and_seal(campaign.city)
    return maker, Setting(campaign, by, wish.place, timezone.localdate(), issuer, seal)


def _require_place(campaign: Campaign, place: str, by: Officer) -> None:
    require_area(by, place)
    if not place.startswith(campaign.area) or not (place == campaign.area or place in places().by_code):
        raise Refused("请选择本批次内的地方")


def _count(tasks: Sequence[int], by: Officer, note: Note) -> None:
    """Count the people of some tasks as taken away; many of them at once are an alarm."""
    if not tasks:
        return
    people = Task.objects.filter(pk__in=tasks).order_by("pk").values_list("pk", "person_id")
    count_tasks(list(people), by, note)
    if len(tasks) > MANY:
        note.alarms.append(Alarm("prints", details={"tasks": len(tasks)}))


def _require_all_seen(printing: Printing, by: Officer) -> None:
    tasks = MAKERS[printing.kind].people(printing.asked["printed"])
    if set(tasks) - set(own_tasks(by).filter(pk__in=tasks).values_list("pk", flat=True)):
        raise Refused("这一批里有您现在不能查看的人员；请重新打印")
