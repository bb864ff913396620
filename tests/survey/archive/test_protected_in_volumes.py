"""Somebody who is protected after their form was sorted is filed with all others, and shown to nobody."""

from __future__ import annotations

from archive_desk import archive_room, archiving, as_it_is, fates, sorted_volume, states, surveyed
from canbao.registry.actions import requests
from canbao.registry.actions.papers import File
from canbao.registry.actions.protections import ask_protection
from survey_desk import clerk, county_officer, who


def protect(person_id: int) -> None:
    """Two officers of the province protect somebody; a third alone may see them."""
    reader = who("city_data_officer", "4406", "reader")
    request = ask_protection(
        person_id=person_id, cause="witness", readers=[reader.username], until=None, reason="公安机关来函要求保护",
        papers=[File("来函", b"%PDF-1.7 made for tests")], by=who("provincial_officer", "44", "asker"),
    )  # fmt: skip
    requests.approve(request=request, by=who("provincial_officer", "44", "decider"))


def test_a_protected_person_s_form_is_counted_and_filed_and_not_shown(people):
    campaign, found = surveyed("2223")
    volume, hidden = sorted_volume(campaign), found[1]
    protect(hidden.person_id)
    assert hidden.pk not in fates(volume, clerk())
    archiving.hand_over(volume_id=volume.pk, sheets=1, forms=3, by=clerk())
    assert hidden.pk in as_it_is(volume).order
    assert hidden.pk not in fates(volume, county_officer())
    archive_room.accept(volume_id=volume.pk, sheets=1, forms=3, shelf="1", by=county_officer())
    assert states(found) == ["archived"] * 4
