"""Finding people: by number, name and place, within the own area and the day's quota, for a purpose, on the log."""

from __future__ import annotations

import dataclasses

import pytest
from people_made import FOSHAN, Desk, let_in, names_of, next_page, officer, villager

from canbao.law import duties
from canbao.law.reader import read_law
from canbao.registry import lookup
from canbao.registry.access import Refused


@pytest.fixture
def clerk(cities) -> Desk:
    return Desk(officer("town_clerk", "440604012"))


def test_a_number_is_found_and_shown_masked(clerk, cities):
    page = clerk.look_for(number=cities.own.ssn).content.decode()
    assert "欧阳明月" in page and cities.own.ssn[:3] + "*" * 11 + cities.own.ssn[-4:] in page
    assert cities.own.ssn not in page.split("查询结果")[1] and cities.own.items["mobile"] not in page


def test_an_old_number_of_fifteen_digits_finds_the_same_person(clerk, cities):
    old = cities.own.ssn[:6] + cities.own.ssn[8:17]
    assert "欧阳明月" in clerk.look_for(number=old).content.decode()


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("欧阳明月", {"欧阳明月"}),
        ("欧阳*", {"欧阳明月", "欧阳明"}),
        ("*小*", {"李小满"}),
        ("欧 阳 明", {"欧阳明"}),
        ("欧阳", set()),
    ],
)
def test_a_name_is_found_whole_or_by_a_part(clerk, written, found):
    answer = clerk.look_for(name=written)
    assert set(names_of(answer)) == found


def test_a_name_of_stars_alone_is_asked_again(clerk):
    assert "至少写一个字" in clerk.look_for(name="**").content.decode()


def test_a_place_lists_its_people_and_codes_sift_them(clerk, cities):
    assert len(names_of(clerk.look_for(village="440604012001"))) == 5
    assert names_of(clerk.look_for(village="440604012001", registration_status="1")) == ["欧阳明月"]


def test_a_city_must_name_a_county(cities, log):
    desk = Desk(officer("city_data_officer", "4406"))
    assert "县（市、区）以下" in desk.look_for().content.decode()
    assert not [one for one in log if one.action == "person.search"]
    assert len(names_of(desk.look_for(county="440604"))) == 5


def test_a_long_list_comes_in_pages(register):
    let_in(FOSHAN, [villager(order, f"区家{order}") for order in range(1, 121)])
    desk = Desk(officer("county_officer", "440604"))
    answer, seen = desk.look_for(), []
    while True:
        seen += names_of(answer)
        if not next_page(answer):
            break
        answer = desk.get(f"/people/found/{next_page(answer)}")
    assert len(seen) == len(set(seen)) == 120


def test_each_look_up_is_on_the_log_with_purpose_and_people(clerk, cities, log):
    clerk.look_for(purpose="objection", number=cities.own.ssn)
    entry = next(one for one in log if one.action == "person.search")
    assert (entry.purpose, entry.decision, entry.objects) == ("objection", "allowed", (f"person:{cities.own_id}",))
    assert cities.own.ssn not in repr(entry)


def test_nothing_personal_is_in_an_address(clerk, cities):
    answer = clerk.look_for(number=cities.own.ssn, name="欧阳明月")
    assert answer.redirect_chain == [("/people/found/", 302)]


def test_without_a_purpose_nothing_is_looked_up(clerk, cities, log):
    clerk.post("/people/", {"number": cities.own.ssn})
    assert clerk.get("/people/found/").status_code == 302
    assert log == []


def test_the_day_has_a_quota_of_people(register, monkeypatch, log):
    known = duties.read_duties()
    few = known.duties | {"village_clerk": known.duties["village_clerk"].model_copy(update={"people_a_day": 2})}
    monkeypatch.setattr("canbao.registry.quotas.read_duties", lambda: dataclasses.replace(known, duties=few))
    let_in(FOSHAN, [villager(order, f"区家{order}") for order in range(1, 4)])
    desk = Desk(officer("village_clerk", "440604012001"))
    for order in (1, 2, 1):
        assert desk.look_for(name=f"区家{order}").status_code == 200
    refused = desk.look_for(name="区家3")
    assert refused.status_code == 403 and "已到上限" in refused.content.decode()
    assert villager(3).ssn not in refused.content.decode()
    assert [(one.action, one.decision) for one in log[-2:]] == [
        ("person.search", "refused"),
        ("alarm.beyond", "allowed"),
    ]
    assert desk.look_for(name="区家2").status_code == 200


def test_only_places_of_the_own_area_can_be_chosen(clerk):
    steps = clerk.get("/people/places/?town=440305001&village=440305001001").content.decode()
    assert "440305" not in steps and 'value="440604012001"' in steps


def test_places_are_chosen_step_by_step(cities):
    desk = Desk(officer("provincial_officer", "44"))
    assert 'name="county"' not in desk.get("/people/places/").content.decode()
    steps = desk.get("/people/places/?city=440600&county=440604").content.decode()
    assert 'value="440604012"' in steps and 'value="440604" selected' in steps
    assert 'name="town"' in desk.get("/people/places/?city=441900").content.decode()


def test_nobody_sifts_by_what_is_masked_for_them(cities, log):
    helper, clerk = Desk(officer("village_clerk", "440604012001")), Desk(officer("town_clerk", "440604012"))
    assert 'name="uninsured_reason"' not in helper.get("/people/").content.decode()
    assert 'name="uninsured_reason"' in clerk.get("/people/").content.decode()
    reasons = {code.code for code in read_law().codes["uninsured_reason"].codes}
    found = [names_of(helper.look_for(uninsured_reason=reason)) for reason in sorted(reasons)]
    assert all(names == found[0] for names in found)
    log.clear()
    for asked in (lookup.people, lookup.exported):
        with pytest.raises(Refused, match=r"不能按未参保原因筛选|不能导出"):
            asked(lookup.Question(codes={"uninsured_reason": "01"}), by=helper.by, purpose="counter")
    assert [one.decision for one in log] == ["refused", "refused"]


def test_the_log_has_by_what_people_were_sifted_and_not_the_value(cities, clerk, log):
    clerk.look_for(uninsured_reason="30")
    assert log[-1].details["filters"] == ["uninsured_reason"] and "30" not in str(log[-1].details["filters"])
