"""One slot for each insurance, duplicate cover, completion, and the fields that come from several sources."""

from __future__ import annotations

from datetime import date

import pytest

from cleaning_desk import COVER, HOME, UNIT, CleaningDesk, number

ONE = number(21)


def cover(type_: str = "emp_pension", **more: str) -> dict[str, str]:
    return {"ssn": ONE, "name": "张三", "insurance_type": type_, **COVER, **more}


ORDER = [
    {"contrib_status": "1", "enrol_date": "2000-01-01"},
    {"contrib_status": "3", "benefit_status": "1", "enrol_date": "2016-01-01"},
    {"contrib_status": "2", "enrol_date": "2016-01-02"},
    {"contrib_status": "3", "benefit_status": "2", "enrol_date": "2016-01-03"},
    {"contrib_status": "3", "enrol_date": "2016-01-05"},
    {"contrib_status": "3", "enrol_date": "2016-01-04", "updated_at": "2017-01-02"},
    {"contrib_status": "3", "enrol_date": "2016-01-04", "updated_at": "2017-01-01", "region_code": "440605"},
    {"contrib_status": "3", "enrol_date": "2016-01-04", "updated_at": "2017-01-01", "region_code": "440606"},
    {"contrib_status": "3", "enrol_date": "", "updated_at": "2017-01-01"},
]
"""From the strongest row of a type to the weakest."""


@pytest.mark.parametrize("place", range(len(ORDER) - 1))
def test_the_stronger_row_fills_the_slot(desk: CleaningDesk, place: int) -> None:
    stronger, weaker = ORDER[place], ORDER[place + 1]
    desk.put("insurance", cover(**weaker), cover(**stronger))
    results = desk.clean()
    person = results.person(ONE)
    assert person["emp_pension_contrib_status"] == stronger["contrib_status"]
    assert person["emp_pension_benefit_status"] == (stronger.get("benefit_status") or None)
    assert str(person["emp_pension_enrol_date"] or "") == stronger["enrol_date"]
    assert person["emp_pension_region_code"] == stronger.get("region_code", "440604")
    assert len(results.tables["insurances"]) == 2


def test_code_120_is_employees_pension_and_0_is_no_row(desk: CleaningDesk) -> None:
    desk.put("insurance", cover("120"), cover("城乡居民基本医疗保险", contrib_status="未参保"))
    results = desk.clean()
    assert [one["insurance_type"] for one in results.tables["insurances"]] == ["emp_pension"]
    assert results.summary["sources"]["insurance"]["rows_not_used"] == {"no_row": 1}


@pytest.mark.parametrize(
    ("rows", "field", "value"),
    [
        ([cover(), cover(region_code="440605")], "emp_pension", "440604、440605"),
        ([cover(), cover("res_pension")], "emp_pension", "职工基本养老保险、城乡居民基本养老保险"),
        ([cover(contrib_status="3", benefit_status="1"), cover("res_pension", contrib_status="3", benefit_status="1")],
         "emp_pension", "职工基本养老保险、城乡居民基本养老保险"),
        ([cover("emp_medical"), cover("res_medical")], "emp_medical", "职工基本医疗保险、城乡居民基本医疗保险"),
    ],
)  # fmt: skip
def test_covers_that_exclude_each_other(desk: CleaningDesk, rows: list[dict[str, str]], field: str, value: str) -> None:
    desk.put("insurance", *rows)
    results = desk.clean()
    found = [one for one in results.tables["findings"] if one["rule"] == "duplicate_cover"]
    assert [(one["ssn"], one["field"], one["value"]) for one in found] == [(ONE, field, value)]
    assert results.person(ONE)["registration_status"] == "3"


@pytest.mark.parametrize(
    "rows",
    [
        [cover(), cover(region_code="440605", contrib_status="2")],
        [cover(), cover("emp_medical")],
        [cover(), cover("res_pension", contrib_status="3")],
    ],
)
def test_covers_that_go_together(desk: CleaningDesk, rows: list[dict[str, str]]) -> None:
    desk.put("insurance", *rows)
    assert not [one for one in desk.clean().rules(ONE) if one.startswith("duplicate_cover")]


@pytest.mark.parametrize(
    ("household", "card", "covers", "mobile"),
    [
        ("13800000001", "13800000002", [("2017-01-01", "13800000003")], "13800000001"),
        ("", "13800000002", [("2017-01-01", "13800000003")], "13800000002"),
        ("", "", [("2016-01-01", "13800000003"), ("2017-01-01", "13800000004")], "13800000004"),
        ("", "", [("", "13800000003"), ("2017-01-01", "")], "13800000003"),
        ("", "", [], None),
    ],
)
def test_the_mobile_is_completed(
    desk: CleaningDesk, household: str, card: str, covers: list[tuple[str, str]], mobile: str | None
) -> None:
    types = ("emp_pension", "emp_medical")
    desk.put("household", {"ssn": ONE, "name": "张三", **HOME, "mobile": household})
    desk.put("card", {"ssn": ONE, "name": "张三", "mobile": card})
    rows = [cover(type_, updated_at=at, mobile=one) for type_, (at, one) in zip(types, covers, strict=False)]
    desk.put("insurance", *rows)
    assert desk.clean().person(ONE)["mobile"] == mobile


def test_address_and_unit_are_completed(desk: CleaningDesk) -> None:
    desk.put("household", {"ssn": ONE, "name": "张三", **HOME, "residence_address": ""})
    desk.put("card", {"ssn": ONE, "name": "张三", "residence_address": "佛山市禅城区另路2号"})
    desk.put("insurance", cover())
    desk.put("labour", {"ssn": ONE, "name": "张三", "employed": "是", **UNIT})
    person = desk.clean().person(ONE)
    assert person["residence_address"] == "佛山市禅城区另路2号"
    assert {name: person[name] for name in UNIT} == UNIT


def test_dongguan_and_zhongshan_have_no_county(desk: CleaningDesk) -> None:
    ssn = number(31, region="441900")
    place = {"hukou_division_code": "441900", "hukou_town_code": "441900003", "hukou_village_code": "441900003001"}
    desk.put("household", {"ssn": ssn, "name": "张三", **HOME, **place})
    desk.put("insurance", {**cover(region_code="441900"), "ssn": ssn, **UNIT})
    results = desk.clean()
    assert results.person(ssn)["disposition"] == "register"
    assert results.summary["counties"]["441900"]["name"] == "东莞市"


def test_places_that_never_were_are_said(desk: CleaningDesk) -> None:
    odd = number(33, region="449999")
    desk.put("household", {"ssn": odd, "name": "张三", **HOME, "hukou_division_code": "440699"})
    desk.put("insurance", {**cover(region_code="999999", **UNIT), "ssn": odd}, {**cover(), "region_code": "44"})
    found = {(one["rule"], one["field"], one["value"]) for one in desk.clean().tables["findings"]}
    assert ("number_region_unknown", "ssn", odd) in found
    assert ("region_unknown", "region_code", "999999") in found
    assert ("region_unknown", "hukou_division_code", "440699") in found
    assert ("code_unknown", "region_code", "44") in found


@pytest.mark.parametrize(
    ("day", "persons"), [("1800-01-01", 0), ("1960-06-30", 0), ("2090-06-30", 1), ("2200-12-31", 1)]
)
def test_a_day_far_away_is_judged_like_any_other(desk: CleaningDesk, day: str, persons: int) -> None:
    """Whoever is not born yet has no valid number."""
    desk.put("household", {"ssn": ONE, "name": "张三", **HOME})
    desk.put("insurance", cover(**UNIT, enrol_date="2030-01-01"))
    summary = desk.clean(as_of=date.fromisoformat(day)).summary
    assert (summary["persons"], summary["unidentified"]) == (persons, 2 - 2 * persons)
