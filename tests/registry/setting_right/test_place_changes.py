"""Places change on their day: people, officers and codes follow then and not before, and all can be derived anew."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from canbao.core.place_changes import Row
from canbao.core.place_changes.proposing import proposed
from canbao.core.progress import IllegalMove
from canbao.registry.access import Refused
from canbao.registry.actions import place_following, requests
from canbao.registry.actions.merges import ask_merge
from canbao.registry.actions.place_changes import ask_revoking
from canbao.registry.actions.place_following import follow_due
from canbao.registry.comparing import verify
from canbao.registry.models import PlaceChange
from canbao.registry.places_now import places
from canbao.registry.plausibility.judging import Held, judged
from canbao.registry.plausibility.meeting import Meeting
from canbao.registry.plausibility.shape import Shape
from canbao.registry.plausibility.thresholds import read_thresholds
from cleaning_desk import number
from people_of_office import officer
from place_desk import MOVING, NEW_TOWN, OTHER_TOWN, SPLIT, TOWN, asked_for, decided, in_force, next_month, today
from register_desk import asked, person
from setting_desk import REASON, SCAN, approved, corrected, first, key, merged, put_in

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


def areas(ssn: str) -> str:
    return person(ssn)["areas"]


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


def test_a_town_that_is_gone_leaves_its_people_to_two(people):
    gone = [Row(TOWN, NEW_TOWN, "澜石街道办事处"), Row("", "440604014", "石湾街道办事处")]
    villages = [one.code for one in places().children(TOWN)]
    moves = [Row(one, (NEW_TOWN if one in MOVING else "440604014") + one[9:]) for one in villages]
    clerk, villager = officer("town_clerk", TOWN), officer("village_clerk", MOVING[0])
    in_force("split", *gone, *moves)
    assert [person(one)["hukou_town_code"] for one in (GOES, STAYS, VAGUE)] == [NEW_TOWN, "440604014", NEW_TOWN]
    assert person(STAYS)["hukou_town_name"] == "石湾街道办事处"
    change = PlaceChange.objects.get()
    assert change.to_grant == [[clerk.pk, TOWN]] and change.unclear == 1
    villager.refresh_from_db()
    assert villager.area == NEW_TOWN + "001"
    assert clean()


def test_villages_go_to_another_town_and_take_its_name(people):
    in_force("transfer", Row(MOVING[0], OTHER_TOWN + "901"))
    record = person(GOES)
    assert (record["home"], record["hukou_town_name"]) == (f"{OTHER_TOWN}901", "张槎街道办事处")
    assert person(ELSEWHERE)["hukou_town_name"] == "石湾镇街道"
    assert clean()


def test_people_officers_and_requests_of_a_county_with_a_new_code_follow(people):
    county = officer("county_officer", "440604")
    county.session_key = "somewhere"
    county.save()
    merge = ask_merge(keep=key(GOES), other=key(STAYS), reason=REASON, papers=[SCAN], by=first())
    in_force("rename", Row("440604", "440611", "新禅城区"))
    assert asked("SELECT area FROM registry_request WHERE id = %s", merge.pk) == [{"area": "440611"}]
    assert (person(GOES)["home"], person(VAGUE)["home"]) == ("440611010001", "440611010")
    assert person(GOES)["areas"] == "|440611010001|4406" and person(GOES)["admin_division_code"] == "440611"
    county.refresh_from_db()
    assert (county.area, county.session_key) == ("440611", "")
    assert places().name("440604") == "禅城区" and places().former["440604"].successors == ("440611",)
    assert places().by_code["440611010001"].name == "澜石社区居委会"
    lines = asked("SELECT action FROM audit_log WHERE objects @> ARRAY['place_change:1'] ORDER BY number")
    assert [one["action"] for one in lines] == [
        "request.approve", "officer.area_moved", "place_change.begin", "place_change.follow", "place_change.finish",
    ]  # fmt: skip
    assert clean()


def test_towns_are_merged_and_those_with_the_same_last_digits_are_told_apart(people):
    with pytest.raises(Refused, match="已是"):
        asked_for("merge", Row(TOWN, OTHER_TOWN))
    villages = proposed([one.code for one in places().children(TOWN)], OTHER_TOWN, places())
    in_force("merge", Row(TOWN, OTHER_TOWN), *(Row(old, new) for old, new in villages.items()))
    assert person(GOES)["home"] == villages[MOVING[0]] and person(VAGUE)["home"] == OTHER_TOWN
    assert person(VAGUE)["hukou_town_name"] == "张槎街道办事处"
    assert clean()


def test_chains_are_followed_to_their_end_and_names_keep_changing(people):
    in_force("rename", Row(TOWN, NEW_TOWN, "甲街道"))
    in_force("rename", Row(NEW_TOWN, "440604015", "乙街道"))
    in_force("rename", Row("440604015", "440604015", "丙街道"))
    in_force("rename", Row("440604", "440611"))
    assert (person(GOES)["home"], person(GOES)["hukou_town_name"]) == ("440611015001", "丙街道")
    assert (person(VAGUE)["hukou_town_code"], person(VAGUE)["hukou_town_name"]) == ("440611015", "丙街道")
    (row,) = asked("SELECT * FROM place_now WHERE old_code = %s", TOWN)
    assert (row["new_code"], row["name"]) == ("440611015", "丙街道")
    assert clean()


def test_a_package_that_still_says_old_codes_is_understood(people):
    in_force("split", *SPLIT)
    before = person(GOES)
    put_in("440600", household=HOUSEHOLDS.replace("样例甲一", "样例甲二"))
    assert (person(GOES)["home"], person(GOES)["name"]) == (before["home"], "样例甲二")
    put_in("440600", household=HOUSEHOLDS.replace(MOVING[0], NEW_TOWN + "001"))
    assert person(GOES)["home"] == before["home"]
    assert asked("SELECT hukou_village_code FROM person_fact WHERE ssn = %s", GOES) == [
        {"hukou_village_code": NEW_TOWN + "001"}
    ]
    assert clean()


def test_merged_and_corrected_people_follow_too(people):
    merged(STAYS, GOES)
    corrected(VAGUE, hukou_village_code=MOVING[1])
    in_force("split", *SPLIT)
    assert person(VAGUE)["hukou_village_code"] == NEW_TOWN + "003"
    assert NEW_TOWN + "001" in areas(STAYS) and areas(GOES) == areas(STAYS)
    assert clean()


def test_those_of_whom_nobody_says_anything_any_more_go_along(people):
    put_in("440600", household=HOUSEHOLDS.replace(household(GOES, MOVING[0]), ""))
    in_force("split", *SPLIT)
    assert person(GOES)["home"] == NEW_TOWN + "001" and person(GOES)["areas"] == f"|{NEW_TOWN}001|4406"
    assert clean()


def test_a_worker_that_stops_between_pieces_goes_on_where_it_was(people, monkeypatch):
    decided("rename", Row("440604", "440611"), day=today())
    monkeypatch.setattr(place_following, "PIECE", 1)
    told = []

    def stop(done: int) -> bool:
        told.append(done)
        if done == 2:
            raise KeyboardInterrupt
        return True

    with pytest.raises(KeyboardInterrupt):
        follow_due(today=today(), announce=stop)
    homes = {one["home"][:6] for one in asked("SELECT home FROM person")}
    assert homes == {"440604", "440611"} and PlaceChange.objects.get().state == "following"
    put_in("440600", household=HOUSEHOLDS.replace("某社区", "某某社区"))
    assert follow_due(today=today()) == [1] and told[:2] == [1, 2]
    assert {one["home"][:6] for one in asked("SELECT home FROM person")} == {"440611"}
    assert PlaceChange.objects.get().state == "in_force" and clean()


def revoked(request) -> None:
    """Take a change back, as asked and approved, and let all return."""
    approved(ask_revoking(change=PlaceChange.objects.get(request_id=request.pk), reason=REASON, by=first()))
    follow_due(today=today())


def test_a_change_taken_back_leaves_everything_as_it_was(people):
    before = {ssn: (person(ssn)["home"], person(ssn)["hukou_town_name"], areas(ssn)) for ssn in (GOES, STAYS, VAGUE)}
    villager = officer("village_clerk", MOVING[0])
    request = in_force("split", *SPLIT)
    put_in("440600", household=HOUSEHOLDS.replace("样例甲一", "样例甲三"))
    revoked(request)
    assert {ssn: (person(ssn)["home"], person(ssn)["hukou_town_name"], areas(ssn)) for ssn in before} == before
    villager.refresh_from_db()
    assert villager.area == MOVING[0] and NEW_TOWN not in places().by_code
    assert asked("SELECT * FROM place_now") == [] and PlaceChange.objects.get().state == "revoked"
    assert clean()
    in_force("split", *SPLIT)
    assert person(GOES)["home"] == NEW_TOWN + "001"


def test_a_change_that_another_rests_on_is_taken_back_after_it(people):
    one = in_force("split", *SPLIT)
    other = in_force("rename", Row(NEW_TOWN, NEW_TOWN, "乙街道"))
    with pytest.raises(Refused, match="后来的变更"):
        revoked(one)
    revoked(other)
    assert person(GOES)["hukou_town_name"] == "澜石街道办事处"
    revoked(one)
    assert person(GOES)["hukou_town_name"] == "石湾镇街道" and clean()


def test_a_change_taken_back_before_its_day_never_comes(people):
    revoked(decided("split", *SPLIT, day=next_month()))
    assert follow_due(today=next_month()) == [] and person(GOES)["home"] == MOVING[0]


def test_a_place_that_another_change_has_is_not_asked_for_twice(people):
    request = decided("split", *SPLIT, day=next_month())
    for kind, row in (("rename", Row(TOWN, NEW_TOWN, "甲")), ("rename", Row("440604", "440611"))):
        with pytest.raises(Refused, match=f"另一份变更里（编号 {request.pk}"):
            asked_for(kind, row)
    with pytest.raises(Refused, match="另一份变更"):
        asked_for("split", *SPLIT, day=next_month())
    follow_due(today=next_month())
    with pytest.raises(Refused, match=r"已在 .* 变更为"):
        asked_for("split", *SPLIT)
    with pytest.raises(Refused, match="生效日请写在"):
        asked_for("rename", Row(NEW_TOWN, NEW_TOWN, "乙街道"))


def test_the_same_request_twice_and_one_that_has_become_impossible(people):
    late = asked_for("split", *SPLIT, day=next_month())
    with pytest.raises(Refused, match=f"待核准的变更里（编号 {late.pk}）"):
        asked_for("split", *SPLIT, day=next_month())
    with pytest.raises(Refused, match="申请人自己不能决定"):
        requests.approve(request=late, by=first())
    approved(late)
    with pytest.raises(IllegalMove):
        approved(late)


@pytest.mark.parametrize(
    ("rows", "day", "said"),
    [
        ([Row("440605", "440612", "新南海区")], None, "不在您的管辖范围内"),
        ([Row(TOWN, NEW_TOWN, "440106198503030335")], None, "不能写身份号码"),
        ([Row(TOWN, NEW_TOWN, "甲")], date(2017, 10, 1), "以后"),
        ([Row(TOWN, NEW_TOWN, "甲")], date(2099, 1, 1), "三年以内"),
        ([Row("440699", NEW_TOWN)], None, "不在您的管辖范围内"),
        ([Row("440604998", "440604997")], None, "没有区划 440604998"),
    ],
)
def test_what_cannot_be_is_not_asked_for(register, rows, day, said):
    county = officer("city_data_officer", "440604")
    with pytest.raises(Refused, match=said):
        asked_for("rename", *rows, day=day, by=county)


def test_a_day_that_has_passed_comes_into_force_at_once(people):
    decided("split", *SPLIT, day=today() - timedelta(days=40))
    follow_due(today=today())
    assert person(GOES)["home"] == NEW_TOWN + "001"


def test_who_is_known_by_a_county_alone_follows_it(register):
    covers = "ssn,name,insurance_type,contrib_status,region_code\n"
    household = f"ssn,name,hukou_division_code\n{GOES},样例甲一,440604\n"
    put_in("440600", household=household, insurance=f"{covers}{STAYS},样例甲二,emp_pension,1,440604\n")
    put_in("440300", insurance=f"{covers}{VAGUE},样例甲三,emp_pension,1,440604\n{GOES},样例甲一,emp_pension,1,440304\n")
    in_force("rename", Row("440604", "440611", "新禅城区"))
    assert [person(one)["home"] for one in (GOES, STAYS, VAGUE)] == ["440611"] * 3
    assert person(GOES)["areas"] == "|440304|440611|4406"
    assert person(STAYS)["emp_pension_region_code"] == "440604"
    assert PlaceChange.objects.get().changed == 3 and clean()


def test_a_household_that_another_division_tells_of_is_found_by_the_sweep(people):
    """Two divisions have a household of somebody; the change is about the place that is not the home."""
    put_in("440100", household=HEADS + f"{GOES},样例甲一,440106,某街道,440106001,某社区,440106001001\n")
    assert person(GOES)["home"] == MOVING[0]
    in_force("rename", Row("440106", "440119", "新天河区"))
    assert person(GOES)["home"] == MOVING[0] and "|440119001001" in areas(GOES)
    assert clean()


def test_the_gate_knows_a_place_that_came_and_one_that_went(people):
    in_force("new", Row("", "440604010099", "样例新社区"))
    in_force("rename", Row(OTHER_TOWN, "440604015"))
    codes = {"440604010099": 400, OTHER_TOWN: 300, "440604015": 200, "440604099": 100}
    shape = Shape(
        people=1000, covers=0, evidence=0, twins=0, covers_twice=0, items={}, places={"hukou_town_code": codes},
        fingerprint="1000-1",
    )  # fmt: skip
    held = Held("440600", shape, Meeting(1000, 1000, 1000, 0, 0, 1000), None, None, None)
    (places_named,) = [one for one in judged(held, read_thresholds()) if one.kind == "places" and one.now]
    assert places_named.now == 100 and "440604099" in places_named.of
