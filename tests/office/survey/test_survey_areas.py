"""Every page of a task × every duty × own, lower, sibling and foreign area; protected people are in none of them."""

from __future__ import annotations

import re

import pytest

from canbao.law.duties import read_duties
from canbao.registry.access import working
from canbao.survey.actions import entries
from canbao.survey.models import Sample, SampleTask
from protection_desk import protected
from register_desk import asked
from survey_desk import TOWN, VILLAGES, answers, clerk, county_officer, running, split, tasks

DUTIES = read_duties()
AREAS = {
    "province": ["44"], "city": ["4406", "4401"], "county": ["440604", "440605"],
    "town": [TOWN, "440604012", "440106001"], "village": [VILLAGES[0], VILLAGES[1], "440106001001"],
}  # fmt: skip
HELD = [(duty.id, area) for duty in DUTIES.duties.values() for level in duty.levels for area in AREAS[level]]
SEES = [(duty, area) for duty, area in HELD if DUTIES.allows(duty, "task.list")]


@pytest.fixture
def campaign(people):
    found = running()
    split(found)
    return found


def plain(content: bytes) -> bytes:
    return re.sub(rb'value="[A-Za-z0-9]{64}"|[A-Za-z0-9]{64}|\d{2}:\d{2}', b"", content)


def test_tasks_are_seen_in_their_places_and_nowhere_else(opened, campaign):
    known = tasks(campaign)
    for duty, area in SEES:
        browser = opened(duty, area, f"tester-{duty}-{area}")
        nothing = plain(browser.get("/tasks/999999/").content)
        listed = browser.get(f"/campaigns/{campaign.pk}/tasks/")
        assert listed.status_code == (200 if "4406".startswith(area[:4]) else 404), (duty, area)
        for task in known[:3]:
            is_own = task.place.startswith(area) and duty != "surveyor"
            assert (f'href="/tasks/{task.pk}/"' in listed.content.decode()) == is_own, (duty, area)
            if not is_own:
                refuses(browser, task.pk, nothing)
    assert {task.version for task in tasks(campaign)} == {task.version for task in known}


def refuses(browser, task: int, nothing: bytes) -> None:
    """Nothing of a task of somewhere else is shown or changed; it looks as one that there isn't."""
    for name in ("", "enter/", "review/"):
        answer = browser.get(f"/tasks/{task}/{name}")
        assert answer.status_code in (403, 404)
        assert name or answer.status_code == 403 or plain(answer.content) == nothing
    for name in ("visit", "collect", "withdraw", "judge", "approve", "return", "reopen"):
        assert browser.post(f"/tasks/{task}/{name}/", {"version": 1}).status_code in (403, 404, 409), name


def test_a_surveyor_sees_the_tasks_that_were_given_to_them(opened, campaign):
    browser = opened("surveyor", TOWN)
    one = tasks(campaign, place=VILLAGES[0])[0]
    assert browser.get(f"/tasks/{one.pk}/").status_code == 404
    with working():
        one.surveyor.officer = browser.officer
        one.surveyor.save()
    assert browser.get(f"/tasks/{one.pk}/").status_code == 200
    assert f'href="/tasks/{one.pk}/"' in browser.read(f"/campaigns/{campaign.pk}/tasks/")


def test_protected_people_are_in_no_list_and_on_no_page(opened, campaign):
    one = tasks(campaign)[0]
    before = opened("county_officer", "440604", "before").read(f"/campaigns/{campaign.pk}/tasks/")
    assert f'href="/tasks/{one.pk}/"' in before
    (row,) = asked("SELECT ssn FROM person WHERE id = %s", one.person_id)
    protected(row["ssn"])
    browser = opened("county_officer", "440604", "after")
    assert f'href="/tasks/{one.pk}/"' not in browser.read(f"/campaigns/{campaign.pk}/tasks/")
    assert browser.get(f"/tasks/{one.pk}/").status_code == 404
    clerk_ = opened("town_clerk", TOWN, "clerk-after")
    assert clerk_.get(f"/tasks/{one.pk}/enter/").status_code == 404


def test_a_sample_of_another_area_is_not_opened(opened, campaign):
    task = tasks(campaign)[0]
    entries.submit(task_id=task.pk, written=answers(), reasons={}, based_on=0, by=clerk())
    with working():
        sample = Sample.objects.create(
            campaign=campaign, kind="phone", area="440604", percent=100, seed=1, among=1, drawn_by=county_officer()
        )
        drawn = SampleTask.objects.create(sample=sample, task=task)
    other = opened("county_officer", "440605", "other")
    assert other.get(f"/samples/{sample.pk}/").status_code == 404
    assert other.post(f"/samples/{sample.pk}/{drawn.pk}/", {"result": "same"}, follow=True).status_code in (403, 404)
    with working():
        assert SampleTask.objects.get(pk=drawn.pk).result == ""
    own = opened("county_officer", "440604", "own")
    assert "样例" in own.read(f"/samples/{sample.pk}/")


def test_the_quota_of_tasks_stops_whoever_opens_too_many(opened, campaign, monkeypatch):
    duty = DUTIES.duties["town_clerk"]
    monkeypatch.setitem(DUTIES.duties, "town_clerk", duty.model_copy(update={"tasks_a_day": 2}))
    browser = opened("town_clerk", TOWN, "curious")
    codes = [browser.get(f"/tasks/{task.pk}/").status_code for task in tasks(campaign, place__startswith=TOWN)[:3]]
    assert codes == [200, 200, 403]
