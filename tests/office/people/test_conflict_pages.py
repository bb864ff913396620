"""Conflicts: the list that is one's own, the desk with both sides, the decision and what comes of it."""

from __future__ import annotations

import pytest
from people_made import FOSHAN, Desk, Made, let_in, officer, person_id, rows_of, villager
from test_people_areas import steady

from canbao.law.duties import read_duties
from canbao.registry.models import Conflict


@pytest.fixture
def desk(conflict) -> Desk:
    return Desk(officer("city_data_officer", "4403"))


def decide(desk: Desk, conflict: Conflict, decision: str = "same", reason: str = "电话核实，是改名"):
    return desk.post(f"/conflicts/{conflict.pk}/settle/", {"decision": decision, "reason": reason}, follow=True)


def test_the_list_has_the_own_citys_open_conflicts(desk, conflict, log):
    rows = [row for row in rows_of(desk.get("/conflicts/")) if row]
    assert [row[3:6] for row in rows] == [["深圳市（440300）", "欧**", "上***"]]
    assert not [row for row in rows_of(desk.get("/conflicts/?state=settled")) if row]
    assert [row for row in rows_of(desk.get("/conflicts/?state=all&kind=name")) if row]
    assert {(one.action, one.purpose) for one in log} == {("conflict.list", "conflict")}
    assert log[0].objects == (f"conflict:{conflict.pk}",)


def test_the_desk_has_both_sides_with_their_differences_masked(desk, conflict, log):
    page = desk.get(f"/conflicts/{conflict.pk}/").content.decode()
    for words in ("欧阳明", "上官飞燕", "南山电子厂", "138****0002", "135****7777", "不同", "佛山市（440600）"):
        assert words in page, words
    assert conflict.reference_name == "欧阳明" and person_id_of(conflict) not in page and "13566667777" not in page
    assert [(one.action, one.objects) for one in log] == [
        ("conflict.see", (f"conflict:{conflict.pk}", f"person:{conflict.person_id}"))
    ]


def person_id_of(conflict: Conflict) -> str:
    """The number behind a conflict's person."""
    return villager(2, "欧阳明").ssn


def test_the_same_person_comes_together(desk, conflict, log):
    page = decide(desk, conflict).content.decode()
    assert "结论：是同一人" in page and "电话核实，是改名" in page and "测试员4403" in page
    conflict.refresh_from_db()
    assert (conflict.state, conflict.decision) == ("settled", "same")
    seen = desk.state().get(f"/people/{conflict.person_id}/").content.decode()
    assert "南山电子厂" in seen and "争议核准" in seen and "测试员4403，依据" in seen


def test_another_person_stays_out(desk, conflict):
    assert "不是同一人" in decide(desk, conflict, "different").content.decode()
    assert desk.state().get(f"/people/{conflict.person_id}/").status_code == 404


@pytest.mark.parametrize(
    ("decision", "reason"), [("", "足够长的理由"), ("maybe", "足够长的理由"), ("same", "短"), ("same", "")]
)
def test_a_decision_needs_its_reason(desk, conflict, decision, reason):
    decide(desk, conflict, decision, reason)
    conflict.refresh_from_db()
    assert conflict.state == "open"


def test_what_is_settled_is_not_settled_again(desk, conflict, log):
    decide(desk, conflict, "different")
    assert "结论：不是同一人" in decide(desk, conflict, "same").content.decode()
    conflict.refresh_from_db()
    assert conflict.decision == "different"
    assert [one.decision for one in log if one.action == "conflict.settle"] == ["allowed", "refused"]


def test_another_citys_conflict_is_as_if_there_were_none(conflict, log):
    foreign = Desk(officer("city_data_officer", "4406"))
    for tail in ("", "settle/"):
        ask = foreign.post if tail else foreign.get
        there, nowhere = ask(f"/conflicts/{conflict.pk}/{tail}"), ask(f"/conflicts/{conflict.pk + 1000}/{tail}")
        assert there.status_code == nowhere.status_code == 404
        assert steady(there.content) == steady(nowhere.content)
    assert not [row for row in rows_of(foreign.get("/conflicts/")) if row]
    assert "上官" not in foreign.state().get(f"/people/{conflict.person_id}/").content.decode()
    conflict.refresh_from_db()
    assert conflict.state == "open" and len(log) == 6


@pytest.mark.parametrize("duty", [*read_duties().duties])
def test_each_duty_at_the_desk(conflict, log, duty):
    known = read_duties().duties[duty]
    desk = Desk(officer(duty, "44" if "province" in known.levels else "4403"))
    assert desk.get("/conflicts/").status_code == (200 if "conflict.list" in known.may else 403)
    answer = desk.get(f"/conflicts/{conflict.pk}/")
    assert (answer.status_code == 200) == ("conflict.see" in known.may and desk.by.area in ("44", "4403"))
    assert ("上官飞燕" in answer.content.decode()) == (answer.status_code == 200)
    answer = decide(desk, conflict)
    assert (answer.status_code == 200) == ("conflict.decide" in known.may)


def test_a_duty_that_sees_nobody_sees_how_conflicts_stand_and_no_names(conflict):
    """督导 may see 0 people a day (duties.yaml): the list tells how far its cities are, the desk is not for it."""
    desk = Desk(officer("supervisor", "4403"))
    page = desk.get("/conflicts/").content.decode()
    assert "待核准" in page and "深圳市" in page
    assert "欧**" not in page and "上***" not in page and f"/conflicts/{conflict.pk}/" not in page
    assert "不能比对争议双方" in desk.get(f"/conflicts/{conflict.pk}/").content.decode()


def test_whoever_may_see_records_may_see_some_and_nobody_else(register):
    for duty in read_duties().duties.values():
        assert bool({"person.search", "person.see", "conflict.see"} & duty.may) == (duty.people_a_day > 0), duty.id


def test_a_county_sees_the_conflicts_about_its_own_people(cities, conflict):
    let_in(
        FOSHAN, [cities.own, *cities.others, Made(cities.foreign.ssn, "令狐别人", {"admin_division_code": "440605"})]
    )
    about = Conflict.objects.get(division_code=FOSHAN)
    assert person_id(cities.foreign.ssn) == about.person_id
    assert Desk(officer("county_officer", "440604")).get(f"/conflicts/{about.pk}/").status_code == 404
    assert Desk(officer("county_officer", "440305")).get(f"/conflicts/{conflict.pk}/").status_code == 404


@pytest.mark.parametrize("said", ["' OR 1=1 --", "open'--", "4403%' --", "<script>", "1e9", "-1"])
def test_what_is_injected_in_filters_is_inert(desk, said):
    for name in ("state", "kind", "city", "after"):
        pages = [desk.get("/conflicts/", {name: word}) for word in (said, "无此内容")]
        assert steady(pages[0].content) == steady(pages[1].content)
