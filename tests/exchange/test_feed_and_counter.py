"""The feed tells what changed for an agreement's people, and the counter is told what was agreed and no more."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction

from canbao.registry.access import working
from canbao.registry.deeds import Note
from canbao.registry.models import Given, Partner
from canbao.registry.partners import PartnerRefused
from canbao.registry.server import PrivateServer
from canbao.registry.streams import counter
from canbao.registry.streams.feed import changes
from cleaning_desk import number
from partner_desk import agreed, partner
from push_desk import ONE, TWO, carried, cover, household, push, row
from setting_desk import put_in

GUANGZHOU = number(101)


@pytest.fixture
def foshan(register: PrivateServer) -> Partner:
    put_in("440600", household=household((ONE, "张三")))
    insurance = f"ssn,name,insurance_type,contrib_status,region_code\n{ONE},张三,res_medical,1,440104\n"
    put_in("440100", insurance=insurance)
    made = partner()
    agreed(made)
    return made


def feed(whose: Partner, after: str = "", most: int = 100) -> Any:
    return changes(whose.agreements.get(), after, most)


def asks(whose: Partner, ssn: str = ONE, name: str = "张三") -> dict[str, Any]:
    with transaction.atomic():
        return counter.look_up(whose.agreements.get(), ssn, name, purpose="counter", told_to="某某", note=Note())


def test_the_feed_tells_each_change_once_and_again_from_an_earlier_cursor(foshan: Partner) -> None:
    first = feed(foshan)
    assert [one["id"].split("-")[1] for one in first.changes] == ["1", "2"]
    push(foshan, row(cover()))
    carried(foshan)
    after = feed(foshan, first.next)
    (change,) = after.changes
    assert change["person"] == ONE and change["items"]["emp_pension_contrib_status"] == "1" and not change["gone"]
    assert feed(foshan, after.next).changes == []
    assert [one["id"] for one in feed(foshan).changes] == [one["id"] for one in (*first.changes, change)]


def test_pages_of_one_give_the_same_as_one_page(foshan: Partner) -> None:
    push(foshan, row(cover()), row(cover(TWO, "李四")))
    carried(foshan)
    at_once, one_by_one, after = feed(foshan).changes, [], ""
    for _ in range(10):
        page = feed(foshan, after, 1)
        one_by_one += page.changes
        after = page.next
    assert one_by_one == at_once


def test_nothing_appears_behind_a_reader(foshan: Partner) -> None:
    """A transaction that began earlier and ends later is waited for."""
    start = feed(foshan).next
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()")
    other = connection.copy()
    try:
        with other.cursor() as slow:
            slow.execute("BEGIN")
            slow.execute("SELECT pg_current_xact_id()")
            push(foshan, row(cover()))
            carried(foshan)
            assert feed(foshan, start).changes == []
            slow.execute("COMMIT")
        assert len(feed(foshan, start).changes) == 1
    finally:
        other.close()


def test_only_agreed_items_and_places_are_fed(foshan: Partner) -> None:
    whose = foshan.agreements.get()
    whose.shown, whose.insurance_types = ["registration", "covers"], ["emp_medical"]
    whose.save()
    told = feed(foshan).changes
    assert {item for one in told for item in one["items"]} <= {"name", "registration_status", "disposition"}
    whose.area = "440605"
    whose.save()
    assert feed(foshan).changes == []


@pytest.mark.parametrize("wrong", ["x", "1.2.3", "00000000-0000-0000-0000-000000000000.1.1.1"])
def test_a_cursor_that_is_none_or_of_another_era_is_refused(foshan: Partner, wrong: str) -> None:
    with pytest.raises(PartnerRefused) as refused:
        feed(foshan, wrong)
    assert refused.value.status == (409 if len(wrong) > 30 else 400)


def test_the_counter_is_told_cover_elsewhere_and_what_is_missing(foshan: Partner) -> None:
    shown = asks(foshan)["shown"]
    (one,) = shown["elsewhere"]
    assert one["insurance_type"]["code"] == "res_medical" and one["region"]["code"] == "440104"
    assert {"item": "mobile", "label": "手机号码"} in shown["missing"] or shown["missing"][0]["item"] == "mobile"
    assert shown["registration"]["registration_status"]["code"] == "1"
    assert Given.objects.get().service == "look_up"


def test_the_counter_is_told_of_duplicate_cover(foshan: Partner) -> None:
    push(foshan, row(cover(insurance_type="res_medical")))
    carried(foshan)
    (one,) = asks(foshan)["shown"]["duplicates"]
    assert {each["region"]["code"] for each in one["covers"]} == {"440104", "440604"} and one["basis"]


@pytest.mark.parametrize(("ssn", "name"), [(ONE, "李四"), (TWO, "张三"), ("", "张三"), (ONE, "")])
def test_nobody_is_found_by_parts(foshan: Partner, ssn: str, name: str) -> None:
    with pytest.raises(PartnerRefused) as refused:
        asks(foshan, ssn, name)
    assert (refused.value.status, str(refused.value)) == (404, counter.NOT_FOUND)
    assert not Given.objects.exists()


def test_back_fill_tells_agreed_items_of_those_who_are_there(foshan: Partner) -> None:
    push(foshan, row({"ssn": ONE, "name": "张三", "mobile": "13800138000"}, source="items"))
    carried(foshan)
    asked = [(ONE, "张三"), (TWO, "李四")]
    with transaction.atomic():
        told = counter.back_fill(foshan.agreements.get(), asked, ["mobile"], told_to="某某", note=Note())
    assert told == [
        {"number": ONE, "found": True, "items": {"mobile": "13800138000"}},
        {"number": TWO, "found": False, "items": {}},
    ]
    with pytest.raises(PartnerRefused):
        counter.back_fill(foshan.agreements.get(), asked, ["unit_no"], told_to="某某", note=Note())


def test_the_people_of_a_day_are_bounded(foshan: Partner) -> None:
    foshan.agreements.update(people_a_day=0)
    with pytest.raises(Exception, match="上限"):
        asks(foshan)
    with working():
        assert not Given.objects.exists()
