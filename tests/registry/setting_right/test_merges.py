"""One person under two numbers, two people under one: joined, parted, and put back exactly, whatever came between."""

from __future__ import annotations

import pytest

from canbao.registry.access import Refused
from canbao.registry.actions.merges import ask_merge
from canbao.registry.comparing import verify
from canbao.registry.models import Link
from people_of_office import officer
from register_desk import asked, person
from setting_desk import REASON, SCAN, approved, corrected, first, key, merged, put_in, split, undone

OLD, NEW, THIRD = "440106198503030335", "440106198503030319", "440106198503030351"
HEADS = "ssn,name,hukou_division_code,hukou_address,mobile\n"
HOUSEHOLD = f"{HEADS}{OLD},样例乙六,440106,某路1号,13800138000\n"
COVERS = "ssn,name,insurance_type,contrib_status,region_code\n"
COVER = f"{COVERS}{NEW},样例乙六,emp_pension,1,440304\n"


def at(ssn: str) -> dict:
    """The record of whoever has the number."""
    number = key(ssn)
    (found,) = asked(
        "SELECT * FROM person WHERE id = coalesce((SELECT into_id FROM merged WHERE person_id = %s), %s)",
        number, number,
    )  # fmt: skip
    return found


def plain(ssn: str) -> dict:
    """A record without what tells when and how often it was judged."""
    return {name: value for name, value in person(ssn).items() if name not in ("version", "operated_at", "reviewed_at")}


@pytest.fixture
def two(register) -> None:
    """A household under one number, a cover under another."""
    put_in("440100", household=HOUSEHOLD)
    put_in("440300", insurance=COVER)


def test_two_numbers_become_one_person_found_by_both(two):
    assert (person(OLD)["registration_status"], person(NEW)["registration_status"]) == ("2", "3")
    merged(OLD, NEW)
    record = at(NEW)
    assert record == at(OLD) and record["ssn"] == OLD
    assert (record["registration_status"], record["emp_pension_contrib_status"]) == ("1", "1")
    assert record["areas"] == "|440106|4401|440304" and record["mobile"] == "13800138000"
    assert [one["name"] for one in asked("SELECT name FROM person WHERE home <> ''")] == ["样例乙六"]


def test_a_merge_taken_back_after_more_packages_leaves_both_right(two):
    request = merged(OLD, NEW)
    put_in("440300", insurance=COVER.replace(",440304", ",440305"))
    assert at(OLD)["emp_pension_region_code"] == "440305"
    put_in("440100", household=HOUSEHOLD.replace("某路1号", "某路2号"))
    undone(request)
    assert (person(OLD)["registration_status"], person(OLD)["hukou_address"]) == ("2", "某路2号")
    assert (person(NEW)["registration_status"], person(NEW)["emp_pension_region_code"]) == ("3", "440305")
    assert person(OLD)["emp_pension_contrib_status"] is None
    report = verify(records=True, facts=True)
    assert report.faults == []


def test_taking_back_at_once_restores_both_exactly(two):
    before = plain(OLD), plain(NEW)
    undone(merged(OLD, NEW))
    assert (plain(OLD), plain(NEW)) == before
    kinds = asked("SELECT kind FROM history WHERE person_id = %s ORDER BY version", key(NEW))
    assert [one["kind"] for one in kinds] == ["registered", "merged", "unmerged"]


def test_chains_of_merges_come_apart_in_any_order(two):
    put_in("440600", insurance=COVER.replace(NEW, THIRD).replace("440304", "440604"))
    alone = {ssn: plain(ssn) for ssn in (OLD, NEW, THIRD)}
    one, other = merged(NEW, THIRD), merged(OLD, NEW)
    assert at(THIRD)["ssn"] == OLD and at(OLD)["areas"] == "|440106|4401|440304|440604"
    undone(one)
    assert plain(THIRD) == alone[THIRD] and at(NEW)["ssn"] == OLD
    undone(other)
    assert {ssn: plain(ssn) for ssn in alone} == alone


def test_a_number_is_merged_once(two):
    merged(OLD, NEW)
    with pytest.raises(Refused, match="已经是一个人"):
        ask_merge(keep=key(NEW), other=key(OLD), reason=REASON, papers=[SCAN], by=first())


def test_a_merge_that_another_has_overtaken_is_refused_whole(two):
    put_in("440600", insurance=COVER.replace(NEW, THIRD).replace("440304", "440604"))
    late = ask_merge(keep=key(OLD), other=key(NEW), reason=REASON, papers=[SCAN], by=first())
    merged(THIRD, NEW)
    with pytest.raises(Refused, match="已经并入"):
        approved(late)
    assert asked("SELECT state FROM registry_request WHERE id = %s", late.pk) == [{"state": "asked"}]
    assert Link.objects.count() == 1


def test_who_does_not_see_both_cannot_ask(two):
    guangzhou = officer("city_data_officer", "4401")
    with pytest.raises(Refused, match="上一级"):
        ask_merge(keep=key(OLD), other=key(NEW), reason=REASON, papers=[SCAN], by=guangzhou)


def test_two_people_under_one_number_are_told_apart_and_put_back(register):
    put_in("440100", household=HOUSEHOLD)
    put_in("440300", insurance=COVER.replace(NEW, OLD).replace("样例乙六", "别的名字"))
    before = plain(OLD)
    assert asked("SELECT division_code FROM person_fact WHERE is_held") == [{"division_code": "440300"}]
    request = split(OLD, ["440300"])
    (apart,) = asked("SELECT * FROM person WHERE ssn LIKE 'TMP-440300%%'")
    assert (apart["name"], apart["registration_status"], apart["areas"]) == ("别的名字", "3", "|440304")
    put_in("440300", insurance=COVER.replace(NEW, OLD).replace("样例乙六,", "别的名字,"))
    assert person(OLD)["registration_status"] == "2"
    assert asked("SELECT count(*) AS many FROM registry_conflict WHERE state = 'open'") == [{"many": 0}]
    undone(request)
    assert plain(OLD) == before
    assert asked("SELECT division_code FROM person_fact WHERE is_held") == [{"division_code": "440300"}]
    assert verify(records=True, facts=True).faults == []


def test_the_other_of_two_may_have_a_number_already(two):
    put_in("440600", insurance=COVER.replace(NEW, OLD).replace("440304", "440604"))
    assert person(OLD)["registration_status"] == "1"
    request = split(OLD, ["440600"], NEW)
    assert person(OLD)["registration_status"] == "2"
    assert (at(NEW)["areas"], len(asked("SELECT * FROM merged"))) == ("|440304|440604", 1)
    undone(request)
    assert (person(OLD)["registration_status"], person(NEW)["areas"]) == ("1", "|440304")


def test_a_number_that_nobody_had_is_given(two):
    put_in("440600", insurance=COVER.replace(NEW, OLD).replace("440304", "440604"))
    split(OLD, ["440600"], THIRD)
    assert (at(THIRD)["ssn"], at(THIRD)["areas"]) == (THIRD, "|440604")
    put_in("440600", insurance=COVER.replace(NEW, THIRD).replace("440304", "440604"))
    assert (at(THIRD)["ssn"], at(THIRD)["emp_pension_contrib_status"]) == (THIRD, "1")
    assert verify(records=True, facts=True).faults == []


def test_a_correction_stands_against_all_sources_until_it_is_taken_back(two):
    request = corrected(OLD, hukou_address="某路9号", vital_status="2")
    assert (person(OLD)["hukou_address"], person(OLD)["vital_status"]) == ("某路9号", "2")
    put_in("440100", household=HOUSEHOLD.replace("某路1号", "某路2号"))
    assert person(OLD)["hukou_address"] == "某路9号"
    undone(request)
    assert (person(OLD)["hukou_address"], person(OLD)["vital_status"]) == ("某路2号", None)
    assert verify(records=True, facts=True).faults == []


def test_a_corrected_name_lets_in_who_said_it_all_along(register):
    put_in("440100", household=HOUSEHOLD)
    put_in("440300", insurance=COVER.replace(NEW, OLD).replace("样例乙六", "样例乙陆"))
    assert person(OLD)["registration_status"] == "2"
    corrected(OLD, name="样例乙陆")
    assert (person(OLD)["name"], person(OLD)["registration_status"]) == ("样例乙陆", "1")
    assert asked("SELECT state FROM registry_conflict") == [{"state": "dropped"}]


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ({"mobile": "123"}, "手机号码"),
        ({"sex": "2"}, "与号码不符"),
        ({"registration_status": "1"}, "业务系统"),
        ({"hukou_division_code": "999999"}, "区划代码"),
        ({"death_date": "2099-01-01"}, "今天以后"),
        ({"vital_status": "4"}, "生存状态"),
        ({"hukou_address": "某路1号"}, "与登记的相同"),
    ],
)
def test_what_cannot_be_is_not_asked_for(two, items, said):
    with pytest.raises(Refused, match=said):
        corrected(OLD, **items)
