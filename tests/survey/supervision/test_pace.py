"""Plan against done, from the city down to the surveyor; what is stuck; the reviewers' pace; the week's figures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from supervision_desk import approve, set_back, under_way

from canbao.registry.access import Refused
from canbao.survey.actions import entries, reviews
from canbao.survey.models import Campaign
from canbao.survey.supervision.counting import count
from canbao.survey.supervision.pace import pace
from canbao.survey.supervision.quality import STUCK, marked
from canbao.survey.supervision.watching import watch
from canbao.survey.supervision.weekly import monday, weekly, weeks
from survey_desk import OTHER_TOWN, TOWN, VILLAGES, city_officer, clerk, county_officer, entered, tasks, who


def test_the_parts_of_each_level_add_up_to_the_whole(people):
    campaign = under_way()
    for by, place, keys in (
        (city_officer(), "", {"440604": 12}),
        (county_officer(), "", {TOWN: 8, OTHER_TOWN: 4}),
        (city_officer(), TOWN, {VILLAGES[0]: 4, VILLAGES[1]: 4}),
        (city_officer(), VILLAGES[0], {VILLAGES[0]: 4}),
    ):
        found = pace(campaign.pk, by=by, place=place)
        assert {one.key: one.to_visit for one in found.places} == keys
        assert found.whole.to_visit == sum(keys.values())
        assert found.whole.done == sum(one.done for one in found.places)
        assert not found.surveyors or sum(one.to_visit for one, _ in found.surveyors) == found.whole.to_visit


def test_what_was_done_today_is_counted_and_too_little_of_it_gives_no_forecast(people):
    campaign = under_way(forms=4, approved=2)
    found = pace(campaign.pk, by=county_officer())
    assert (found.whole.done, found.whole.waiting, found.whole.open) == (2, 2, 10)
    assert [(one.handed_in, one.approved) for one in found.days if one.day == timezone.localdate()] == [(4, 2)]
    assert (found.whole.rate.handed_in, found.whole.rate.approved) == (4, 2) and found.whole.forecast is None
    assert [(name, one.done, one.rate.handed_in) for one, name in found.surveyors] == [("调查甲", 2, 4), ("", 0, 0)]
    assert found.counted_at is not None


def test_counting_again_changes_nothing_and_takes_in_what_came_since(people):
    campaign = under_way(forms=2, approved=0)
    assert count(campaign.pk) == count(campaign.pk)
    entered(tasks(campaign, state="assigned")[0])
    assert watch() == [campaign.pk]
    assert pace(campaign.pk, by=county_officer()).whole.rate.handed_in == 3


def test_a_form_that_goes_back_is_not_counted_as_handed_in_any_more(people):
    campaign = under_way(forms=3, approved=0)
    task = tasks(campaign, state="submitted")[0]
    reviews.return_(
        task_id=task.pk, version=task.version, reasons=["missing"], words="", comments={}, by=county_officer()
    )
    count(campaign.pk)
    found = pace(campaign.pk, by=county_officer())
    assert (found.whole.rate.handed_in, found.whole.returned, found.days[-1].returned) == (2, 1, 1)


def test_a_campaign_half_over_with_nothing_done_is_behind_by_half(people):
    today = timezone.localdate()
    campaign = under_way(forms=0, approved=0, starts_on=today - timedelta(days=5), ends_on=today + timedelta(days=6))
    found = pace(campaign.pk, by=county_officer())
    assert (found.whole.planned, found.whole.behind, found.whole.percent) == (6, 6, 0)


def test_people_settled_by_data_need_no_visit_and_are_not_in_the_plan(people):
    campaign = under_way(forms=0, approved=0)
    set_back("survey_task", "changed_at", 0)
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE survey_task SET state = 'closed_by_data' WHERE place = %s", [VILLAGES[0]])
    found = pace(campaign.pk, by=county_officer())
    assert (found.whole.to_visit, found.whole.settled) == (8, 4)


def test_what_has_not_moved_for_a_week_is_stuck_wherever_it_is(people):
    campaign = under_way(forms=2, approved=1)
    set_back("survey_task", "changed_at", 8)
    found = pace(campaign.pk, by=county_officer())
    assert found.whole.stuck == {"town": 4, "assigned": 6, "submitted": 1} and found.whole.unseen == 1
    _, listed = marked(campaign.pk, STUCK, by=county_officer(), detail="town")
    assert {one.place for one in listed} == {VILLAGES[2]} and len(listed) == 4


def test_reviewers_are_told_how_long_half_of_their_forms_waited(people):
    campaign = under_way(forms=3, approved=0)
    set_back("survey_taskmove", "at", 1, "move = 'submit'")
    for task in tasks(campaign, state="submitted"):
        approve(task)
    count(campaign.pk)
    found = pace(campaign.pk, by=county_officer())
    assert (found.reviews.many, found.reviews.median_hours) == (3, 24)
    assert [(one.name, one.key) for one in found.reviewers] == [("county_officer-440604", "440604")]


def test_an_officer_looks_at_their_own_area_whatever_they_ask_for(people):
    campaign = under_way()
    for place in ("4406", "440605", "44", "4406' OR 1", "４４０６０４"):
        assert pace(campaign.pk, by=county_officer(), place=place).view.place == "440604"
    with pytest.raises(Refused):
        pace(campaign.pk, by=who("county_officer", "440106"))
    with pytest.raises(Refused):
        pace(campaign.pk, by=clerk())


def test_another_county_sees_none_of_it(people):
    campaign = under_way()
    found = pace(campaign.pk, by=who("county_officer", "440605"))
    assert found.places == [] and found.days[-1].moves == {} and found.whole.percent == 100


def test_the_week_s_figures(people):
    campaign = under_way(forms=4, approved=2)
    found = weekly(campaign.pk, "", timezone.localdate(), county_officer())
    assert (found.whole.to_visit, found.whole.done, found.whole.handed_in, found.whole.approved) == (12, 2, 4, 2)
    assert [one.code for one in found.places] == [TOWN, OTHER_TOWN] and len(found.days) == 7
    assert found.begins.weekday() == 0 and (found.reviews.many, found.waiting) == (2, 2)
    before = weekly(campaign.pk, "", timezone.localdate() - timedelta(days=7), county_officer())
    assert (before.whole.done, before.whole.handed_in, before.reviews.many) == (0, 0, 0)
    with pytest.raises(Refused, match="还没有到"):
        weekly(campaign.pk, "", timezone.localdate() + timedelta(days=8), county_officer())


def test_the_weeks_of_a_campaign_the_latest_first():
    today = timezone.localdate()
    assert weeks(today - timedelta(days=14), today)[0] == monday(today)
    assert len(weeks(today - timedelta(days=14), today)) == 3 and len(weeks(today + timedelta(days=30), today)) == 1


def test_failed_visits_are_no_forms(people):
    campaign = under_way(forms=0, approved=0)
    attempt = entries.Attempt(at=timezone.now(), way="1", outcome="2")
    entries.visit(task_id=tasks(campaign, state="assigned")[0].pk, attempt=attempt, by=clerk())
    count(campaign.pk)
    found = pace(campaign.pk, by=county_officer())
    assert found.days[-1].moves == {"attempt": 1} and found.whole.rate.handed_in == 0


def test_a_county_s_own_campaign_begins_at_the_county_for_its_city_too(people):
    campaign = under_way()
    Campaign.objects.filter(pk=campaign.pk).update(area="440604")
    assert pace(campaign.pk, by=city_officer()).view.place == "440604"
    assert pace(campaign.pk, by=city_officer(), place="4406").view.place == "440604"
    assert pace(campaign.pk, by=who("provincial_officer", "44")).whole.to_visit == 12
