"""Asks and decides in a test's register, as two officers."""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from canbao.registry.actions import requests
from canbao.registry.actions.admission import Answers, admit_answers, withdraw_answers
from canbao.registry.actions.corrections import ask_correction
from canbao.registry.actions.merges import ask_merge, ask_undoing
from canbao.registry.actions.papers import File
from canbao.registry.actions.splits import ask_split
from canbao.registry.deeds import deed
from canbao.registry.models import Officer, Package, Request
from cities import written_city
from people_of_office import officer
from register_desk import admitted, asked

HERE = Path(mkdtemp(prefix="cities-"))
atexit.register(rmtree, HERE, ignore_errors=True)
SCAN = File("户口本", b"%PDF-1.7 made for tests")
REASON = "核对了身份证原件"
AT = datetime(2017, 7, 2, 9, tzinfo=UTC)


@cache
def cleaned(division: str, **sources: str) -> Path:
    """What a city says, cleaned once for all tests: its OUT/."""
    return written_city(Path(mkdtemp(dir=HERE)) / "city", division, **sources).out


def put_in(division: str, **sources: str) -> Package:
    """Admit what a city says."""
    return admitted(cleaned(division, **sources))


def first() -> Officer:
    """Who asks."""
    return Officer.objects.filter(username="first").first() or officer("provincial_officer", "44", "first")


def second() -> Officer:
    """Who decides."""
    return Officer.objects.filter(username="second").first() or officer("provincial_officer", "44", "second")


def key(ssn: str) -> int:
    """What statements under a number hang from."""
    return asked("SELECT person_id FROM person_identifier WHERE ssn = %s", ssn)[0]["person_id"]


def merged(keep: str, other: str) -> Request:
    """Merge, as asked and approved."""
    return approved(ask_merge(keep=key(keep), other=key(other), reason=REASON, papers=[SCAN], by=first()))


def split(ssn: str, divisions: Sequence[str], number: str = "") -> Request:
    """Split, as asked and approved."""
    return approved(
        ask_split(
            person_id=key(ssn), ssn=ssn, divisions=divisions, number=number, reason=REASON, papers=[SCAN], by=first()
        )
    )


def corrected(ssn: str, **items: str) -> Request:
    """Correct, as asked and approved."""
    return approved(ask_correction(person_id=key(ssn), items=items, reason=REASON, papers=[SCAN], by=first()))


TASKS = count(1)


def answers(person_id: int, **items: str) -> Answers:
    """What somebody has said to a surveyor."""
    return Answers(person_id, next(TASKS), items, date(2017, 7, 1), "2", "调查员甲", AT, "审核员乙", AT)


def surveyed(ssn: str, *, area: str = "44", **items: str) -> int:
    """Have answers admitted, in a deed as the survey opens one; returns their task."""
    given = answers(key(ssn), **items)
    with deed(by=first(), action="survey.approve", permission="person.see", area=area) as note:
        admit_answers(given, by=first(), note=note)
    return given.task_id


def unsurveyed(task: int) -> bool:
    """Have answers taken back."""
    with deed(by=first(), action="survey.take_back", permission="person.see", area="44") as note:
        return withdraw_answers(task, by=first(), note=note)


def undone(request: Request) -> Request:
    """Take back, as asked and approved."""
    return approved(ask_undoing(request=request, reason=REASON, by=first()))


def approved(request: Request) -> Request:
    """Have the second officer agree."""
    return requests.approve(request=request, by=second())
