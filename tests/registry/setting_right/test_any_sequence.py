"""Whatever is admitted, merged, split, corrected, surveyed, moved, withdrawn, undone, in whatever order: the register
is in the end what the remaining facts and decisions alone give, its history never shrinks, and its books are right."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from made_delivery import Said, admitted
from slow_duplicates import expected, open_ones
from slow_register import REGIONS, SlowRegister

from canbao.core.place_changes import Row
from canbao.registry.access import Refused, working
from canbao.registry.actions.admission import take_out
from canbao.registry.actions.conflicts import settle
from canbao.registry.actions.packages import finish_withdrawal
from canbao.registry.actions.withdrawals import ask_withdrawal
from canbao.registry.comparing import verify
from canbao.registry.models import Conflict, Package, Request
from emptying import empty_register
from people_of_office import officer
from place_desk import in_force
from register_desk import asked
from setting_desk import (
    REASON,
    approved,
    corrected,
    first,
    key,
    merged,
    second,
    split,
    surveyed,
    undone,
    unsurveyed,
)

NUMBERS = ("440106198503030335", "440106198503030319", "440106198503030351")
VILLAGES = ("440106001001", "440604010001", "")
MOVED = {"440106001001": "440106002099"}
EXAMPLES = int(os.environ.get("CANBAO_SEQUENCES", "6"))
"""How many sequences are tried; a release tries a thousand."""

LENGTH = 12


@given(seed=st.integers(0, 1 << 32))
@settings(
    max_examples=EXAMPLES, derandomize="CANBAO_SEQUENCES" not in os.environ, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_the_register_is_what_remains(register, seed):
    empty_register()
    both, steps = Both(), [*sequence(Random(seed))]
    note(f"steps: {steps}")
    for step in steps:
        lines = both.history()
        with suppress(Refused):
            getattr(both, step[0])(*step[1:])
        assert both.history() >= lines
        both.compare()
    assert open_ones() == expected(first())
    assert verify(records=True, facts=True).faults == []


def sequence(dice: Random) -> Iterator[tuple[Any, ...]]:
    """Steps as they may happen: more packages than anything else, and whatever was done often undone."""
    yield "admit", "440100", _said(dice)
    yield "admit", "440300", _said(dice)
    for _ in range(LENGTH):
        kind = dice.choices([*_STEPS], [weight for weight, _ in _STEPS.values()])[0]
        yield kind, *_STEPS[kind][1](dice)


def _said(dice: Random) -> dict[str, Said]:
    return {ssn: _of_one(dice) for ssn in NUMBERS if dice.random() < 0.8}


def _of_one(dice: Random) -> Said:
    name = dice.choices(("样例甲", "样例乙"), (3, 1))[0]
    return Said(name, dice.choice(VILLAGES), dice.choice(("", "1", "3")), dice.choice(("某路1号", "某路2号")))


_STEPS: dict[str, tuple[float, Callable[[Random], tuple[Any, ...]]]] = {
    "admit": (5, lambda dice: (dice.choice([*REGIONS]), _said(dice))),
    "merge": (2, lambda dice: (dice.sample(NUMBERS, 2),)),
    "split": (1, lambda dice: (dice.choice(NUMBERS), dice.choice([*REGIONS]), dice.choice(("", *NUMBERS)))),
    "correct": (1, lambda dice: (dice.choice(NUMBERS), dice.choice(CHANGES))),
    "survey": (1.5, lambda dice: (dice.choice(NUMBERS), dice.choice(ANSWERS))),
    "unsurvey": (0.5, lambda dice: (dice.randrange(3),)),
    "withdraw": (3, lambda dice: (dice.choice([*REGIONS]),)),
    "undo": (2, lambda dice: (dice.randrange(3),)),
    "settle": (1, lambda dice: (0,)),
    "move": (0.5, lambda dice: ()),
}
ANSWERS: tuple[dict[str, str], ...] = (
    {"uninsured_reason": "Z1"}, {"employment_status": "1", "uninsured_reason": "20", "residence_address": "某路8号"},
    {"employment_status": "2", "no_unit_type": "4"}, {"residence_address": "某路9号"},
)  # fmt: skip
CHANGES = (("name", "样例乙"), ("name", "样例丙"), ("hukou_address", "某路3号"))


class Both:
    """The register and the slow one, side by side; a step that the register refuses leaves both as they are."""

    def __init__(self) -> None:
        self.slow = SlowRegister()
        self.made: list[tuple[str, Request, Any]] = []
        self.packages: dict[str, list[Package]] = {}
        self.tasks: list[tuple[int, str]] = []
        first(), second()

    def admit(self, division: str, said: dict[str, Said]) -> None:
        said = {ssn: one for ssn, one in said.items() if one.village or (one.contrib and division != "440000")}
        package = admitted(division, REGIONS[division], said, first())
        self.packages.setdefault(division, []).append(package)
        self.slow.packages.append((package.pk, division, said))

    def merge(self, numbers: list[str]) -> None:
        keep, other = (self.slow.root(self._known(ssn)) for ssn in numbers[:2])
        request = merged(keep, other)
        self.slow.into[other] = keep
        self.made.append(("merge", request, other))

    def split(self, ssn: str, division: str, number: str) -> None:
        request = split(self._known(ssn), [division], number)
        temporary = self._apart(request)
        self.slow.apart[division, ssn] = temporary
        if number:
            self.slow.into[temporary] = self.slow.root(number)
        self.made.append(("split", request, (division, ssn, temporary)))

    def correct(self, ssn: str, change: tuple[str, str]) -> None:
        root = self.slow.root(self._known(ssn))
        item, value = change
        was = asked(f"SELECT {item} FROM person WHERE id = %s", key(root))[0][item]
        request = corrected(root, **{item: value})
        self.slow.corrections[root, item] = (value, was)
        self.made.append(("correct", request, (root, item, (value, was))))

    def survey(self, ssn: str, items: dict[str, str]) -> None:
        root = self.slow.root(self._known(ssn))
        self.tasks.append((surveyed(ssn, **items), root))
        self.slow.answers.pop(root, None)
        self.slow.answers[root] = items

    def unsurvey(self, which: int) -> None:
        if which < len(self.tasks):
            task, root = self.tasks[which]
            is_last = [one for one, whose in self.tasks if whose == root][-1] == task
            if unsurveyed(task):
                assert is_last
                del self.slow.answers[root]

    def undo(self, which: int) -> None:
        if which < len(self.made):
            kind, request, what = self.made[which]
            undone(request)
            getattr(self, f"_undo_{kind}")(what)

    def withdraw(self, division: str) -> None:
        if self.packages.get(division):
            package = self.packages[division][-1]
            approved(ask_withdrawal(package=package, reason=REASON, by=first()))
            take_out(package=package, by=second())
            finish_withdrawal(package=package, by=second())
            self.packages[division].pop()
            self.slow.packages = [one for one in self.slow.packages if one[0] != package.pk]

    def settle(self, which: int) -> None:
        with working():
            found = list(Conflict.objects.filter(state="open", kind="name").order_by("pk"))
        if which < len(found):
            conflict, area = found[which], found[which].division_code[:4]
            by = officer("city_data_officer", area, f"settler-{conflict.pk}")
            settle(conflict=conflict, decision="same", reason=REASON, by=by)
            self.slow.same.add((self._ssn(conflict.person_id), conflict.division_code, conflict.other_name))

    def move(self) -> None:
        in_force("transfer", *(Row(old, new) for old, new in MOVED.items()))
        self.slow.moved |= MOVED

    def compare(self) -> None:
        """Every person's record is what the slow register says; a number that is another one's is in no list."""
        rows = asked(
            "SELECT (SELECT count(*) FROM person_fact) AS facts, (SELECT count(*) FROM evidence) AS evidence, "
            "(SELECT count(*) FROM insurance_fact) AS covers"
        )
        assert rows == [self.slow.rows()]
        found = asked(
            "SELECT person.*, known.ssn AS number FROM person_identifier AS known LEFT JOIN person ON id = person_id "
            "ORDER BY person_id"
        )
        self.slow.order = [record["number"] for record in found]
        records = {record["number"]: record for record in found}
        for holder in self.slow.holders():
            self._compare(holder, records[holder])

    def _compare(self, holder: str, record: dict[str, Any]) -> None:
        expected = self.slow.record(holder) if holder not in self.slow.into else None
        if holder in self.slow.into:
            assert (record["home"], record["name"]) == ("", None), holder
        elif expected is None:
            assert record["registration_status"] is None, holder
        else:
            record["areas"] = {*record["areas"].strip("|").split("|")}
            assert {item: record[item] for item in expected} == expected, holder
            assert record["ssn"] == holder

    def history(self) -> int:
        return asked("SELECT count(*) AS many FROM history")[0]["many"]

    def _known(self, ssn: str) -> str:
        """A number that the register has; raises Refused for another, as a page would not find it."""
        if not asked(
            "SELECT * FROM person JOIN person_identifier ON person_id = id WHERE person_identifier.ssn = %s", ssn
        ):
            raise Refused("没有这个号码")
        return ssn

    def _apart(self, request: Request) -> str:
        return self._ssn(
            asked("SELECT person_id FROM registry_assignment WHERE request_id = %s", request.pk)[0]["person_id"]
        )

    def _ssn(self, number: int) -> str:
        return asked("SELECT ssn FROM person_identifier WHERE person_id = %s", number)[0]["ssn"]

    def _undo_merge(self, other: str) -> None:
        del self.slow.into[other]

    def _undo_split(self, what: tuple[str, str, str]) -> None:
        division, ssn, temporary = what
        del self.slow.apart[division, ssn]
        self.slow.into.pop(temporary, None)

    def _undo_correct(self, what: tuple[str, str, tuple[str, str | None]]) -> None:
        root, item, _ = what
        del self.slow.corrections[root, item]


HOME, COVER, ENDED = Said("样例甲", VILLAGES[0]), Said("样例甲", "", "1"), Said("样例甲", "", "3")


OTHERWISE, ELSEWHERE = Said("样例乙", "", "1"), Said("样例乙", VILLAGES[1])
TOLD: dict[str, tuple[tuple[Any, ...], ...]] = {
    "demonstration": (
        ("admit", "440100", {NUMBERS[0]: HOME}), ("admit", "440300", {NUMBERS[1]: COVER}), ("merge", [*NUMBERS]),
        ("admit", "440300", {NUMBERS[1]: ENDED}), ("move",), ("withdraw", "440300"), ("undo", 0),
        ("withdraw", "440100"),
    ),
    "whose name was held against others goes": (
        ("admit", "440300", {NUMBERS[0]: COVER}), ("admit", "440100", {NUMBERS[0]: OTHERWISE}), ("settle", 0),
        ("admit", "440600", {NUMBERS[0]: HOME}), ("admit", "440300", {}),
    ),
    "whose name is let in is held against others": (
        ("admit", "440300", {NUMBERS[0]: HOME}), ("admit", "440000", {NUMBERS[0]: ELSEWHERE}),
        ("admit", "440100", {NUMBERS[0]: COVER}), ("settle", 0),
    ),
    "surveyed under two numbers": (
        ("admit", "440100", {NUMBERS[0]: HOME, NUMBERS[1]: HOME}), ("survey", NUMBERS[0], ANSWERS[0]),
        ("survey", NUMBERS[1], ANSWERS[1]), ("merge", NUMBERS[:2]), ("unsurvey", 0),
        ("admit", "440300", {NUMBERS[0]: COVER}), ("survey", NUMBERS[1], ANSWERS[2]), ("undo", 0),
        ("withdraw", "440300"), ("unsurvey", 1),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_sequences_that_were_wrong_once_or_are_shown(register, name):
    both = Both()
    for step in TOLD[name]:
        getattr(both, step[0])(*step[1:])
        both.compare()
