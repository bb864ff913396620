"""Duplicates in the office: the list of each city, the desk, decisions that the other city sees, and the figures."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from canbao.registry.access import working
from canbao.registry.models import Duplicate
from kept_register import made_once
from register_desk import asked
from setting_desk import put_in

HEADS = "ssn,name,insurance_type,contrib_status,payer_category,region_code,unit_name\n"
ONE = "440106198503030335"
NAME = "样例乙六"
REASON = "两地经办机构电话核实"


def covers(region: str, status: str = "1") -> str:
    return f"{HEADS}{ONE},{NAME},emp_pension,{status},U,{region},某某厂\n"


@pytest.fixture
def doubled(register) -> Duplicate:
    """Somebody who pays in Guangzhou and in Shenzhen."""

    def admit() -> None:
        put_in("440100", insurance=covers("440106"))
        put_in("440300", insurance=covers("440304"))

    made_once("paid in two places", admit)
    with working():
        return Duplicate.objects.get()


def test_the_list_is_that_of_the_cities_concerned_and_tells_no_names(opened, doubled):
    for area in ("4401", "4403", "440106"):
        duty = "city_data_officer" if len(area) == 4 else "county_officer"
        page = opened(duty, area, area).read("/duplicates/")
        assert f'href="/duplicates/{doubled.pk}/"' in page and "天河区" in page and NAME not in page
    stranger = opened("city_data_officer", "4406")
    assert "没有这样的重复参保" in stranger.read("/duplicates/")
    assert stranger.get(f"/duplicates/{doubled.pk}/").status_code == 404
    assert stranger.post(f"/duplicates/{doubled.pk}/decide/", {"ends": "", "reason": REASON}).status_code == 404


def test_who_may_only_list_is_led_no_further(opened, doubled):
    supervisor = opened("supervisor", "4401")
    page = supervisor.read("/duplicates/")
    assert "两地缴费" in page and f"/duplicates/{doubled.pk}/" not in page
    assert supervisor.get(f"/duplicates/{doubled.pk}/").status_code == 403


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("state=all", True), ("state=todo&kind=paid_in_two_places&place=4403&order=due", True),
        ("state=x&kind=x", True),
        ("kind=both_pensions_paid", False), ("place=4406", False), ("state=ended", False), ("asked=1", False),
        ("state=overdue", False), ("after=1", False), ("order=oldest", True),
    ],
)  # fmt: skip
def test_the_list_is_sifted(opened, doubled, query, is_there):
    page = opened("city_data_officer", "4401").read(f"/duplicates/?{query}")
    assert (f'href="/duplicates/{doubled.pk}/"' in page) == is_there


def test_the_desk_has_covers_side_by_side_with_who_says_so_and_why(opened, doubled):
    page = opened("city_data_officer", "4403").read(f"/duplicates/{doubled.pk}/")
    for words in (
        "职工基本养老保险·广州市天河区", "职工基本养老保险·深圳市福田区", "insurance.csv 第2行", "2017-06-30",
        "深圳市（440300）", "同一险种在不同参保地参保缴费", "C22", "没有登记联系人", "属实，不必处理",
        "应由深圳市福田区终止职工基本养老保险",
    ):  # fmt: skip
        assert words in page, words
    assert ONE not in page and NAME not in page
    assert seen("duplicate.see") == [[f"duplicate:{doubled.pk}", f"person:{doubled.person_id}"]]


def test_what_one_city_asks_the_other_sees_and_data_end_it(opened, doubled):
    guangzhou, shenzhen = (opened("city_data_officer", area, area) for area in ("4401", "4403"))
    decide = f"/duplicates/{doubled.pk}/decide/"
    assert "请选择结论" in guangzhou.say(decide, reason=REASON)
    assert "请写明理由" in guangzhou.say(decide, ends="", reason="对")
    assert "请选择哪一处" in guangzhou.say(decide, ends="emp_pension:440604", reason=REASON)
    page = guangzhou.say(decide, ends="emp_pension:440304", reason=REASON)
    assert "已记下" in page and "待终止" in page and REASON in page
    listed = shenzhen.read("/duplicates/?asked=1")
    assert "应由" in listed and "待终止" in listed
    assert "没有这样的重复参保" in guangzhou.read("/duplicates/?asked=1")
    person = shenzhen.read(f"/people/{doubled.person_id}/") if _purpose(shenzhen) else ""
    assert "待终止" in person and f"重复参保 {doubled.pk}" in person
    put_in("440300", insurance=covers("440304", "3"))
    page = shenzhen.read(f"/duplicates/{doubled.pk}/")
    assert "已终止" in page and "记下处理" not in page
    assert "以前的重复参保" in shenzhen.read(f"/people/{doubled.person_id}/")
    assert seen("duplicate.decide")[-1] == [f"duplicate:{doubled.pk}", f"person:{doubled.person_id}"]


def test_what_is_right_is_decided_once(opened, doubled):
    city = opened("city_data_officer", "4401")
    decide = f"/duplicates/{doubled.pk}/decide/"
    assert "已记为属实" in city.say(decide, ends="", reason=REASON)
    assert "属实不必处理" in city.say(decide, ends="", reason=REASON)
    assert "没有这样的重复参保" in city.read("/duplicates/")


def test_figures_are_on_the_page_and_in_a_file(opened, doubled):
    put_in("440100", insurance=covers("440106", "3"))
    city = opened("city_data_officer", "4401")
    page = re.sub(r"\s", "", city.read("/duplicates/"))
    assert (
        "近十二个月" in page
        and '<tdclass="keep">1</td><tdclass="keep">0</td><tdclass="keep">1</td><tdclass="keep">1</td>' in page
    )
    answer = city.get("/duplicates/figures/?kind=paid_in_two_places")
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert sheet[1] == ["月份", "种类", "新发现", "属实", "已终止", "停止重复的人数"]
    assert sheet[2][1:] == ["同一险种在不同参保地参保缴费", "1", "0", "1", "1"]


def test_home_counts_them(opened, doubled):
    assert "待处理重复参保" in opened("city_data_officer", "4401").read("/")


def seen(action: str) -> list[Any]:
    """The objects of an action's lines on the log."""
    return [one["objects"] for one in asked("SELECT objects FROM audit_log WHERE action = %s ORDER BY number", action)]


def _purpose(browser: Any) -> bool:
    """State a purpose, as one does before looking at people."""
    browser.post("/people/", {"purpose": "counter", "number": ONE})
    return True
