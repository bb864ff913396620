"""From the list of the unknown to the register: campaign, splitting, entry, review, and what goes wrong on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from canbao.core.progress import IllegalMove
from canbao.registry.access import Refused, working
from canbao.survey.actions import campaigns, entries, reviews, splitting
from canbao.survey.actions.entries import Unfinished
from canbao.survey.balance import balance
from canbao.survey.moving import Stale
from register_desk import asked
from survey_desk import (
    TOWN,
    as_seen_by,
    city_officer,
    clerk,
    county_officer,
    entered,
    listed,
    plan,
    running,
    seen,
    split,
    surveyor,
    tasks,
)  # fmt: skip


def test_everybody_of_the_scope_is_on_the_list_once(people):
    campaign = listed()
    found = tasks(campaign)
    assert len(found) == len({task.person_id for task in found}) == 12
    assert {task.state for task in found} == {"pending"} and campaign.state == "prepared"


def test_a_person_with_an_open_task_is_not_listed_again(people):
    listed()
    with pytest.raises(Refused, match="没有需要调查的人"):
        listed()


def test_a_campaign_begins_after_its_announcement_and_not_before_its_day(people):
    campaign = listed(starts_on=timezone.localdate() + timedelta(days=5))
    with pytest.raises(IllegalMove):
        campaigns.begin(campaign=campaign, by=city_officer())
    with pytest.raises(Refused, match="7 天以前"):
        campaigns.announce(campaign=campaign, on=campaign.starts_on, by=city_officer())
    campaigns.announce(campaign=campaign, on=campaign.starts_on - timedelta(days=7), by=city_officer())
    with pytest.raises(Refused, match="还没有到"):
        campaigns.begin(campaign=campaign, by=city_officer())


def test_tasks_go_to_towns_and_surveyors_and_each_is_in_one_hand(people):
    campaign = running()
    assert splitting.allot_by_place(campaign=campaign, by=county_officer()) == 12
    one, other = surveyor(f"{TOWN}001", "甲"), surveyor(f"{TOWN}003", "乙")
    given = splitting.assign_evenly(campaign=campaign, surveyors=[one, other], by=clerk())
    assert given == {one.pk: 4, other.pk: 4}
    found = balance(campaign.pk, by=county_officer())
    assert found.whole.total == sum(line.total for line in found.places) == sum(one.total for one in found.surveyors)
    assert {line.key: line.total for line in found.surveyors} == {0: 4, one.pk: 4, other.pk: 4}


def test_a_form_goes_into_the_register_after_another_has_reviewed_it(people):
    campaign = running()
    split(campaign)
    task = entered(tasks(campaign)[0], uninsured_reason="11", no_unit_type="4")
    assert task.state == "submitted" and task.is_clean
    with pytest.raises(Refused, match="不能"):
        reviews.approve(task_id=task.pk, version=task.version, by=clerk())
    reviews.approve(task_id=task.pk, version=task.version, by=county_officer())
    assert seen(task).state == "loaded"
    (person,) = asked("SELECT * FROM person WHERE id = %s", task.person_id)
    assert (person["mobile"], person["residence_address"], person["uninsured_reason"], person["no_unit_type"]) == (
        "13800138001", "某路新址", "11", "4",
    )  # fmt: skip
    assert (person["operator_name"], person["reviewer_name"]) == ("调查甲", "county_officer-440604")


def test_whoever_entered_a_form_does_not_review_it_through_a_second_account_either(people):
    campaign = running()
    split(campaign)
    task = entered(tasks(campaign)[0])
    twin = county_officer()
    twin.staff_number = clerk().staff_number
    twin.save()
    with pytest.raises(Refused, match="您自己录入的"):
        reviews.approve(task_id=task.pk, version=task.version, by=twin)


def test_a_form_with_gaps_is_refused_where_they_are_and_nothing_is_lost(people):
    campaign = running()
    split(campaign)
    task = tasks(campaign)[0]
    with pytest.raises(Unfinished) as refused:
        entered(task, mobile="", uninsured_reason="20")
    assert {one.rule for one in refused.value.found} == {"SF01", "SF02"}
    assert seen(task).state == "assigned"


def test_two_clerks_on_one_task_the_second_is_told_and_keeps_what_they_typed(people):
    campaign = running()
    split(campaign)
    task = tasks(campaign)[0]
    entries.keep_draft(task_id=task.pk, answers={"mobile": "13800138009"}, reasons={}, based_on=0, by=county_clerk())
    others = entries.keep_draft(task_id=task.pk, answers={"mobile": "13800138001"}, reasons={}, based_on=0, by=clerk())
    assert [draft.officer.username for draft in others] == ["second-clerk"]
    entered(task)
    with pytest.raises(Stale, match="留在草稿"):
        entries.submit(task_id=task.pk, written={}, reasons={}, based_on=0, by=county_clerk())
    with working():
        (kept,) = entries.others_typing(task, clerk())
    assert kept.answers == {"mobile": "13800138009"}


def county_clerk():
    from survey_desk import who

    return who("town_clerk", TOWN, "second-clerk")


def test_nobody_is_given_up_before_three_failed_visits(people):
    campaign = running()
    split(campaign)
    task = tasks(campaign)[0]
    away = {"survey_outcome": "5", "uninsured_reason": "Z1", "respondent": ""}
    for _ in range(3):
        with pytest.raises(Unfinished) as refused:
            entered(seen(task), **away)
        assert [one.rule for one in refused.value.found] == ["SF04"]
        attempt = entries.Attempt(at=timezone.now(), way="1", outcome="2", note="没有人在家")
        entries.visit(task_id=task.pk, attempt=attempt, by=clerk())
    task = entered(seen(task), **away)
    reviews.approve(task_id=task.pk, version=task.version, by=county_officer())
    (person,) = asked("SELECT uninsured_reason FROM person WHERE id = %s", task.person_id)
    assert person["uninsured_reason"] == "Z1"


def test_a_returned_form_meets_its_comments_and_may_go_to_another_surveyor(people):
    campaign = running()
    split(campaign)
    task, other = entered(tasks(campaign)[0]), surveyor(name="调查乙")
    task = reviews.return_(
        task_id=task.pk, version=task.version, reasons=["missing"], words="",
        comments={"mobile": "打不通，请核对"}, surveyor=other, by=county_officer(),
    )  # fmt: skip
    assert (task.state, task.surveyor, task.returned) == ("assigned", other, 1)
    with working():
        comments = reviews.latest(task).comments.values_list("question", "words")
        assert list(comments) == [("mobile", "打不通，请核对")]
    again = entered(seen(task))
    assert again.state == "submitted" and not again.is_clean and again.entries == 2


def test_a_check_afterwards_takes_the_answers_back(people):
    campaign = running()
    split(campaign)
    task = entered(tasks(campaign)[0])
    reviews.approve(task_id=task.pk, version=task.version, by=county_officer())
    reviews.reopen(task_id=task.pk, version=seen(task).version, words="本人说没有人来过", by=city_officer())
    assert seen(task).state == "returned"
    (person,) = asked("SELECT mobile, operator_name FROM person WHERE id = %s", task.person_id)
    assert (person["mobile"], person["operator_name"]) == (None, "信息比对")


def test_a_campaign_closes_with_open_tasks_only_under_a_waiver(people):
    campaign = running()
    campaigns.go_on(campaign=campaign, to="audit", by=city_officer())
    with pytest.raises(Refused, match="12 个任务没有办完"):
        campaigns.close(campaign=campaign, by=city_officer())
    campaigns.close(campaign=campaign, by=city_officer(), waiver="其余的并入明年")


def test_an_officer_sees_the_tasks_of_their_area_and_the_database_holds_it(people):
    campaign = running()
    split(campaign)
    assert len(as_seen_by(county_officer())) == 12 and len(as_seen_by(clerk())) == 8
    assert as_seen_by(clerk("440106001")) == []


def test_a_stale_review_is_refused(people):
    campaign = running()
    split(campaign)
    task = entered(tasks(campaign)[0])
    with pytest.raises(Stale):
        reviews.approve(task_id=task.pk, version=task.version - 1, by=county_officer())


def test_a_plan_says_what_is_wrong_with_it(people):
    for more, words in (
        ({"name": " "}, "批次名称"), ({"ends_on": timezone.localdate() - timedelta(days=1)}, "结束日期"),
        ({"attempts": 0}, "走访次数"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=words):
            campaigns.draw_up(plan(**more), by=city_officer())
