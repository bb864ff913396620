"""Splitting: a county allots to towns, a town to villages and surveyors; reassigning and taking back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Count, QuerySet

from canbao.registry.access import Refused, covers
from canbao.registry.deeds import Note, deed
from canbao.registry.models import Officer
from canbao.registry.places_now import places
from canbao.survey.models import Campaign, Surveyor, Task
from canbao.survey.moving import OPEN, move_many
from canbao.survey.splitting import Hand, spread
from canbao.survey.surveyors import require_fit
from canbao.survey.tasks import own_campaign

SPLIT_IN = ("prepared", "announced", "running")
"""The states of a campaign in which its tasks are split."""


def allot_by_place(*, campaign: Campaign, by: Officer) -> int:
    """Give each waiting task of the area to the town it lies in; returns how many. What has no town stays."""
    with deed(by=by, action="task.allot", permission="task.allot") as note:
        waiting = _chosen(campaign, by, "pending")
        known = [task for task, place in waiting.values_list("pk", "place") if len(place) >= 9]
        return _noted(note, campaign, move_many(known, "allot", by))


def allot(*, campaign: Campaign, tasks: Sequence[int], place: str, by: Officer) -> int:
    """Give some waiting tasks to a town or village of the county, whatever their place was."""
    with deed(by=by, action="task.allot", permission="task.allot") as note:
        _require_place(place, by, 9)
        waiting = _chosen(campaign, by, "pending").filter(pk__in=tasks, place__startswith=place[:6])
        own = [task for task, was in waiting.values_list("pk", "place") if was.startswith(place)]
        others = [task for task in waiting.values_list("pk", flat=True) if task not in set(own)]
        moved = [*move_many(own, "allot", by), *move_many(others, "allot", by, place=place)]
        return _noted(note, campaign, moved)


def recall(*, campaign: Campaign, tasks: Sequence[int], by: Officer) -> int:
    """Take tasks back to the county, from whoever has them."""
    with deed(by=by, action="task.recall", permission="task.allot") as note:
        chosen = _chosen(campaign, by).filter(pk__in=tasks)
        return _noted(note, campaign, move_many(list(chosen.values_list("pk", flat=True)), "recall", by, surveyor=None))


def place_tasks(*, campaign: Campaign, tasks: Sequence[int], place: str, by: Officer) -> int:
    """Say in which village tasks are that a town has."""
    with deed(by=by, action="task.place", permission="task.assign") as note:
        _require_place(place, by, 12)
        chosen = _chosen(campaign, by, "town").filter(pk__in=tasks)
        return _noted(note, campaign, move_many(list(chosen.values_list("pk", flat=True)), "place", by, place=place))


def assign(*, campaign: Campaign, tasks: Sequence[int], surveyor: Surveyor, by: Officer) -> int:
    """Give tasks to a surveyor: those that a town has, and those that another surveyor has not finished."""
    with deed(by=by, action="task.assign", permission="task.assign") as note:
        require_fit(surveyor, by)
        chosen = list(_chosen(campaign, by).filter(pk__in=tasks).values_list("pk", flat=True))
        moved = [
            *move_many(chosen, "reassign", by, surveyor=surveyor),
            *move_many(chosen, "assign", by, surveyor=surveyor),
        ]
        note.objects.append(f"surveyor:{surveyor.pk}")
        return _noted(note, campaign, moved)


def take_back(*, campaign: Campaign, tasks: Sequence[int], by: Officer) -> int:
    """Take unfinished tasks back from surveyors to the town."""
    with deed(by=by, action="task.take_back", permission="task.assign") as note:
        chosen = list(_chosen(campaign, by).filter(pk__in=tasks).values_list("pk", flat=True))
        return _noted(note, campaign, move_many(chosen, "take_back", by, surveyor=None))


def proposed(*, campaign: Campaign, surveyors: Sequence[Surveyor], by: Officer) -> dict[int, list[int]]:
    """How a town's waiting tasks would be spread evenly among some surveyors, by surveyor; nothing is changed."""
    with deed(by=by, action="task.propose", permission="task.assign") as note:
        note.objects.append(f"campaign:{campaign.pk}")
        return _spread(campaign, surveyors, by)


def assign_evenly(*, campaign: Campaign, surveyors: Sequence[Surveyor], by: Officer) -> Mapping[int, int]:
    """Spread a town's waiting tasks evenly among some surveyors; returns how many each one got."""
    with deed(by=by, action="task.assign", permission="task.assign") as note:
        for surveyor in surveyors:
            require_fit(surveyor, by)
        given = _spread(campaign, surveyors, by)
        known = {one.pk: one for one in surveyors}
        moved = {one: move_many(tasks, "assign", by, surveyor=known[one]) for one, tasks in given.items()}
        _noted(note, campaign, [task for tasks in moved.values() for task in tasks])
        return {one: len(tasks) for one, tasks in moved.items()}


def _spread(campaign: Campaign, surveyors: Sequence[Surveyor], by: Officer) -> dict[int, list[int]]:
    waiting = _chosen(campaign, by, "town").order_by("place", "pk").values_list("pk", "place")
    loads = dict(
        Task.objects.filter(campaign=campaign, surveyor__in=surveyors)
        .filter(state__in=OPEN)
        .values_list("surveyor")
        .annotate(many=Count("pk"))
    )
    return spread(list(waiting), [Hand(one.pk, one.place, loads.get(one.pk, 0)) for one in surveyors])


def _chosen(campaign: Campaign, by: Officer, state: str = "") -> QuerySet[Task]:
    running = own_campaign(campaign.pk, by)
    if running.state not in SPLIT_IN:
        raise Refused("这个批次现在不能分派任务")
    found = Task.objects.filter(campaign=running, place__startswith=by.area)
    return found.filter(state=state) if state else found


def _require_place(place: str, by: Officer, finest: int) -> None:
    if not covers(by.area, place) or place not in places().by_code or len(place) < finest:
        raise Refused("请选择本辖区内的街道（乡镇）或社区（村）")


def _noted(note: Note, campaign: Campaign, moved: Sequence[int]) -> int:
    note.objects.append(f"campaign:{campaign.pk}")
    note.objects.extend(f"task:{one}" for one in sorted(moved)[:100])
    note.details.update(tasks=len(moved))
    return len(moved)
