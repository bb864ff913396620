"""What two divisions say differently: held out, never overwritten, settled by the one that came later."""

from __future__ import annotations

from pathlib import Path

import pytest

from canbao.registry.access import Refused
from canbao.registry.actions.conflicts import settle
from canbao.registry.models import Conflict
from cities import written_city
from people_of_office import officer
from register_desk import admitted, asked, person

SSN = "440106198503030335"
HOUSEHOLD = f"ssn,name,hukou_division_code\n{SSN},样例乙六,440106\n"
COVER = f"ssn,name,insurance_type,contrib_status,region_code\n{SSN},别的名字,emp_pension,1,440304\n"
NOBODY = HOUSEHOLD.replace(SSN, "440106198503030319")


@pytest.fixture
def two(register, tmp_path: Path) -> Conflict:
    admitted(written_city(tmp_path / "gz", "440100", household=HOUSEHOLD).out)
    admitted(written_city(tmp_path / "sz", "440300", insurance=COVER).out)
    return Conflict.objects.get()


def test_a_later_name_is_held_out_and_asked_of_the_later_city(two):
    assert (two.division_code, two.reference_name, two.other_name) == ("440300", "样例乙六", "别的名字")
    assert (person(SSN)["name"], person(SSN)["registration_status"]) == ("样例乙六", "2")


def test_it_is_asked_once(two, tmp_path):
    admitted(written_city(tmp_path / "again", "440300", insurance=COVER.replace(",440304", ",440305")).out)
    assert Conflict.objects.count() == 1


def test_the_same_person_counts_from_then_on(two, tmp_path):
    settle(conflict=two, decision="same", reason="核对了身份证原件", by=officer("city_data_officer", "4403"))
    assert person(SSN)["registration_status"] == "1"
    admitted(written_city(tmp_path / "again", "440300", insurance=COVER.replace(",440304", ",440305")).out)
    assert (person(SSN)["registration_status"], Conflict.objects.count()) == ("1", 1)


def test_another_person_stays_out(two):
    settle(conflict=two, decision="different", reason="不是本人，号码录错", by=officer("city_data_officer", "4403"))
    assert (person(SSN)["registration_status"], asked("SELECT is_held FROM person_fact WHERE is_held")) == (
        "2",
        [{"is_held": True}],
    )


@pytest.mark.parametrize(
    ("duty", "area", "reason"),
    [
        ("city_data_officer", "4401", "不是本市的"),
        ("county_officer", "440304", "没有权限"),
        ("city_data_officer", "4403", " "),
    ],
)
def test_who_may_not_decide_changes_nothing(two, duty, area, reason):
    with pytest.raises(Refused):
        settle(conflict=two, decision="same", reason=reason, by=officer(duty, area))
    two.refresh_from_db()
    assert (two.state, person(SSN)["registration_status"]) == ("open", "2")


def test_a_held_statement_counts_once_the_other_has_gone(two, tmp_path):
    admitted(written_city(tmp_path / "gz2", "440100", household=NOBODY).out)
    assert (person(SSN)["name"], person(SSN)["registration_status"]) == ("别的名字", "3")


def test_two_households_are_a_conflict_and_the_place_decides(register, tmp_path):
    admitted(written_city(tmp_path / "gz", "440100", household=HOUSEHOLD).out)
    admitted(written_city(tmp_path / "fs", "440600", household=HOUSEHOLD.replace("440106\n", "440604\n")).out)
    assert [(one.kind, one.division_code) for one in Conflict.objects.all()] == [("household", "440600")]
    assert person(SSN)["hukou_division_code"] == "440106"


def test_the_police_list_of_the_province_decides_the_household(register, tmp_path):
    admitted(written_city(tmp_path / "sz", "440300", insurance=COVER.replace("别的名字", "样例乙六")).out)
    assert person(SSN)["registration_status"] == "3"
    admitted(written_city(tmp_path / "province", "440000", household=HOUSEHOLD).out)
    assert person(SSN)["registration_status"] == "1"
    assert not Conflict.objects.exists()
