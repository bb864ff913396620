"""Nobody outside the area is seen, told apart from nobody, or felt: by page, by trick, by injection, by counting."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from people_made import (
    AREAS,
    ELSEWHERE,
    SHENZHEN,
    Desk,
    Made,
    cover,
    incomer,
    let_in,
    names_of,
    officer,
    person_id,
)  # fmt: skip

from canbao.law.duties import read_duties

NOBODY = 987654321
LOOKERS = [
    (duty.id, level, area)
    for duty in read_duties().duties.values()
    for level in duty.levels
    if "person.see" in duty.may and level != "province"
    for area in (AREAS[level], ELSEWHERE[level])
]


def steady(content: bytes) -> bytes:
    """A page without what differs each time it is made: tokens against forgery, and the minute."""
    content = re.sub(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[A-Za-z0-9]+', rb"\1", content)
    return re.sub(rb"\d{4}-\d\d-\d\d \d\d:\d\d", b"", content)


def tells_of(made, content: bytes) -> list[str]:
    """What of a person an answer gives away."""
    text = content.decode()
    return [word for word in (made.ssn, made.name, made.items["mobile"], made.ssn[-4:]) if word in text]


@pytest.mark.parametrize(("duty", "level", "area"), LOOKERS)
def test_each_duty_sees_its_own_area_and_not_the_other(cities, log, duty, level, area):
    desk = Desk(officer(duty, area)).state()
    sees_own = area in AREAS.values()
    own, foreign = (cities.own, cities.foreign) if sees_own else (cities.foreign, cities.others[0])

    for id_, allowed in ((person_id(own.ssn), True), (person_id(foreign.ssn), False)):
        answers = [
            desk.get(f"/people/{id_}/"),
            desk.get(f"/people/{id_}/why/disposition/"),
            *([desk.post(f"/people/{id_}/whole/", {"purpose": "counter"})] if desk.by.may("person.unmask") else []),
        ]
        assert {answer.status_code for answer in answers} == {200 if allowed else 404}
        if not allowed:
            assert not any(tells_of(foreign, answer.content) for answer in answers)
    assert not names_of(desk.look_for(number=foreign.ssn)) and not names_of(desk.look_for(name=foreign.name))
    assert names_of(desk.look_for(number=own.ssn)) == [own.name]


@pytest.mark.parametrize("address", ["/people/{}/", "/people/{}/why/disposition/", "/people/{}/why/uninsured_reason/"])
def test_elsewhere_and_nowhere_are_the_same_bytes(cities, log, address):
    desk = Desk(officer("town_clerk", "440604012")).state()
    elsewhere, nowhere, beyond = (
        desk.get(address.format(id_)) for id_ in (cities.foreign_id, NOBODY, 99999999999999999999999)
    )
    assert [one.status_code for one in (elsewhere, nowhere, beyond)] == [404] * 3
    assert steady(elsewhere.content) == steady(nowhere.content) == steady(beyond.content)
    assert elsewhere.headers == nowhere.headers
    assert [len(one.objects) for one in log] == [0, 0, 0]


@pytest.mark.parametrize(
    "trick",
    ["/people/{}", "/people//{}/", "/people/./{}/", "/people/1/../{}/", "/people/%2e%2e/people/{}/", "/people/{};x/",
     "/people/{}%2f", "/People/{}/", "/people/{}/whole/", "/people/{}/?id={}", "/people/0{}/", "/people/+{}/",
     "/people/{}/%00", "/people/{}%0a/", "/people/%EF%BC%91{}/"],
)  # fmt: skip
def test_tricks_with_the_address_open_nothing(cities, trick):
    desk = Desk(officer("town_clerk", "440604012")).state()
    for method in ("get", "post", "put", "delete"):
        answer = getattr(desk, method)(trick.replace("{}", str(cities.foreign_id)), follow=True)
        assert answer.status_code in (400, 403, 404, 405)
        assert not tells_of(cities.foreign, answer.content)


INJECTED = (
    "' OR 1=1 --", "'; DROP TABLE person; --", '" OR ""="', "%' OR '%'='", "{{7*7}}", "<script>alert(1)</script>",
    "../../etc/passwd", "440604'--", "1 UNION SELECT ssn FROM person", "\\'; --", "${jndi:x}", "%27%20OR%201=1",
    "person__ssn__contains", "1e3", "＇ OR １＝１", "\u202e440604", "1;2",
)  # fmt: skip


@pytest.mark.parametrize("said", INJECTED)
def test_what_is_injected_is_as_inert_as_any_word(cities, said):
    desk = Desk(officer("county_officer", "440604"))
    for parameter in ("number", "name", "town", "village", "purpose", "registration_status", "disposition", "place"):
        pages = [
            desk.look_for(**{"purpose": "counter", parameter: word}).content.decode() for word in (said, "无此内容")
        ]
        found = [re.findall(r'href="/people/\d+/"', page) for page in pages]
        assert found[0] == found[1], parameter
        assert "<script>alert" not in pages[0] and "49" not in re.findall(r'value="([^"]*)"', pages[0])


@pytest.mark.parametrize("said", INJECTED)
def test_what_is_injected_in_addresses_is_inert(cities, said):
    desk = Desk(officer("county_officer", "440604")).state()
    desk.look_for()
    for address in ("/people/found/?after=", "/people/places/?town="):
        pages = [desk.get(address, {address[address.index("?") + 1 : -1]: word}) for word in (said, "无此内容")]
        assert steady(pages[0].content) == steady(pages[1].content)


def test_people_elsewhere_change_no_byte_of_an_officers_pages(cities):
    desk = Desk(officer("city_data_officer", "4406")).state()
    again = Desk(officer("county_officer", "440604")).state()
    asked = (
        lambda: desk.look_for(county="440604"),
        lambda: desk.look_for(name="令狐*"),
        lambda: desk.look_for(name="*明*"),
        lambda: desk.look_for(number=cities.foreign.ssn),
        lambda: desk.get(f"/people/{cities.own_id}/"),
        lambda: desk.get(f"/people/{cities.foreign_id}/"),
        lambda: desk.get("/conflicts/"),
        lambda: desk.get("/conflicts/77/"),
        lambda: again.look_for(registration_status="1"),
    )
    [ask() for ask in asked]
    before = [steady(ask().content) for ask in asked]
    twice = cities.own.ssn, cities.own.name

    more = [incomer(order, f"令狐明{order}") for order in range(100, 400)]
    same = Made(*twice, {"admin_division_code": "440305"}, [cover("emp_medical", "440305")])
    let_in(SHENZHEN, [same, *more])
    assert [steady(ask().content) for ask in asked] == before


def test_strangers_are_sent_to_the_door(cities):
    for address in ("/people/", "/people/found/", f"/people/{cities.own_id}/", "/conflicts/", "/household-lists/"):
        answer = Client(SERVER_NAME="localhost").get(address)
        assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/")
