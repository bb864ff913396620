"""Admission of cities: what the register says of people is what the law's tables say of all their facts."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection, connections

from canbao.registry.audit.watching import Report
from canbao.registry.comparing import verify
from cities import made_city, written_city
from cleaning_desk import read_tables
from register_desk import admitted, asked, person

SAID_LATER = {"operated_at", "reviewed_at"}
HEADS = "ssn,name,insurance_type,contrib_status,payer_category,region_code,unit_no,unit_name,unit_type,enrol_date"
L = "440106198503030335"
HOUSEHOLD = (
    "ssn,name,hukou_address,residence_address,hukou_division_code,hukou_town_name,hukou_town_code,"
    "hukou_village_name,hukou_village_code,vital_status\n"
    f"{L},样例乙六,广州市天河区样例路1号,广州市天河区样例路1号,440106,五山街道,440106001,样例社区,440106001001,1\n"
)
COVER = f"{HEADS}\n{L},样例乙六,emp_pension,1,U,440304,D1,样例公司,10,2016-01-01\n"


def test_the_application_is_not_the_owner(register):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, count(*) FROM person")
        assert cursor.fetchone() == ("canbao_app", 0)


@pytest.mark.parametrize("seed", [7, 8])
def test_one_city_alone_is_registered_as_it_was_cleaned(register, tmp_path: Path, seed: int):
    city = made_city(tmp_path, persons=800, seed=seed)
    package = admitted(city.out)
    cleaned = {one["ssn"]: one for one in read_tables(city.out)["persons"]}
    registered = {one["ssn"]: one for one in asked("SELECT * FROM person")}
    assert registered.keys() == cleaned.keys()
    for ssn, said in cleaned.items():
        ours = registered[ssn]
        assert {name: ours[name] for name in said if name not in SAID_LATER} == {
            name: value for name, value in said.items() if name not in SAID_LATER
        }
    assert package.counts["registered"] == package.counts["people"] == len(cleaned)


def test_example_l_the_temporary_2_and_3_become_1(register, tmp_path: Path):
    guangzhou = written_city(tmp_path / "gz", "440100", household=HOUSEHOLD)
    shenzhen = written_city(tmp_path / "sz", "440300", insurance=COVER)
    admitted(guangzhou.out)
    assert (person(L)["registration_status"], person(L)["uninsured_reason"]) == ("2", "10")
    admitted(shenzhen.out)
    assert (person(L)["registration_status"], person(L)["registration_status_rule"]) == ("1", "RS1")
    assert person(L)["uninsured_reason"] is None
    assert [one["kind"] for one in asked("SELECT kind FROM history ORDER BY version")] == ["registered", "changed"]


def test_the_order_of_arrival_does_not_matter_for_what_is_decided(register, tmp_path: Path):
    guangzhou = written_city(tmp_path / "gz", "440100", household=HOUSEHOLD)
    shenzhen = written_city(tmp_path / "sz", "440300", insurance=COVER)
    admitted(shenzhen.out)
    assert person(L)["registration_status"] == "3"
    admitted(guangzhou.out)
    assert person(L)["registration_status"] == "1"


def test_admitting_the_same_again_changes_nothing(register, tmp_path: Path):
    city = made_city(tmp_path, persons=300)
    admitted(city.out)
    before = asked("SELECT * FROM person ORDER BY id"), asked("SELECT * FROM history ORDER BY person_id, version")
    again = admitted(city.out)
    assert (
        asked("SELECT * FROM person ORDER BY id"),
        asked("SELECT * FROM history ORDER BY person_id, version"),
    ) == before
    assert again.counts["changed"] == again.counts["changed_facts"] == again.counts["gone"] == 0


def test_who_is_no_longer_in_the_package_loses_these_facts_and_keeps_the_others(register, tmp_path: Path):
    guangzhou = written_city(tmp_path / "gz", "440100", household=HOUSEHOLD)
    shenzhen = written_city(tmp_path / "sz", "440300", insurance=COVER)
    nobody = written_city(tmp_path / "sz2", "440300", insurance=COVER.replace(L, "440106198503030319"))
    admitted(guangzhou.out)
    admitted(shenzhen.out)
    package = admitted(nobody.out)
    assert package.counts["gone"] == 1
    assert person(L)["registration_status"] == "2"
    assert asked("SELECT count(*) AS n FROM insurance_fact JOIN person ON person.id = person_id WHERE ssn = %s", L) == [
        {"n": 0}
    ]


def test_whom_nobody_speaks_of_any_more_keeps_a_record_without_claims(register, tmp_path: Path):
    admitted(written_city(tmp_path / "sz", "440300", insurance=COVER).out)
    admitted(written_city(tmp_path / "sz2", "440300", insurance=COVER.replace(L, "440106198503030319")).out)
    left = person(L)
    assert (left["registration_status"], left["disposition"], left["name"]) == (None, "out_of_scope", "样例乙六")
    assert left["emp_pension_contrib_status"] is None


@pytest.fixture
def watched_example(register, settings_changed, tmp_path: Path) -> None:
    """The two statements of the example's person are in, and the log is watched over."""
    settings_changed(STATE=tmp_path, AUDIT_ANCHORS=())
    admitted(written_city(tmp_path / "gz", "440100", household=HOUSEHOLD).out)
    admitted(written_city(tmp_path / "sz", "440300", insurance=COVER).out)


def test_a_record_edited_behind_the_application_shows(watched_example):
    assert verify(records=True) == Report([], 4, 0, 1)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE person SET mobile = '13800000000'")
    assert "绕过程序" in verify(records=True).faults[0]


def test_facts_edited_behind_the_application_show(watched_example):
    assert verify(facts=True) == Report([], 4, 0, 1)
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM insurance_fact")
    assert verify(records=True).faults == []
    assert verify(facts=True).faults == ["登记记录 1 不是现有资料按规则得出的结果"]
