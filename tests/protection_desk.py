"""Protects people in a test's register, as asked by one officer and approved by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from canbao.registry.actions import requests
from canbao.registry.actions.papers import File
from canbao.registry.actions.protections import ask_protection
from canbao.registry.models import Officer, Request
from people_of_office import officer
from register_desk import asked

SCAN = File("公安机关来函", b"%PDF-1.7 made for tests")
REASON = "公安机关来函要求保护"


def found_or_made(duty: str, area: str, name: str) -> Officer:
    """An officer by account."""
    return Officer.objects.filter(username=name).first() or officer(duty, area, name)


def asker() -> Officer:
    """Who asks."""
    return found_or_made("provincial_officer", "44", "asker")


def decider() -> Officer:
    """Who decides, and need not be among those who see."""
    return found_or_made("provincial_officer", "44", "decider")


def reader() -> Officer:
    """Who may see."""
    return found_or_made("city_data_officer", "4406", "reader")


def key(ssn: str) -> int:
    """The key of a number."""
    return asked("SELECT person_id FROM person_identifier WHERE ssn = %s", ssn)[0]["person_id"]


def asked_for(ssn: str, readers: Sequence[Officer] = (), until: date | None = None) -> Request:
    """Ask that a person be protected."""
    return ask_protection(
        person_id=key(ssn), cause="witness", readers=[one.username for one in readers or [reader()]], until=until,
        reason=REASON, papers=[SCAN], by=asker(),
    )  # fmt: skip


def protected(ssn: str, readers: Sequence[Officer] = (), until: date | None = None) -> Request:
    """Protect a person."""
    return approved(asked_for(ssn, readers, until))


def approved(request: Request) -> Request:
    """Have the second officer agree."""
    return requests.approve(request=request, by=decider())
