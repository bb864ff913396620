"""Which tasks papers are of, and the tasks with their people."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from canbao.survey.models import Task
from canbao.survey.moving import GONE, OPEN
from canbao.survey.printing.batches import MOST, Key, Setting, Wish
from canbao.survey.summary_order import in_order
from canbao.survey.tasks import Row, own_tasks, with_people

ASSIGNED, STILL_OPEN, FAILED, BLANK = "assigned", "open", "failed", "blank"
OF_TASKS = ((ASSIGNED, "已派调查员、还没有打印分发的"), (STILL_OPEN, "所有没有办完的"), (FAILED, "走访未果的"))


def chosen(setting: Setting, wish: Wish) -> list[Key]:
    """The tasks that are meant, in the order of the summary; [0] for a blank paper."""
    if wish.which == BLANK:
        return [0]
    found = within(setting, wish.place)
    if wish.surveyor is not None:
        found = found.filter(surveyor=wish.surveyor)
    if wish.which == FAILED:
        found = found.filter(failed__gt=0)
    found = found.filter(state__in=[ASSIGNED] if wish.which == ASSIGNED else OPEN - {"submitted"})
    return [row["task"].pk for row in in_order(found.order_by("place", "pk")[: MOST + 1])]


def within(setting: Setting, place: str) -> QuerySet[Task]:
    """The campaign's tasks of a place that the officer sees."""
    found = own_tasks(setting.by).filter(campaign=setting.campaign, place__startswith=place)
    return found.exclude(state__in=GONE)


def seen(setting: Setting, keys: Sequence[Key]) -> list[Key]:
    """Those of some tasks that the officer still sees."""
    known = still_seen(setting, [key for key in keys if key])
    return [key for key in keys if not key or key in known]


def still_seen(setting: Setting, tasks: Sequence[int]) -> set[int]:
    """Which of some tasks the officer still sees, in their campaign and the batch's place."""
    found = own_tasks(setting.by).filter(campaign=setting.campaign, place__startswith=setting.place, pk__in=tasks)
    return set(found.values_list("pk", flat=True))


def still_named(setting: Setting, keys: Sequence[Key]) -> list[Key]:
    """Keys that are something with its tasks, without tasks that the officer does not see any more."""
    known = still_seen(setting, people_of_each(keys))
    return [[of, [task for task in tasks if task in known]] for of, tasks in keys]


def people_of_each(keys: Sequence[Key]) -> list[int]:
    """All tasks of such keys."""
    return [task for _, tasks in keys for task in tasks]


def people(keys: Sequence[Key]) -> list[int]:
    """The tasks whose people are named."""
    return [key for key in keys if key]


def rows_of(setting: Setting, tasks: Sequence[int]) -> list[Row]:
    """Some tasks with their people, in the order in which they are given; those that are not seen are left out."""
    found = own_tasks(setting.by).filter(pk__in=tasks).select_related("campaign", "surveyor")
    known = {row["task"].pk: row for row in with_people(list(found))}
    return [known[task] for task in tasks if task in known]
