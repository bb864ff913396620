"""A campaign under way whose first town's tasks are with a surveyor, and a folder for what is printed."""

from __future__ import annotations

import pytest

from canbao.survey.models import Campaign
from survey_desk import running, split


@pytest.fixture
def spool(settings_changed, tmp_path):
    """A spool of the test's own."""
    settings_changed(SPOOL=tmp_path)
    return tmp_path


@pytest.fixture
def campaign(people, spool) -> Campaign:
    """Twelve tasks; the eight of the first town are with its surveyor."""
    campaign = running()
    split(campaign)
    return campaign
