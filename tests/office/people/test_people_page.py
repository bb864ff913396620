"""One person: a purpose first, masks, reasons with clause and rows, history, cover elsewhere, and the whole once."""

from __future__ import annotations

import time

import pytest
from people_made import FOSHAN, SHENZHEN, Desk, cover, let_in, officer, person_id, villager

from canbao.law.duties import read_duties
from canbao.law.reader import read_law
from canbao.office.people.showing import show

SECRET = ("ssn", "mobile")


@pytest.fixture
def clerk(cities) -> Desk:
    return Desk(officer("town_clerk", "440604012")).state()


def read(desk: Desk, cities, tail: str = "", **more: object) -> str:
    return desk.get(f"/people/{cities.own_id}/{tail}", **more).content.decode()


def test_a_purpose_comes_first_and_lasts_half_an_hour(cities, log):
    desk = Desk(officer("town_clerk", "440604012"))
    address = f"/people/{cities.own_id}/"
    assert "查询用途" in desk.get(address).content.decode() and log == []
    assert "欧阳明月" in desk.post(address, {"purpose": "counter"}, follow=True).content.decode()
    session = desk.session
    session["purpose"] = ("counter", time.time() - 1801)
    session.save()
    assert "欧阳明月" not in desk.get(address).content.decode()


def test_no_purpose_but_the_laws_opens_a_record(cities, log):
    desk = Desk(officer("town_clerk", "440604012"))
    assert "查询用途" in desk.post(f"/people/{cities.own_id}/", {"purpose": "curiosity"}, follow=True).content.decode()
    assert log == []


def test_a_record_is_masked_and_on_the_log(clerk, cities, log):
    page = read(clerk, cities)
    assert "138****0001" in page and "1990-**-**" in page and "佛山市禅城区****" in page
    for hidden in (cities.own.ssn, cities.own.items["mobile"], "祖庙路1号", "1990-03-07"):
        assert hidden not in page
    assert [(one.action, one.purpose, one.objects) for one in log] == [
        ("person.see", "counter", (f"person:{cities.own_id}",))
    ]


def test_items_codes_and_covers_are_in_words(clerk, cities):
    page = read(clerk, cities)
    for words in (
        "户籍与居住",
        "职工基本医疗保险",
        "禅城陶瓷厂",
        "南山区（440305）",
        "首次登记",
        "insurance.csv 第2行",
    ):
        assert words in page, words


def test_cover_in_two_cities_is_a_duplicate_with_its_places(clerk, cities):
    page = read(clerk, cities)
    assert "重复参保：同一险种在不同参保地参保缴费" in page and "异地参保" in page
    assert "重复参保" not in clerk.get(f"/people/{person_id(cities.others[0].ssn)}/").content.decode()


def test_the_whole_is_shown_once_for_a_purpose_and_on_the_log(clerk, cities, log):
    answer = clerk.post(f"/people/{cities.own_id}/whole/", {"purpose": "objection"})
    page = answer.content.decode()
    assert cities.own.ssn in page and cities.own.items["mobile"] in page and "no-store" in answer["Cache-Control"]
    assert [(one.action, one.purpose) for one in log] == [("person.unmask", "objection")]
    assert cities.own.ssn not in read(clerk, cities)


def test_the_whole_needs_a_purpose_and_a_post(clerk, cities):
    refused = clerk.post(f"/people/{cities.own_id}/whole/")
    assert refused.status_code == 403 and cities.own.ssn not in refused.content.decode()
    assert clerk.get(f"/people/{cities.own_id}/whole/").status_code == 405


def test_why_names_value_clause_row_and_evidence(clerk, cities, log):
    piece = read(clerk, cities, "why/employment_status/", headers={"HX-Request": "true"})
    assert "<html" not in piece
    for words in (
        "就业状态：1",
        "二（三）1",
        "#EM1",
        "劳动就业登记为单位就业",
        "佛山市（440600）：labour.csv 第7行",
        "#EM2",
    ):
        assert words in piece, words
    assert [(one.action, one.details["item"]) for one in log] == [("person.why", "employment_status")]


def test_why_by_cover_names_the_rows_of_both_cities(clerk, cities):
    piece = read(clerk, cities, "why/registration_status/")
    for words in ("有有效参保", "佛山市（440600）：insurance.csv 第2行", "深圳市（440300）：insurance.csv 第2行"):
        assert words in piece, words


def test_why_by_age_names_what_no_row_says(clerk, cities):
    child = villager(9, "冯小宝", "20140101")
    let_in(FOSHAN, [cities.own, *cities.others, child])
    piece = clerk.get(f"/people/{person_id(child.ssn)}/why/no_unit_type/").content.decode()
    assert "<html" in piece and "#NU1" in piece and "不满6周岁" in piece and "出生日期：2014-**-**" in piece


def test_a_sensitive_reason_is_told_to_those_who_may_see_all(cities, log):
    id_ = person_id(cities.others[0].ssn)
    village = Desk(officer("village_clerk", "440604012001")).state()
    assert village.get(f"/people/{id_}/why/uninsured_reason/").status_code == 403
    assert "why/uninsured_reason" not in village.get(f"/people/{id_}/").content.decode()
    town = Desk(officer("town_clerk", "440604012")).state()
    assert "10 个人未参保" in town.get(f"/people/{id_}/why/uninsured_reason/").content.decode()
    assert [one.decision for one in log if one.action == "person.why"] == ["refused", "allowed"]


@pytest.mark.parametrize("item", ["name", "nothing", "_x", "ssn"])
def test_only_of_derived_items_one_may_ask_why(clerk, cities, item):
    assert clerk.get(f"/people/{cities.own_id}/why/{item}/").status_code == 404


@pytest.mark.parametrize(
    "item", ["employment_status", "no_unit_type", "registration_status", "uninsured_reason", "disposition"]
)
def test_reasons_agree_with_what_is_registered(clerk, cities, item):
    for made in (cities.own, *cities.others):
        piece = clerk.get(f"/people/{person_id(made.ssn)}/why/{item}/").content.decode()
        assert "按现行规则重判与登记不同" not in piece


def test_history_says_what_changed_by_which_package(clerk, cities):
    cities.own.items["mobile"] = "13711112222"
    cities.own.items["unit_type"] = "10"
    let_in(FOSHAN, [cities.own, *cities.others])
    page = read(clerk, cities)
    assert "手机号码：138****0001 → 137****2222" in page and "佛山市（440600）的数据包" in page and "资料变化" in page


def test_every_field_of_the_law_is_masked_by_its_class():
    value = "44060419900307001X"
    for spec in read_law().fields.values():
        shown = show(spec.name, value)
        if spec.privacy == "sensitive":
            assert value[4:14] not in shown, spec.name
        if spec.name in ("mobile", "phone") or spec.name.endswith("_address"):
            assert shown != value, spec.name
        assert show(spec.name, value, whole=True) != "*", spec.name
    assert show("a_column_of_tomorrow", value) == "*"


@pytest.mark.parametrize("duty", [*read_duties().duties])
def test_each_duty_opens_what_it_may_and_nothing_else(cities, log, duty):
    known = read_duties().duties[duty]
    areas = {"province": "44", "city": "4406", "county": "440604", "town": "440604012", "village": "440604012001"}
    for level in known.levels:
        desk = Desk(officer(duty, areas[level])).state()
        for permission, answer in _knocks(desk, cities):
            allowed = permission in known.may
            assert answer.status_code == (200 if allowed else 403), (duty, level, permission)
            assert ("欧阳明月" in answer.content.decode() or "处理去向" in answer.content.decode()) == allowed
            if not allowed:
                assert log[-1].decision == "refused"


def _knocks(desk: Desk, cities):
    """Each page of one person, asked for when its turn comes."""
    yield "person.see", desk.get(f"/people/{cities.own_id}/")
    yield "person.unmask", desk.post(f"/people/{cities.own_id}/whole/", {"purpose": "counter"})
    yield "person.see", desk.get(f"/people/{cities.own_id}/why/disposition/")
    yield "person.search", desk.look_for(number=cities.own.ssn)


def test_pension_and_medical_doubled_are_told_apart(clerk, cities):
    made = villager(8, "冯程程")
    made.covers = [cover("emp_pension", "440604"), cover("res_pension", "440604", payer_category="R")]
    let_in(FOSHAN, [cities.own, *cities.others, made])
    page = clerk.get(f"/people/{person_id(made.ssn)}/").content.decode()
    assert "职工养老与居民养老同时参保缴费" in page and "异地参保" not in page and "同一险种" not in page


def test_a_city_that_says_no_more_leaves_the_person_to_the_other(clerk, cities):
    let_in(SHENZHEN, [cities.foreign])
    assert "重复参保：" not in read(clerk, cities)
