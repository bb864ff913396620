"""Whatever is pushed, in whatever order and pieces, between packages of whatever day that come and go, merges, splits,
corrections: the register is what the remaining packages and rows give, and its books are right."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from made_delivery import Said, admitted
from slow_register import REGIONS
from slow_stream import Row, SlowStream
from test_any_sequence import NUMBERS, VILLAGES, Both

from canbao.registry.access import Refused, working
from canbao.registry.actions.admission import take_out
from canbao.registry.actions.admission.changes import carry_out
from canbao.registry.actions.packages import finish_withdrawal
from canbao.registry.actions.withdrawals import ask_withdrawal
from canbao.registry.comparing import verify
from canbao.registry.models import Partner
from canbao.registry.streams.keeping import keep
from emptying import empty_register
from partner_desk import agreed, partner
from register_desk import asked
from setting_desk import REASON, approved, first, second

EXAMPLES = int(os.environ.get("CANBAO_PUSHES", "5"))
"""How many sequences are tried; a release tries a thousand."""
LENGTH = 16
DAYS = (date(2017, 6, 30), date(2025, 12, 31), date(2026, 2, 28), date(2026, 4, 30))
BEGIN = datetime(2025, 12, 1, tzinfo=UTC)
PLACES = {"440100": ("440106", "440104"), "440300": ("440304", "440303"), "440600": ("440604", "440605")}
PARTNERS = {
    "guangzhou": ("insurance", "440100"), "shenzhen": ("insurance", "440300"), "foshan": ("insurance", "440600"),
    "foshan-labour": ("labour", "440600"), "foshan-counter": ("counter", "440600"),
}  # fmt: skip
SUBJECTS = {
    "insurance": ("cover", "cover", "cover", "retirement", "item:mobile"), "labour": ("retirement", "item:mobile"),
    "counter": ("item:mobile",),
}  # fmt: skip


@given(seed=st.integers(0, 1 << 32))
@settings(
    max_examples=EXAMPLES, derandomize="CANBAO_PUSHES" not in os.environ, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_the_register_is_what_remains(register, seed):
    empty_register()
    note(f"seed: {seed}")
    both = Pushed()
    run(both, sequence(Random(seed)))
    assert verify(records=True, facts=True).faults == []


def run(both: Pushed, steps: Iterator[tuple[Any, ...]]) -> None:
    for step in steps:
        note(f"step: {step}")
        with suppress(Refused):
            getattr(both, step[0])(*step[1:])
        both.compare()


def sequence(dice: Random) -> Iterator[tuple[Any, ...]]:
    """Steps as they may happen: pushes and packages more than anything else."""
    for _ in range(LENGTH):
        kind = dice.choices([*_STEPS], [weight for weight, _ in _STEPS.values()])[0]
        yield kind, *_STEPS[kind][1](dice)


def _said(dice: Random) -> dict[str, Said]:
    return {ssn: _of_one(dice) for ssn in NUMBERS if dice.random() < 0.7}


def _of_one(dice: Random) -> Said:
    return Said(
        "样例甲", dice.choice((*VILLAGES, "")), dice.choice(("", "1", "3")), dice.choice(("某路1号", "某路2号"))
    )


def _told(dice: Random) -> tuple[Any, ...]:
    """A row as a test writes it: whose, about whom, what, when."""
    code = dice.choice([*PARTNERS])
    kind, division = PARTNERS[code]
    subject = dice.choice(SUBJECTS[kind])
    if subject == "cover":
        subject = f"insurance:emp_pension:{dice.choice(PLACES[division])}"
    value = f"1380000{dice.randrange(10_000):04}" if subject == "item:mobile" else dice.choice("123")
    name = dice.choices(("样例甲", "样例丙"), (12, 1))[0]
    return code, dice.choice(NUMBERS), name, subject, value, dice.random() < 0.25, dice.randrange(180 * 24)


_STEPS: dict[str, tuple[float, Callable[[Random], tuple[Any, ...]]]] = {
    "push": (6, lambda dice: ([_told(dice) for _ in range(dice.randint(1, 8))],)),
    "carry": (6, lambda dice: (dice.choice([*PARTNERS]), dice.choice((1, 2, 5, 100)))),
    "admit": (4, lambda dice: (dice.choice([*PLACES]), _said(dice), dice.choice(DAYS))),
    "repeat": (1.5, lambda dice: (dice.choice([*PLACES]), dice.choice(DAYS))),
    "withdraw": (3, lambda dice: (dice.choice([*PLACES]),)),
    "merge": (1, lambda dice: (dice.sample(NUMBERS, 2),)),
    "split": (1, lambda dice: (dice.choice(NUMBERS), dice.choice([*PLACES]), dice.choice(("", *NUMBERS)))),
    "undo": (1.5, lambda dice: (dice.randrange(3),)),
    "correct": (0.5, lambda dice: (dice.choice(NUMBERS), ("hukou_address", "某路3号"))),
}


class Pushed(Both):
    """The register and the slow one, with partners of three cities."""

    def __init__(self) -> None:
        super().__init__()
        self.slow = SlowStream()
        self.partners: dict[str, Partner] = {}
        self.said: dict[str, dict[str, Said]] = {}
        self.seq = 0
        for code, (kind, division) in PARTNERS.items():
            self.partners[code] = partner(code, kind, division, division[:4])
            agreed(self.partners[code])

    def push(self, told: list[tuple[Any, ...]]) -> None:
        for code, ssn, name, subject, value, ends, hours in told:
            self.seq += 1
            kept = self._row(code, ssn, name, subject, value, ends, hours)
            self.slow.waiting.append(kept)
            whose = self.partners[code]
            with working():
                (answer,) = keep(whose, whose.agreements.get(), [_written(kept)])
            assert answer.state == "kept", answer.says

    def _row(self, code: str, ssn: str, name: str, subject: str, value: str, ends: bool, hours: int) -> Row:
        whose, (kind, division) = self.partners[code], PARTNERS[code]
        rank = {"insurance": 3, "labour": 3, "counter": 4}[kind]
        at = BEGIN + timedelta(hours=hours)
        return Row(ssn, name, at, self.seq, subject, value, ends, whose.pk, division, rank, whose.stream_id)

    def carry(self, code: str, piece: int) -> None:
        while carry_out(self.partners[code], piece).counts:
            pass
        self.slow.carry(self.partners[code].pk)

    def admit(self, division: str, said: dict[str, Said], day: date) -> None:
        said = {ssn: one for ssn, one in said.items() if one.village or one.contrib}
        package = admitted(division, REGIONS[division], said, first(), day)
        self.packages.setdefault(division, []).append(package)
        self.slow.events.append(("package", package.pk, division, day, said))
        self.slow.day = max(self.slow.day, day)
        self.said[division] = said

    def repeat(self, division: str, day: date) -> None:
        """A package of another day that says the same."""
        self.admit(division, self.said.get(division, {}), day)

    def withdraw(self, division: str) -> None:
        if self.packages.get(division):
            package = self.packages[division].pop()
            approved(ask_withdrawal(package=package, reason=REASON, by=first()))
            take_out(package=package, by=second())
            finish_withdrawal(package=package, by=second())
            self.slow.events = [one for one in self.slow.events if one[0] == "row" or one[1] != package.pk]

    def compare(self) -> None:
        super().compare()
        waiting = asked(
            "SELECT count(*) AS many FROM inbox WHERE state IN ('kept', 'aside') AND says NOT LIKE '姓名%%'"
        )
        assert waiting[0]["many"] == len(self.slow.waiting)


def _written(row: Row) -> dict[str, Any]:
    kind, _, rest = row.subject.partition(":")
    said = {"ssn": row.ssn, "name": row.name}
    if kind == "insurance":
        said |= {"insurance_type": "emp_pension", "contrib_status": row.value, "region_code": rest.split(":")[1]}
    if kind == "item":
        said["mobile"] = row.value
    source = {"insurance": "insurance", "item": "items"}.get(kind, kind)
    return {
        "id": f"r{row.seq}", "seq": row.seq, "at": row.at.isoformat(), "source": source, "ends": row.ends, "row": said,
    }  # fmt: skip
