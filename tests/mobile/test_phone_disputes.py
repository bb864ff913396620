"""What a phone sent and could not be carried out: kept, decided by the county, and the surveyor is told."""

from __future__ import annotations

import pytest

from canbao.registry.access import Refused, working
from canbao.survey.actions import splitting
from canbao.survey.models import Device, Entry, PhoneAction
from canbao.survey.phones import disputes
from phone_desk import Phone, bound_phone, digest, key, under_way
from survey_desk import clerk, county_officer, seen, who

pytestmark = pytest.mark.usefixtures("people")


def state_of(text: str) -> str:
    with working():
        return PhoneAction.objects.get(key=key(text), sha256=digest(text)).state


def forms(task) -> int:
    with working():
        return Entry.objects.filter(task=task).count()


def disputed() -> tuple[Phone, object, str]:
    """A phone whose form could not be taken: the task was taken back before it came."""
    campaign, _, mine = under_way()
    phone = bound_phone()
    form = phone.form(mine[0].pk)
    splitting.take_back(campaign=campaign, tasks=[mine[0].pk], by=clerk())
    assert phone.send(form)[0]["state"] == "dispute"
    return phone, mine[0], form


def dispute_id(form: str) -> int:
    with working():
        return PhoneAction.objects.get(key=key(form)).pk


def test_a_dispute_is_carried_out_once_its_reason_is_gone():
    phone, task, form = disputed()
    with pytest.raises(Refused, match="还是办不了"):
        disputes.try_again(action_id=dispute_id(form), by=county_officer())
    with working():
        one = Device.objects.get(key=phone.device).surveyor
    splitting.assign(campaign=seen(task).campaign, tasks=[task.pk], surveyor=one, by=clerk())
    disputes.try_again(action_id=dispute_id(form), by=county_officer())
    assert forms(task) == 1 and state_of(form) == "taken"
    with pytest.raises(Refused):
        disputes.try_again(action_id=dispute_id(form), by=county_officer())
    open_ = [[str(key(form)), digest(form)]]
    assert phone.contact(open=open_)["settled"][0]["state"] == "taken"


def test_a_dispute_is_set_aside_in_words_that_the_surveyor_is_told():
    phone, task, form = disputed()
    disputes.set_aside(action_id=dispute_id(form), words="已由别人调查", by=county_officer())
    told = phone.contact(open=[[str(key(form)), digest(form)]])["settled"]
    assert [(one["state"], one["says"]) for one in told] == [("set_aside", "已由别人调查")] and forms(task) == 0


def test_disputes_are_for_those_of_the_area_who_may():
    _, _, form = disputed()
    assert [one.pk for one in disputes.disputes(by=county_officer())] == [dispute_id(form)]
    assert disputes.disputes(by=who("county_officer", "440605")) == []
    for by in (who("county_officer", "440605"), clerk()):
        with pytest.raises(Refused):
            disputes.set_aside(action_id=dispute_id(form), words="已由别人调查", by=by)
