"""Marks on real forms and visits: set, counted where they belong, gone when what they were about is put right."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from supervision_desk import approve, marks_of, set_back, under_way

from canbao.registry.access import Refused, working
from canbao.survey.actions import entries, reviews, sampling
from canbao.survey.actions.walk_in import walk_in
from canbao.survey.models import Watch
from canbao.survey.supervision import marking, watching
from canbao.survey.supervision.counting import count
from canbao.survey.supervision.marking import mark
from canbao.survey.supervision.quality import marked, quality
from canbao.survey.supervision.watching import watch
from canbao.survey.targets import Scope
from cleaning_desk import number
from survey_desk import (
    OTHER_TOWN,
    TOWN,
    VILLAGES,
    answers,
    city_officer,
    clerk,
    county_officer,
    entered,
    seen,
    tasks,
    who,
)


def test_forms_that_are_remarkable_are_marked_and_nothing_is_blocked(people):
    campaign = under_way(forms=0, approved=0)
    first, second, *others = tasks(campaign, state="assigned")
    said = {"task_id": first.pk, "based_on": 0, "by": clerk(), "seconds": 12}
    entries.submit(written=answers(signed="0", mobile="13800138009"), reasons={"SF07": "不识字，按了手印"}, **said)
    entered(second, mobile="13800138008")
    found = marks_of(campaign)
    assert found == {(first.pk, "too_fast"): "12", (first.pk, "unsigned"): "", (first.pk, "passed"): "SF07"}
    assert seen(first).state == "submitted" and len(others) == 6


def test_one_mobile_for_many_is_marked_on_all_their_forms(people):
    campaign = under_way(forms=0, approved=0)
    for task in tasks(campaign, state="assigned")[:5]:
        written = answers(mobile="13800138007", residence_address=f"某路{task.pk}号")
        entries.submit(task_id=task.pk, written=written, reasons={"SF11": "同住一户"}, based_on=0, by=clerk())
    shared = {key: detail for key, detail in marks_of(campaign).items() if key[1] == "shared_mobile"}
    assert len(shared) == 5 and set(shared.values()) == {"5"}


def test_somebody_who_walks_in_while_marks_are_made_is_marked_too(people, monkeypatch):
    campaign, by = under_way(forms=0, approved=0, scope=Scope(places=(TOWN,))), clerk(OTHER_TOWN)
    due = marking._due

    def hand_in():
        task = walk_in(campaign=campaign, number=number(5), by=by)
        entries.submit(task_id=task.pk, written=answers(), reasons={}, based_on=0, seconds=12, by=by)
        connection.close()
        return task

    def due_after_that(campaign_id):
        with ThreadPoolExecutor(1) as pool:
            walked_in.append(pool.submit(hand_in).result())
        return due(campaign_id)

    walked_in = []
    monkeypatch.setattr(marking, "_due", due_after_that)
    mark(campaign.pk)
    monkeypatch.undo()
    assert marks_of(campaign) == {(walked_in[0].pk, "too_fast"): "12"}


def test_returns_and_spot_checks_that_differ(people):
    campaign = under_way(forms=2, approved=1)
    returned = tasks(campaign, state="submitted")[0]
    reviews.return_(
        task_id=returned.pk, version=returned.version, reasons=["missing", "illegible"], words="", comments={},
        by=county_officer(),
    )  # fmt: skip
    sample = sampling.draw(campaign=campaign, kind="recheck", percent=100, by=city_officer(), seed=1)
    with working():
        drawn = sample.drawn.get()
    sampling.record(drawn_id=drawn.pk, result="differs", words="本人说没有人来过", by=city_officer())
    count(campaign.pk)
    assert marks_of(campaign) == {
        (returned.pk, "returned"): "illegible,missing", (drawn.task_id, "check_differs"): "recheck",
    }  # fmt: skip
    found = quality(campaign.pk, by=city_officer())
    assert found.details["returned"] == {"illegible": 1, "missing": 1}
    assert found.checks == {"recheck": {"differs": 1}} and found.whole.forms == 2


def test_a_mark_goes_when_the_form_is_put_right_and_marking_again_changes_nothing(people):
    campaign = under_way(forms=0, approved=0)
    task = tasks(campaign, state="assigned")[0]
    entries.submit(
        task_id=task.pk, written=answers(signed="0"), reasons={"SF07": "按了手印"}, based_on=0, by=clerk(), seconds=9
    )
    assert mark(campaign.pk) == {"set": 3, "taken_away": 0} and mark(campaign.pk) == {"set": 0, "taken_away": 0}
    entries.withdraw(task_id=task.pk, version=seen(task).version, by=clerk())
    entered(seen(task))
    assert marks_of(campaign) == {}


def test_visits_that_are_remarkable(people):
    campaign = under_way(forms=0, approved=0)
    task = tasks(campaign, state="assigned")[0]
    attempt = entries.Attempt(
        at=timezone.now(), way="2", outcome="2", latitude=23.0, longitude=113.0, is_position_faked=True
    )
    entries.visit(task_id=task.pk, attempt=attempt, by=clerk())
    assert marks_of(campaign) == {(task.pk, "faked"): ""}


def test_marks_are_counted_by_place_and_surveyor_and_lead_to_tasks_without_names(people):
    campaign = under_way(forms=4, approved=0)
    task = tasks(campaign, state="submitted", place=VILLAGES[0])[0]
    reviews.return_(
        task_id=task.pk, version=task.version, reasons=["missing"], words="", comments={}, by=county_officer()
    )
    mark(campaign.pk)
    found = quality(campaign.pk, by=county_officer())
    assert {one.key: (one.forms, one.marks) for one in found.places} == {TOWN: (4, {"returned": 1})}
    assert [(one.name, one.forms, one.in_all) for one in found.surveyors] == [("调查甲", 4, 1)]
    _, (one,) = marked(campaign.pk, "returned", by=county_officer(), detail="missing", surveyor=task.surveyor_id)
    assert (one.task, one.place, one.state, one.detail) == (task.pk, VILLAGES[0], "returned", "missing")
    assert marked(campaign.pk, "returned", by=county_officer(), detail="illegible")[1] == []
    assert marked(campaign.pk, "returned", by=county_officer(), after=one.id)[1] == []


def test_marks_are_seen_in_their_area_and_by_supervisors_alone(people):
    campaign = under_way(forms=1, approved=0)
    mark(campaign.pk)
    assert quality(campaign.pk, by=who("county_officer", "440605")).whole.marks == {}
    for by in (clerk(), who("county_officer", "440106")):
        with pytest.raises(Refused):
            quality(campaign.pk, by=by)
        with pytest.raises(Refused):
            marked(campaign.pk, "unsigned", by=by)
    with pytest.raises(Refused, match="没有这种标记"):
        marked(campaign.pk, "clumsy", by=county_officer())


def test_an_approved_form_keeps_its_marks(people):
    campaign = under_way(forms=0, approved=0)
    task = tasks(campaign, state="assigned")[0]
    entries.submit(task_id=task.pk, written=answers(), reasons={}, based_on=0, by=clerk(), seconds=5)
    approve(task)
    assert marks_of(campaign) == {(task.pk, "too_fast"): "5"}


def test_marking_comes_hourly_and_only_if_something_is_new(people, monkeypatch):
    campaign, said = under_way(forms=1, approved=0), []
    monkeypatch.setattr(watching, "mark", said.append)
    watch()
    assert said == [campaign.pk], "never marked before"
    Watch.objects.filter(campaign=campaign).update(marked_at=timezone.now() - timedelta(minutes=30))
    watch()
    assert len(said) == 1, "half an hour ago"
    set_back("survey_taskmove", "at", 1)
    Watch.objects.filter(campaign=campaign).update(marked_at=timezone.now() - timedelta(hours=2))
    watch()
    assert len(said) == 1, "nothing new since"
    entered(tasks(campaign, state="assigned")[0])
    watch()
    assert len(said) == 2
