"""Asks and decides in a test's register, as two officers."""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from canbao.registry.actions import requests
from canbao.registry.actions.corrections import ask_correction
from canbao.registry.actions.merges import ask_merge, ask_undoing
from canbao.registry.actions.papers import File
from canbao.registry.actions.splits import ask_split
from canbao.registry.models import Officer, Package, Request
from cities import written_city
from people_of_office import officer
from register_desk import admitted, asked

HERE = Path(mkdtemp(prefix="cities-"))
atexit.register(rmtree, HERE, ignore_errors=True)
SCAN = File("户口本", b"%PDF-1.7 made for tests")
REASON = "核对了身份证原件"


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


def undone(request: Request) -> Request:
    """Take back, as asked and approved."""
    return approved(ask_undoing(request=request, reason=REASON, by=first()))


def approved(request: Request) -> Request:
    """Have the second officer agree."""
    return requests.approve(request=request, by=second())
