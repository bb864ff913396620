"""A campaign whose forms are in the register, and the volumes of its villages brought to where a test needs them."""

from __future__ import annotations

from typing import Any

from canbao.registry.access import acting
from canbao.registry.models import Officer
from canbao.survey import archiving as archive
from canbao.survey.actions import archive_room, archiving, campaigns, reviews
from canbao.survey.actions.entries import submit
from canbao.survey.models import Campaign, Task, Volume
from survey_desk import VILLAGES, answers, city_officer, clerk, county_officer, fresh, running, seen, split, tasks, who

VILLAGE = VILLAGES[0]


def closed(campaign: Campaign) -> Campaign:
    """The campaign, closed over what is left."""
    campaigns.go_on(campaign=campaign, to="audit", by=city_officer())
    campaigns.close(campaign=campaign, by=city_officer(), waiver="其余的并入明年")
    return fresh(campaign)


def handed_in(task: Task, method: str = "2") -> Task:
    """A task whose form was handed in; each has a telephone of its own."""
    said, by = answers(mobile=f"1380013{task.pk:04d}"), clerk(task.place[:9])
    submit(task_id=task.pk, written=said, reasons={}, based_on=task.entries, by=by, method=method)
    return seen(task)


def approved(task: Task) -> Task:
    reviews.approve(task_id=task.pk, version=task.version, by=county_officer())
    return seen(task)


def surveyed(methods: str = "2223") -> tuple[Campaign, list[Task]]:
    """A closed campaign in which the village's four tasks were entered so (2: paper, 3: phone, -: not at all)."""
    campaign = running()
    split(campaign)
    found = tasks(campaign, place=VILLAGE)
    for task, method in zip(found, methods, strict=True):
        if method != "-":
            approved(handed_in(task, method))
    return closed(campaign), tasks(campaign, place=VILLAGE)


def sorted_volume(campaign: Campaign, marks: dict[int, str] | None = None) -> Volume:
    """The village's volume in a box, marked so; without marks everything is there."""
    volume = archiving.open_volume(campaign_id=campaign.pk, place=VILLAGE, by=clerk())
    if marks:
        archiving.mark(volume_id=volume.pk, marks=marks, by=clerk())
    else:
        archiving.mark_all(volume_id=volume.pk, by=clerk())
    return archiving.put_in_box(volume_id=volume.pk, box="石湾-01", by=clerk())


def handed_over(campaign: Campaign, forms: int = 3, marks: dict[int, str] | None = None) -> Volume:
    volume = sorted_volume(campaign, marks)
    return archiving.hand_over(volume_id=volume.pk, sheets=2, forms=forms, by=clerk())


def accepted(campaign: Campaign, forms: int = 3, marks: dict[int, str] | None = None) -> Volume:
    volume = handed_over(campaign, forms, marks)
    return archive_room.accept(volume_id=volume.pk, sheets=2, forms=forms, shelf="二号库 1 架", by=county_officer())


def second_county_officer() -> Officer:
    return who("county_officer", "440604", "second-county")


def as_it_is(volume: Volume) -> Volume:
    return Volume.objects.get(pk=volume.pk)


def fates(volume: Volume, by: Officer | None = None) -> dict[int, str]:
    """What the catalogue says of each task."""
    found = archive.opened(volume.pk, by=by or county_officer())
    return {line.row["task"].pk: line.fate for line in found.lines}


def where(task: Task) -> str:
    officer = county_officer()
    with acting(officer.area, officer):
        return archive.where_filed(seen(task))


def states(found: list[Any]) -> list[str]:
    return [seen(task).state for task in found]
