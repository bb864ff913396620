"""Any sequence of what officers do with tasks: the law's table decides, and the state is the fold of the moves made."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from canbao.core.progress import IllegalMove, after
from canbao.law.moves import read_workflows
from canbao.registry.access import Refused, working
from canbao.survey.actions import entries, reviews, splitting
from canbao.survey.balance import balance
from canbao.survey.models import Entry, Task, TaskMove
from emptying import empty_register
from survey_desk import TOWN, answers, city, city_officer, clerk, county_officer, running, surveyor

FLOW = read_workflows()["task"]
IN_A_HAND = {"assigned", "in_field"}
"""The states in which somebody has the task who can be asked about it."""
WITHOUT = {"pending", "town"}
PEOPLE = 4


class Desk(RuleBasedStateMachine):
    """A county, a town and its surveyors do what comes to their minds; `told` has the move that should come of it."""

    def __init__(self) -> None:
        super().__init__()
        self.states: dict[int, str] = {}
        self.entries = 0

    @initialize()
    def begin(self) -> None:
        empty_register()
        city(PEOPLE)
        self.campaign = running()
        self.hands = [surveyor(name=name) for name in ("甲", "乙")]
        with working():
            self.states = {task.pk: task.state for task in Task.objects.filter(place__startswith=TOWN)}

    def task(self, place: int) -> int:
        return sorted(self.states)[place % len(self.states)]

    def expect(self, task: int, move: str, do: Callable[[], object]) -> bool:
        """The table says whether a move is open; the verb does the same, and nothing where it isn't."""
        try:
            to = after(FLOW, self.states[task], move)
        except IllegalMove:
            to = ""
        try:
            done = do()
        except (IllegalMove, Refused):
            done = 0
        assert bool(done) == bool(to), (move, self.states[task])
        if to:
            self.states[task] = to
        return bool(to)

    @rule(place=st.integers(0, 9))
    def allot(self, place: int) -> None:
        task = self.task(place)
        at = self.seen(task).place
        self.expect(
            task, "allot", lambda: splitting.allot(campaign=self.campaign, tasks=[task], place=at, by=county_officer())
        )

    @rule(place=st.integers(0, 9))
    def recall(self, place: int) -> None:
        task = self.task(place)
        self.expect(task, "recall", lambda: splitting.recall(campaign=self.campaign, tasks=[task], by=county_officer()))

    @rule(place=st.integers(0, 9), hand=st.integers(0, 1))
    def assign(self, place: int, hand: int) -> None:
        task, one = self.task(place), self.hands[hand]
        move = "assign" if self.states[task] == "town" else "reassign"
        self.expect(
            task, move, lambda: splitting.assign(campaign=self.campaign, tasks=[task], surveyor=one, by=clerk())
        )

    @rule(place=st.integers(0, 9))
    def take_back(self, place: int) -> None:
        task = self.task(place)
        self.expect(task, "take_back", lambda: splitting.take_back(campaign=self.campaign, tasks=[task], by=clerk()))

    @rule(place=st.integers(0, 9))
    def collect(self, place: int) -> None:
        task = self.task(place)
        self.expect(task, "collect", lambda: entries.collect(task_id=task, by=clerk()))

    @rule(place=st.integers(0, 9))
    def submit(self, place: int) -> None:
        task = self.task(place)
        based_on = self.seen(task).entries
        move = "resubmit" if self.states[task] == "returned" else "submit"
        self.entries += self.expect(task, move, lambda: entries.submit(
            task_id=task, written=answers(mobile=f"138{task:08d}"), reasons={}, based_on=based_on, by=clerk()
        ))  # fmt: skip

    @rule(place=st.integers(0, 9))
    def withdraw(self, place: int) -> None:
        task = self.task(place)
        version = self.seen(task).version
        self.expect(task, "withdraw", lambda: entries.withdraw(task_id=task, version=version, by=clerk()))

    @rule(place=st.integers(0, 9))
    def approve(self, place: int) -> None:
        task = self.task(place)
        version = self.seen(task).version
        if self.expect(task, "approve", lambda: reviews.approve(task_id=task, version=version, by=county_officer())):
            self.states[task] = after(FLOW, "approved", "load")

    @rule(place=st.integers(0, 9))
    def send_back(self, place: int) -> None:
        task = self.task(place)
        version = self.seen(task).version
        self.expect(task, "return", lambda: reviews.return_(
            task_id=task, version=version, reasons=["missing"], words="", comments={}, by=county_officer()
        ))  # fmt: skip

    @precondition(lambda self: "loaded" in self.states.values())
    @rule(place=st.integers(0, 9))
    def reopen(self, place: int) -> None:
        task = self.task(place)
        version = self.seen(task).version
        self.expect(task, "reopen", lambda: reviews.reopen(
            task_id=task, version=version, words="本人说没有人来过", by=city_officer()
        ))  # fmt: skip

    def seen(self, task: int) -> Task:
        with working():
            return Task.objects.get(pk=task)

    @invariant()
    def states_are_folded_and_everybody_is_in_one_hand(self) -> None:
        if not self.states:
            return
        with working():
            for task in Task.objects.filter(pk__in=self.states):
                state = None
                for move in TaskMove.objects.filter(task=task).order_by("pk"):
                    state = after(FLOW, state, move.move)
                assert task.state == state == self.states[task.pk]
                assert (task.surveyor is not None) or task.state not in IN_A_HAND
                assert task.surveyor is None or task.state not in WITHOUT
            assert Entry.objects.count() == self.entries
        found = balance(self.campaign.pk, by=county_officer())
        assert found.whole.total == sum(one.total for one in found.places) == sum(one.total for one in found.surveyors)


def test_any_sequence_of_moves_is_the_law_s(register):
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=6, stateful_step_count=14, derandomize=True,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )  # fmt: skip
