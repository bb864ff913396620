"""People leave the list by themselves, with the reason; walk-ins and made people."""

from __future__ import annotations

import pytest

from canbao.registry.access import Refused, working
from canbao.survey.actions import campaigns, entries, reviews, splitting
from canbao.survey.actions.listing import make_list
from canbao.survey.actions.settling import settle
from canbao.survey.actions.walk_in import walk_in
from canbao.survey.models import TaskMove
from cleaning_desk import number
from register_desk import asked
from setting_desk import corrected, merged, put_in
from survey_desk import (
    HEADS,
    TOWN,
    answers,
    city_officer,
    clerk,
    county_officer,
    entered,
    fresh,
    household,
    listed,
    plan,
    running,
    seen,
    split,
    tasks,
    who,
)  # fmt: skip

COVERS = "ssn,name,insurance_type,contrib_status,payer_category,region_code\n"


def insured(number: str, name: str) -> None:
    """Let another city say that somebody is in its pension insurance."""
    put_in("440300", insurance=f"{COVERS}{number},{name},emp_pension,1,U,440304\n")


def test_whoever_becomes_insured_or_dies_leaves_the_list_with_the_reason(people):
    campaign = listed()
    first, second = tasks(campaign)[:2]
    numbers = {row["id"]: row["ssn"] for row in asked("SELECT id, ssn FROM person")}
    names = {row["id"]: row["name"] for row in asked("SELECT id, name FROM person")}
    insured(numbers[first.person_id], names[first.person_id])
    corrected(numbers[second.person_id], vital_status="2")
    assert settle() == {"insured": 1, "dead": 1} and settle() == {}
    assert [seen(task).state for task in (first, second)] == ["closed_by_data", "closed_by_data"]
    with working():
        why = TaskMove.objects.filter(move="settle").order_by("task_id").values_list("note__why", flat=True)
        assert list(why) == ["insured", "dead"]


def test_two_numbers_of_one_person_leave_one_task(people):
    campaign = listed()
    first, second = tasks(campaign)[:2]
    numbers = {row["id"]: row["ssn"] for row in asked("SELECT id, ssn FROM person")}
    merged(numbers[first.person_id], numbers[second.person_id])
    assert settle() == {"merged": 1}
    assert (seen(first).state, seen(second).state) == ("pending", "cancelled")


def test_a_form_that_is_in_the_register_is_not_settled_again(people):
    campaign = running()
    split(campaign)
    task = entered(tasks(campaign)[0])
    reviews.approve(task_id=task.pk, version=task.version, by=county_officer())
    (person,) = asked("SELECT ssn, name FROM person WHERE id = %s", task.person_id)
    insured(person["ssn"], person["name"])
    assert asked("SELECT registration_status FROM person WHERE id = %s", task.person_id) == [
        {"registration_status": "1"}
    ]
    assert settle() == {} and seen(task).state == "loaded"


def test_somebody_who_comes_in_gets_a_task_and_nobody_of_another_place_does(people):
    campaign = running()
    put_in("440600", household=HEADS + "".join(household(n, f"{TOWN}001") for n in range(12, 14)) + "")
    task = walk_in(campaign=campaign, number=number(25), by=clerk())
    assert seen(task).state == "in_field"
    entries.submit(task_id=task.pk, written=answers(survey_way="3"), reasons={}, based_on=0, by=clerk())
    with pytest.raises(Refused, match="本辖区没有"):
        walk_in(campaign=campaign, number=number(25), by=clerk("440604012"))


def test_training_never_touches_the_register(people):
    campaign = campaigns.draw_up(plan(), by=city_officer(), is_training=True)
    make_list(campaign_id=campaign.pk, by=city_officer())
    campaigns.announce(campaign=fresh(campaign), on=plan().starts_on, by=city_officer())
    campaigns.begin(campaign=fresh(campaign), by=city_officer())
    before = asked("SELECT count(*) AS versions FROM history")
    made = tasks(campaign)
    assert made and all(task.person_id < 0 and task.made["name"] for task in made)
    task = made[0]
    at = {"town": task.place[:9], "county": task.place[:6]}

    splitting.allot(campaign=fresh(campaign), tasks=[task.pk], place=task.place, by=who("county_officer", at["county"]))
    entries.submit(task_id=task.pk, written=answers(), reasons={}, based_on=0, by=who("town_clerk", at["town"]))
    reviews.approve(task_id=task.pk, version=seen(task).version, by=who("county_officer", at["county"]))
    assert seen(task).state == "loaded" and asked("SELECT count(*) AS versions FROM history") == before
