"""Urge letters: to a place below one's own, in words, not every day, and read by those who work there."""

from __future__ import annotations

import pytest
from supervision_desk import set_back, signed_in, under_way

from canbao.registry.access import Refused
from canbao.survey.actions.urging import urge, urged, urges_for
from survey_desk import OTHER_TOWN, TOWN, city_officer, clerk, county_officer, listed, who

WORDS = "本周请把收回的纸表录完。"


def test_a_letter_is_read_in_its_place_and_in_no_other(people):
    campaign = under_way(forms=0, approved=0)
    urge(campaign_id=campaign.pk, place=TOWN, words=WORDS, by=county_officer())
    assert [one.words for one in urges_for(campaign, clerk())] == [WORDS]
    assert urges_for(campaign, clerk(OTHER_TOWN)) == [] and urges_for(campaign, county_officer()) == []
    assert [one.place for one in urged(campaign, county_officer())] == [TOWN]
    assert urged(campaign, who("county_officer", "440605")) == []


def test_a_letter_to_a_county_is_read_in_its_towns_too(people):
    campaign = under_way(forms=0, approved=0)
    urge(campaign_id=campaign.pk, place="440604", words=WORDS, by=city_officer())
    assert len(urges_for(campaign, clerk())) == len(urges_for(campaign, county_officer())) == 1


def test_not_again_within_the_law_s_days(people):
    campaign = under_way(forms=0, approved=0)
    urge(campaign_id=campaign.pk, place=TOWN, words=WORDS, by=county_officer())
    with pytest.raises(Refused, match="3 天以内"):
        urge(campaign_id=campaign.pk, place=TOWN, words=WORDS, by=city_officer())
    urge(campaign_id=campaign.pk, place=OTHER_TOWN, words=WORDS, by=county_officer())
    set_back("survey_urge", "at", 4)
    urge(campaign_id=campaign.pk, place=TOWN, words=WORDS, by=county_officer())


@pytest.mark.parametrize("place", ["440604", "440605", "440106001", "44", "4406", "", "4406040", "440604999", "x"])
def test_a_place_that_is_not_below_one_s_own_is_refused(people, place):
    campaign = under_way(forms=0, approved=0)
    with pytest.raises(Refused, match="本辖区以下"):
        urge(campaign_id=campaign.pk, place=place, words=WORDS, by=county_officer())


def test_words_are_needed_and_bear_no_identity_number(people):
    campaign = under_way(forms=0, approved=0)
    for words, says in (("快", "请写明"), ("请先办 440604198503030019 这一户", "身份号码")):
        with pytest.raises(Refused, match=says):
            urge(campaign_id=campaign.pk, place=TOWN, words=words, by=county_officer())


def test_nobody_is_urged_before_the_survey_or_by_others(people):
    campaign = listed()
    with pytest.raises(Refused, match="不在调查"):
        urge(campaign_id=campaign.pk, place=TOWN, words=WORDS, by=county_officer())
    for by in (clerk(), who("provincial_officer", "44"), who("county_officer", "440106")):
        with pytest.raises(Refused):
            urge(campaign_id=campaign.pk, place=TOWN, words=WORDS, by=by)


def test_the_letter_stands_on_the_campaign_s_first_page_for_its_readers_alone(people):
    campaign = under_way(forms=0, approved=0)
    urge(campaign_id=campaign.pk, place=TOWN, words=WORDS, by=county_officer())
    address = f"/campaigns/{campaign.pk}/"
    assert WORDS in signed_in(clerk()).get(address).content.decode()
    assert WORDS not in signed_in(clerk(OTHER_TOWN)).get(address).content.decode()
