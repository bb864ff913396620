"""The archive's pages, over a campaign whose forms are in the register."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from django.urls import NoReverseMatch, reverse

from canbao.office.campaigns import tabs

SURVEY = Path(__file__).parents[2] / "survey"
sys.path += [str(SURVEY), str(SURVEY / "archive")]


@pytest.fixture(autouse=True)
def built_tabs(monkeypatch) -> None:
    """Only the tabs of a campaign whose pages are built."""
    monkeypatch.setattr(tabs, "TABS", tuple(tab for tab in tabs.TABS if _is_built(tab.name)))


def _is_built(name: str) -> bool:
    try:
        reverse(name, args=[1])
    except NoReverseMatch:
        return False
    return True


@pytest.fixture
def people(register) -> None:
    """Twelve people of three villages who are in no insurance."""
    from survey_desk import city

    city()
