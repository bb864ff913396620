"""People by town and village, on today's map and on earlier ones; what can't be told apart is one line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from canbao.core.place_changes import Row
from canbao.core.place_changes.proposing import proposed
from canbao.registry.access import Refused
from canbao.registry.place_counts import counted, counties_on
from canbao.registry.places_now import places, places_on
from cleaning_desk import number
from people_of_office import officer
from place_desk import MOVING, NEW_TOWN, OTHER_TOWN, SPLIT, TOWN, in_force, today
from setting_desk import put_in

HEADS = "ssn,name,hukou_division_code,hukou_town_name,hukou_town_code,hukou_village_name,hukou_village_code\n"
HOMES = [(TOWN, MOVING[0]), (TOWN, MOVING[0]), (TOWN, "440604010004"), (TOWN, ""), (OTHER_TOWN, "440604011001")]
YESTERDAY = today() - timedelta(days=1)


@pytest.fixture
def people(register) -> None:
    rows = (f"{number(n)},样例甲,440604,某街道,{town},某社区,{village}\n" for n, (town, village) in enumerate(HOMES, 1))
    put_in("440600", household=HEADS + "".join(rows))


def by_code(county: str = "440604", level: str = "town", day=None, by=None) -> dict[tuple[str, ...], int]:
    found = counted(county=county, level=level, day=day, by=by or analyst())
    assert found.people == sum(line.people for line in found.lines)
    return {line.codes: line.people for line in found.lines}


def analyst():
    from canbao.registry.models import Officer

    return Officer.objects.filter(username="analyst-4406").first() or officer("analyst", "4406")


def test_people_are_counted_by_town_and_village(people):
    assert by_code() == {(TOWN,): 4, (OTHER_TOWN,): 1}
    assert by_code(level="village") == {
        (TOWN,): 1, (MOVING[0],): 2, ("440604010004",): 1, ("440604011001",): 1,
    }  # fmt: skip


def test_after_a_split_both_maps_add_up(people):
    before = by_code(level="village")
    in_force("split", *SPLIT)
    assert by_code() == {(TOWN,): 2, (NEW_TOWN,): 2, (OTHER_TOWN,): 1}
    assert by_code(day=YESTERDAY) == {(TOWN,): 4, (OTHER_TOWN,): 1}
    assert by_code(level="village", day=YESTERDAY) == before


def test_a_county_is_counted_under_its_old_code_on_the_old_map(people):
    in_force("rename", Row("440604", "440611", "新禅城区"))
    assert by_code("440611") == {("440611010",): 4, ("440611011",): 1}
    assert by_code("440604", day=YESTERDAY) == {(TOWN,): 4, (OTHER_TOWN,): 1}
    assert ("440604", "佛山市禅城区") in counties_on(YESTERDAY, by=analyst())
    assert ("440611", "佛山市新禅城区") in counties_on(None, by=analyst())
    with pytest.raises(Refused, match="不是"):
        by_code("440604")
    assert places_on(YESTERDAY).name("440604") == "禅城区" and "440611" not in places_on(YESTERDAY).by_code


def test_what_was_merged_without_a_village_is_one_line(people):
    villages = proposed([one.code for one in places().children(TOWN)], OTHER_TOWN, places())
    in_force("merge", Row(TOWN, OTHER_TOWN), *(Row(old, new) for old, new in villages.items()))
    assert by_code() == {(OTHER_TOWN,): 5}
    assert by_code(day=YESTERDAY) == {(TOWN,): 3, (TOWN, OTHER_TOWN): 1, (OTHER_TOWN,): 1}


def test_only_one_s_own_counties_are_counted(people):
    with pytest.raises(Refused, match="管辖范围"):
        by_code(by=officer("county_officer", "440605"))
    with pytest.raises(Refused, match="不能"):
        by_code(by=officer("town_clerk", TOWN))
    assert [code for code, _ in counties_on(None, by=officer("supervisor", "440605"))] == ["440605"]
