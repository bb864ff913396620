"""A register with people to be surveyed."""

from __future__ import annotations

import pytest
from survey_desk import city


@pytest.fixture
def people(register) -> None:
    """Twelve people of three villages who are in no insurance."""
    city()
