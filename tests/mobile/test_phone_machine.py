"""Any sequence of what phones, lines and offices do: each action is there once, done once or kept, and nothing else."""

from __future__ import annotations

import json
from collections import Counter

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

from canbao.core.progress import IllegalMove
from canbao.registry.access import Refused, working
from canbao.survey.actions import entries, reviews, splitting
from canbao.survey.models import Draft, Entry, PhoneAction, Stream, Task, Visit
from canbao.survey.phones import devices
from emptying import empty_register
from phone_desk import Phone, bound_phone, digest, under_way
from survey_desk import answers, city, clerk, county_officer

PEOPLE = 6
PLACES = st.integers(0, 3)
FINAL = {"taken", "ignored", "dispute", "set_aside"}


class Village(RuleBasedStateMachine):
    """A surveyor with phones, a line that doubles and reorders, a town and a county that change things meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[Phone, str]] = []
        self.receipts: dict[tuple[str, str], str] = {}
        self.by_desk = 0
        self.backup: tuple[int, int] | None = None

    @initialize()
    def begin(self) -> None:
        empty_register()
        city(PEOPLE)
        self.campaign, self.one, mine = under_way()
        self.tasks = [task.pk for task in mine]
        self.phone = bound_phone()
        self.former: list[Phone] = []

    def task(self, place: int) -> int:
        return self.tasks[place % len(self.tasks)]

    def seen(self, task: int) -> Task:
        with working():
            return Task.objects.get(pk=task)

    def do(self, text: str) -> None:
        self.said.append((self.phone, text))

    @rule(place=PLACES)
    def visit(self, place: int) -> None:
        self.do(self.phone.visit(self.task(place)))

    @rule(place=PLACES, is_whole=st.booleans())
    def hand_in(self, place: int, is_whole: bool) -> None:
        task = self.task(place)
        more = {} if is_whole else {"employment_status": ""}
        self.do(self.phone.form(task, based_on=self.seen(task).entries, mobile=f"138{task:08d}", **more))

    @rule(place=PLACES, revision=st.integers(1, 5))
    def draft(self, place: int, revision: int) -> None:
        task = self.task(place)
        self.do(self.phone.draft(task, revision, based_on=self.seen(task).entries, remark=str(revision)))

    @precondition(lambda self: self.said)
    @rule(chosen=st.lists(st.integers(0, 40), min_size=1, max_size=5), is_answered=st.booleans())
    def send(self, chosen: list[int], is_answered: bool) -> None:
        """Some of what was done so far, in any order and again; the answer may be lost."""
        texts = [self.said[at % len(self.said)] for at in chosen]
        phone = texts[0][0]
        parcel = [text for of, text in texts if of is phone]
        receipts = phone.send(*dict.fromkeys(parcel), piece=200)
        assert [one["sha256"] for one in receipts] == [digest(text) for text in dict.fromkeys(parcel)]
        if is_answered:
            self._keep(phone, receipts)

    def _keep(self, phone: Phone, receipts) -> None:
        for one in receipts:
            name = (phone.device, one["sha256"])
            before = self.receipts.get(name)
            assert before not in FINAL or before == one["state"], (before, one)
            self.receipts[name] = one["state"]

    @rule()
    def contact(self) -> None:
        self.phone.contact()

    @rule()
    def back_up(self) -> None:
        self.backup = (len(self.said), self.phone.made)

    @precondition(lambda self: self.backup)
    @rule()
    def restore_an_old_backup(self) -> None:
        """What was done since is lost on the phone, and what is done now has a stream of its own."""
        self.phone.stream, self.phone.made = f"{len(self.said):032x}", 0
        self.backup = None

    @rule()
    def change_phones(self) -> None:
        code = devices.permit(surveyor=self.one, by=clerk())
        other = Phone()
        assert other.bind("surveyor-one", permit=code).status_code == 201
        self.former.append(self.phone)
        self.phone, self.backup = other, None

    @rule(place=PLACES)
    def take_back(self, place: int) -> None:
        splitting.take_back(campaign=self.campaign, tasks=[self.task(place)], by=clerk())

    @rule(place=PLACES)
    def give_again(self, place: int) -> None:
        splitting.assign(campaign=self.campaign, tasks=[self.task(place)], surveyor=self.one, by=clerk())

    @rule(place=PLACES)
    def type_at_the_desk(self, place: int) -> None:
        task = self.seen(self.task(place))
        try:
            written = answers(mobile=f"138{task.pk:08d}")
            entries.submit(task_id=task.pk, written=written, reasons={}, based_on=task.entries, by=clerk())
        except (Refused, IllegalMove):
            return
        self.by_desk += 1

    @rule(place=PLACES, is_good=st.booleans())
    def review(self, place: int, is_good: bool) -> None:
        task = self.seen(self.task(place))
        if task.state != "submitted":
            return
        if is_good:
            try:
                reviews.approve(task_id=task.pk, version=task.version, by=county_officer())
            except Refused:
                return
        else:
            reviews.return_(
                task_id=task.pk, version=task.version, reasons=["missing"], words="", comments={}, by=county_officer()
            )

    @invariant()
    def each_action_is_there_once_and_done_once_or_kept(self) -> None:
        if not self.said:
            return
        with working():
            kept = {(str(one.device.key), one.sha256): one for one in _all_actions()}
            assert kept.keys() <= {(phone.device, digest(text)) for phone, text in self.said}
            assert self.receipts.keys() <= kept.keys()
            done = Counter(one.kind for one in kept.values() if one.state == "taken")
            assert Visit.objects.count() == done["visit"]
            assert Entry.objects.count() == done["submit"] + self.by_desk
            assert Draft.objects.filter(revision__gt=0).count() <= done["draft"]
            for phone, text in self.said:
                one = kept.get((phone.device, digest(text)))
                if one is not None and one.state in ("kept", "dispute"):
                    assert one.text == text
            for stream in Stream.objects.all():
                waiting = stream.actions.filter(state="kept").exclude(seq=0).values_list("seq", flat=True)
                assert all(seq > stream.next for seq in waiting)

    def teardown(self) -> None:
        """In the end everything is sent, and all of it has come to something."""
        if not self.said:
            return
        for phone in (*self.former, self.phone):
            texts = [text for of, text in self.said if of is phone]
            if texts:
                self._keep(phone, phone.send(*texts))
        with working():
            assert {one.state for one in _all_actions()} <= FINAL
            assert len(_all_actions()) == len({json.loads(text)["id"] for _, text in self.said})


def _all_actions() -> list[PhoneAction]:
    return list(PhoneAction.objects.select_related("device"))


def test_any_sequence_keeps_every_action_once(register):
    run_state_machine_as_test(
        Village,
        settings=settings(
            max_examples=8, stateful_step_count=25, derandomize=True,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )  # fmt: skip
