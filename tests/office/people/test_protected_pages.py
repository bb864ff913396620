"""Protected people on every page: for whoever is not named the register is one in which they don't exist."""

from __future__ import annotations

import re

import pytest
from django.urls import get_resolver
from people_made import AREAS, FOSHAN, PROVINCE, SHENZHEN, Desk, Made, cover, let_in, officer, person_id, villager

from canbao.law.duties import read_duties
from canbao.registry.actions import requests
from canbao.registry.actions.corrections import ask_correction
from canbao.registry.actions.papers import File
from canbao.registry.actions.protections import ask_protection
from canbao.registry.models import Officer

DUTIES = read_duties()
CURIOUS = (
    "provincial_officer", "city_data_officer", "county_officer", "town_clerk", "village_clerk", "supervisor",
    "security_administrator", "auditor",
)  # fmt: skip
SCAN = File("公安机关来函", b"%PDF-1.7 made for tests")
REASON = "公安机关来函要求保护"
SEARCHES = ({"name": "欧阳*"}, {"name": "欧阳深藏"}, {"county": "440604", "city": "440600"})
QUIET = (
    "/conflicts/?state=all",
    "/handovers/",
    "/protections/",
    "/emergencies/",
    "/canaries/",
    "/officers/",
    "/places/",
)


def named(duty: str, area: str, account: str) -> Officer:
    """An officer of whom it is known who they are."""
    made = officer(duty, area, account)
    made.staff_number = account
    made.save()
    return made


def plain(content: bytes) -> bytes:
    """A page without what differs from request to request: tokens and the time."""
    return re.sub(rb'value="[A-Za-z0-9]{64}"|[A-Za-z0-9]{64}|\d{2}:\d{2}', b"", content)


def answers(desk: Desk, one: Made, key: int) -> dict[str, bytes]:
    """What an officer is told who looks for somebody by every way there is."""
    told = {f"search {words}": desk.look_for(**words).content for words in ({"number": one.ssn}, *SEARCHES)}
    for address in (f"/people/{key}/", f"/people/{key}/why/disposition/", f"/audit/people/{key}/", *QUIET):
        told[address] = desk.get(address).content
    told["whole"] = desk.post(f"/people/{key}/whole/", {"purpose": "counter"}).content
    told["key of a number"] = desk.post("/audit/person/", {"person": one.ssn}, follow=True).content
    told["canary"] = desk.post("/canaries/", {"person": one.ssn}, follow=True).content
    lists = desk.post("/household-lists/", {"city": "440600", "encoding": "gb18030"})
    told["household list"] = b"".join(lists.streaming_content) if lists.streaming else lists.content
    return {asked: plain(content) for asked, content in told.items()}


def known_by_alarms(asked: str) -> bool:
    """The auditor's first page has the latest alarms, among them the one that the search itself has raised."""
    return asked in ("key of a number",)


@pytest.fixture
def world(register) -> list[Made]:
    """Four people of a village, on the province's list too."""
    people = [villager(order, name) for order, name in enumerate(("欧阳明", "欧阳月", "欧阳星", "陈大文"), start=1)]
    let_in(FOSHAN, people)
    let_in(PROVINCE, people)
    return people


def officers_of_protection() -> tuple[Officer, Officer, Officer]:
    """Who may see, who asks, and who decides."""
    return (
        named("county_officer", "440604", "reader"),
        named("provincial_officer", "44", "asker"),
        named("provincial_officer", "44", "decider"),
    )


def hide(people: list[Made], one: Made, reader: Officer, asker: Officer, decider: Officer) -> None:
    """One more person comes in, with a conflict and a request, and is protected."""
    let_in(FOSHAN, [*people, one])
    let_in(PROVINCE, [*people, one])
    let_in(SHENZHEN, [Made(one.ssn, "司马深藏", {"admin_division_code": "440305"}, [cover("emp_pension", "440305")])])
    key = person_id(one.ssn)
    ask_correction(person_id=key, items={"mobile": "13900139000"}, reason=REASON, papers=[SCAN], by=asker)
    request = ask_protection(
        person_id=key, cause="witness", readers=[reader.username], until=None, reason=REASON, papers=[SCAN], by=asker
    )
    requests.approve(request=request, by=decider)


def test_no_page_tells_a_register_with_a_protected_person_from_one_without(world):
    one = villager(9, "欧阳深藏")
    key = max(person_id(each.ssn) for each in world) + 1
    reader, asker, decider = officers_of_protection()
    desks = [Desk(officer(duty, AREAS[DUTIES.duties[duty].levels[0]])).state() for duty in CURIOUS]
    desks.append(Desk(officer("city_data_officer", "4403")).state())
    for desk in desks:  # so that the second time the day's people are counted already
        answers(desk, one, key)
    before = [answers(desk, one, key) for desk in desks]
    hide(world, one, reader, asker, decider)
    assert person_id(one.ssn) == key
    for desk, was in zip(desks, before, strict=True):
        now = answers(desk, one, key)
        for asked, content in now.items():
            if asked == "/protections/" and desk.by.may("protection.approve"):
                assert b"/people/" not in content.split(b"<main", 1)[1] and one.name.encode() not in content
            elif not (desk.by.may("alarm.see") and known_by_alarms(asked)):
                assert content == was[asked], (desk.by.duty, asked)


def test_no_page_of_any_route_names_a_protected_person(world):
    one = villager(9, "欧阳深藏")
    reader, asker, decider = officers_of_protection()
    hide(world, one, reader, asker, decider)
    key = person_id(one.ssn)
    given = {"person_id": key, "id_": key, "item": "disposition"}
    patterns = [each for each in get_resolver().url_patterns[0].url_patterns if hasattr(each.callback, "permission")]
    routes = [re.sub(r"<\w+:(\w+)>", lambda found: str(given.get(found[1], 1)), str(each.pattern)) for each in patterns]
    for duty in DUTIES.duties.values():
        desk = Desk(officer(duty.id, AREAS[duty.levels[0]])).state()
        for route in routes:
            if route.startswith("sign-out"):
                continue
            answer = desk.get(f"/{route}")
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert answer.status_code < 500, (duty.id, route)
            for said in (one.name, one.ssn, "司马深藏"):
                assert said.encode() not in content, (duty.id, route)
    seen = Desk(reader).state().get(f"/people/{key}/").content.decode()
    assert one.name in seen and "受保护" in seen
