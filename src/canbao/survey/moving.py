"""Moving tasks: the law's table says which move is open; each one is written down, and the state follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import Jsonb
from django.db.models import F
from django.utils import timezone

from canbao.core.progress import after
from canbao.law.moves import Workflow, read_workflows
from canbao.registry.access import Refused
from canbao.registry.models import Officer
from canbao.survey.models import Task, TaskMove


class Stale(Refused):
    """Somebody else has changed the task since it was looked at."""

    status = 409


def flow() -> Workflow:
    """The law's moves of a task."""
    return read_workflows()["task"]


def states_before(move: str) -> frozenset[str]:
    """The states from which a move is open."""
    return next(one.from_ for one in flow().moves if one.id == move)


def state_after(move: str) -> str:
    """The state that a move leads to."""
    return next(one.to for one in flow().moves if one.id == move)


def enterable() -> frozenset[str]:
    """The states from which a form may be handed in, for the first time or again."""
    return states_before("submit") | states_before("resubmit")


OPEN = frozenset({"pending", "town", "assigned", "in_field", "collected", "submitted", "returned"})
"""The states of a task that still has to be done."""
DONE = frozenset({"approved", "loaded", "archived"})
"""The states of a task that is approved."""
GONE = frozenset({"closed_by_data", "cancelled"})
"""The states of a task of which nobody is surveyed any more."""


def locked(task_id: int, version: int | None = None) -> Task:
    """A task, locked till the transaction ends; raises Refused if none is seen, Stale if it has changed."""
    task = Task.objects.select_for_update().filter(pk=task_id).first()
    if task is None:
        raise Refused("没有这个任务，或不在您的管辖范围内")
    if version is not None and task.version != version:
        raise Stale("这个任务刚被别人改过，您的改动没有保存；请刷新后看清楚再办")
    return task


def move(task: Task, name: str, by: Officer | None, *, note: Mapping[str, Any] | None = None, **changes: Any) -> Task:
    """Make a move with a locked task, with whatever else changes; raises IllegalMove if it is not open."""
    task.state = after(flow(), task.state, name)
    for column, value in changes.items():
        setattr(task, column, value)
    task.version += 1
    task.changed_at = timezone.now()
    task.save()
    TaskMove.objects.create(
        task=task, move=name, at=task.changed_at, by=by, surveyor=task.surveyor, place=task.place, note=dict(note or {})
    )
    return task


def move_many(
    tasks: Sequence[int], name: str, by: Officer | None, *, note: Mapping[str, Any] | None = None, **changes: Any
) -> list[int]:
    """Make one move with all of some tasks for which it is open, with whatever else changes of them.

    Returns those it was made with, in the order of their keys.
    """
    found = Task.objects.select_for_update().filter(pk__in=tasks, state__in=states_before(name)).order_by("pk")
    moved = list(found.values_list("pk", flat=True))
    if moved:
        now = timezone.now()
        Task.objects.filter(pk__in=moved).update(
            version=F("version") + 1, state=state_after(name), changed_at=now, **changes
        )
        _write_down(moved, name, by, dict(note or {}))
    return moved


def _write_down(moved: list[int], name: str, by: Officer | None, note: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO survey_taskmove (task_id, move, at, by_id, surveyor_id, place, note) "
            "SELECT id, %s, changed_at, %s, surveyor_id, place, %s FROM survey_task WHERE id = ANY(%s)",
            [name, by.pk if by else None, Jsonb(note), moved],
        )
