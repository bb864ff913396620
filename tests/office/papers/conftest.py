"""A campaign under way, and browsers at which its officers sit."""

from __future__ import annotations

import pytest
from office_browsers import Browser

from canbao.registry.models import Officer
from canbao.survey.models import Campaign
from people_of_office import PASSWORD
from survey_desk import city, city_officer, clerk, running, split


@pytest.fixture
def campaign(register, settings_changed, tmp_path) -> Campaign:
    """Twelve tasks; the eight of the first town are with its surveyor."""
    settings_changed(SPOOL=tmp_path)
    city()
    campaign = running()
    split(campaign)
    return campaign


def at_desk(officer: Officer) -> Browser:
    """A browser at which an officer of the survey has signed in."""
    browser = Browser()
    browser.officer = officer
    browser.post("/sign-in/", {"username": officer.username, "password": PASSWORD})
    return browser


@pytest.fixture
def town(campaign) -> Browser:
    """The town's clerk."""
    return at_desk(clerk())


@pytest.fixture
def city_desk(campaign) -> Browser:
    """The city's officer."""
    return at_desk(city_officer())
