"""Two officers at one task at the same moment: one of them makes the move, the other is told, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from canbao.core.progress import IllegalMove
from canbao.registry.access import Refused, working
from canbao.survey.actions import entries, reviews, splitting
from canbao.survey.models import Entry, TaskMove
from survey_desk import TOWN, answers, clerk, county_officer, entered, running, seen, split, surveyor, tasks, who


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Do several things at the same moment; gives how each ended: done, or the kind of its refusal."""
    gate = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> str:
        try:
            gate.wait()
            deed()
        except (Refused, IllegalMove) as refusal:
            return type(refusal).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(do, deeds))


@pytest.fixture
def task(people):
    campaign = running()
    split(campaign)
    return tasks(campaign)[0]


def moves_of(task, name: str) -> int:
    with working():
        return TaskMove.objects.filter(task=task, move=name).count()


def test_two_clerks_hand_in_one_form(task):
    first, second = clerk(), who("town_clerk", TOWN, "second-clerk")
    hand_in = [
        lambda by=by, place=place: entries.submit(
            task_id=task.pk, written=answers(residence_address=f"某路{place}号"), reasons={}, based_on=0, by=by
        )
        for place, by in enumerate((first, second))
    ]
    assert at_once(*hand_in) == ["Stale", "done"]
    with working():
        assert Entry.objects.filter(task=task).count() == 1


def test_one_approves_while_another_sends_back(task):
    task, one, other = entered(task), county_officer(), who("county_officer", "440604", "second-county")
    ends = at_once(
        lambda: reviews.approve(task_id=task.pk, version=task.version, by=one),
        lambda: reviews.return_(
            task_id=task.pk, version=task.version, reasons=["missing"], words="", comments={}, by=other
        ),
    )
    assert ends == ["Stale", "done"]
    assert moves_of(task, "approve") + moves_of(task, "return") == 1
    assert seen(task).state in ("loaded", "returned")


def test_two_clerks_give_one_task_to_two_surveyors(task):
    hands = [surveyor(name="乙"), surveyor(name="丙")]
    second = who("town_clerk", TOWN, "second-clerk")
    ends = at_once(
        *(
            lambda by=by, hand=hand: splitting.assign(campaign=task.campaign, tasks=[task.pk], surveyor=hand, by=by)
            for by, hand in zip((clerk(), second), hands, strict=True)
        )
    )
    assert ends == ["done", "done"] and seen(task).surveyor in hands and moves_of(task, "reassign") == 2
