"""What somebody has said to a surveyor, on the person's page and as the reason of a value."""

from __future__ import annotations

import pytest
from people_made import Desk, officer, person_id

from canbao.registry.evidence.record_content import record_content
from canbao.registry.lookup import record
from setting_desk import merged, surveyed


@pytest.fixture
def answered(cities):
    """Somebody of 佛山 without cover who was surveyed."""
    ssn = cities.others[0].ssn
    surveyed(
        ssn, employment_status="2", no_unit_type="4", uninsured_reason="Z1", mobile="13900139000",
        residence_address="佛山市禅城区汾江路99号",
    )  # fmt: skip
    return cities.others[0]


def page(desk: Desk, ssn: str, tail: str = "") -> str:
    return desk.get(f"/people/{person_id(ssn)}/{tail}").content.decode()


def test_the_answers_are_on_the_page_with_masks(answered):
    shown = page(Desk(officer("town_clerk", "440604012")).state(), answered.ssn)
    for words in (
        "调查答复",
        "2017-07-01",
        "入户调查（纸质）",
        "调查员甲（2017-07-02 17:00）",
        "审核员乙",
        "139****9000",
    ):
        assert words in shown, words
    assert "调查登记" in shown, "history names the survey"
    for hidden in ("13900139000", "汾江路99号", "人户分离"):
        assert hidden not in shown, hidden


def test_the_whole_shows_them_whole(answered):
    desk = Desk(officer("town_clerk", "440604012")).state()
    shown = desk.post(f"/people/{person_id(answered.ssn)}/whole/", {"purpose": "objection"}).content.decode()
    assert all(words in shown for words in ("13900139000", "汾江路99号", "人户分离", "4 灵活就业"))


def test_why_names_the_survey_and_no_answer_that_was_not_given(answered):
    shown = page(Desk(officer("town_clerk", "440604012")).state(), answered.ssn, "why/no_unit_type/")
    for words in (
        "#NUS4",
        "0020",
        "调查答复的无单位类型为灵活就业",
        "2017-07-01 的调查登记：经办 调查员甲，复核 审核员乙",
    ):
        assert words in shown, words
    assert "调查答复的无单位类型为未就业" not in shown


def test_who_was_not_surveyed_is_not_told_what_a_survey_could_have_found(answered, cities):
    shown = page(Desk(officer("town_clerk", "440604012")).state(), cities.others[1].ssn, "why/no_unit_type/")
    assert "#NU7" in shown and "调查" not in shown.split("没有任何记录表明")[1].split("</p>")[0]


def test_of_two_answers_the_page_says_which_counts(answered, cities):
    surveyed(cities.others[1].ssn, no_unit_type="3")
    merged(cities.others[1].ssn, answered.ssn)
    shown = page(Desk(officer("town_clerk", "440604012")).state(), cities.others[1].ssn)
    assert shown.count("调查答复</h2>") == 2 and shown.count("这一份不作数") == 1


def test_a_container_of_evidence_has_them_without_who_entered_them(answered):
    by = officer("provincial_officer", "44", "taking")
    content = record_content(record(person_id(answered.ssn), by=by, purpose="counter"))
    (said,) = content["answers"]
    assert said["surveyed_on"] == "2017-07-01" and {"field": "mobile", "label": "手机号码", "value": "13900139000",
                                                    "words": "13900139000"} in said["items"]  # fmt: skip
    assert "调查员甲" not in str(said)
