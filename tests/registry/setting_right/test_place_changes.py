"""Places change on their day: people, officers and codes follow then and not before, and all can be derived anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from place_desk import MOVING, NEW_TOWN, OTHER_TOWN, SPLIT, TOWN, decided, next_month
from setting_desk import put_in

from canbao.registry.actions.place_following import follow_due
from canbao.registry.comparing import verify
from canbao.registry.places_now import places
from cleaning_desk import number
from register_desk import asked, person

HEADS = "ssn,name,hukou_division_code,hukou_town_name,hukou_town_code,hukou_village_name,hukou_village_code\n"
GOES, STAYS, VAGUE, ELSEWHERE = (number(n) for n in range(1, 5))


def household(ssn: str, village: str = "", town: str = TOWN) -> str:
    return f"{ssn},样例甲一,{town[:6]},石湾镇街道,{town},{'某社区' if village else ''},{village}\n"


HOUSEHOLDS = (
    HEADS
    + household(GOES, MOVING[0])
    + household(STAYS, "440604010004")
    + household(VAGUE)
    + household(ELSEWHERE, "440604011001", OTHER_TOWN)
)


@pytest.fixture
def people(register) -> None:
    """Somebody in a village that goes, one that stays, one of whom only the town is known, one of another town."""
    put_in("440600", household=HOUSEHOLDS)


def clean() -> bool:
    return verify(records=True, facts=True).faults == []


def test_a_town_is_split_from_next_month_and_its_people_follow_on_the_day(people):
    decided("split", *SPLIT, day=next_month())
    assert follow_due(today=next_month() - timedelta(days=1)) == []
    assert person(GOES)["home"] == MOVING[0] and NEW_TOWN not in places().by_code
    follow_due(today=next_month())
    record = person(GOES)
    assert (record["home"], record["hukou_town_code"]) == (NEW_TOWN + "001", NEW_TOWN)
    assert (record["hukou_town_name"], record["hukou_village_name"]) == ("澜石街道办事处", "某社区")
    assert record["areas"] == f"|{NEW_TOWN}001|4406"
    assert (person(STAYS)["home"], person(VAGUE)["home"]) == ("440604010004", TOWN)
    assert asked("SELECT person_id FROM place_unclear") == [{"person_id": person(VAGUE)["id"]}]
    assert clean()
