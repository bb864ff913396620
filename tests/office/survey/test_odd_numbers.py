"""What looks like a number to Python and is none, such as ², is taken as no number, and breaks no page."""

from __future__ import annotations

import pytest

from canbao.office.pages import number
from canbao.registry.lookup import LARGEST_ID
from survey_desk import TOWN, running, split, tasks

ODD = ("²", "٣", "-1", "1.0", " 1", "9" * 5_000, "")


@pytest.mark.parametrize("written", ODD)
def test_what_is_no_number_is_none(written):
    assert number(written) is None


def test_a_number_has_so_many_digits_at_most_and_is_never_more_than_the_largest_key():
    assert (number("0"), number("007"), number("9" * 19)) == (0, 7, LARGEST_ID)
    assert (number("999", 3), number("1000", 3)) == (999, None)


def test_a_version_that_is_no_number_is_one_that_has_passed(opened, people):
    campaign = running()
    split(campaign)
    (one, *_) = tasks(campaign, place__startswith=TOWN)
    clerk, officer = opened("town_clerk", TOWN, "clerk"), opened("county_officer", "440604", "officer")
    for written in ODD:
        assert clerk.post(f"/tasks/{one.pk}/withdraw/", {"version": written}).status_code in (403, 409), written
        for chosen in (f"{one.pk}:{written}", f"{written}:{one.version}", written):
            answer = officer.post(f"/campaigns/{campaign.pk}/reviews/clean/", {"task": [chosen]}, follow=True)
            assert "已通过 0 份" in answer.content.decode(), chosen
