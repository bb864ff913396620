"""Two officers of the province, and a person under two numbers."""

from __future__ import annotations

import pytest
from office_browsers import Browser
from two_numbers import COVER, HOUSEHOLD, NEW, OLD

from setting_desk import key, put_in


@pytest.fixture
def two(register) -> tuple[int, int]:
    """A household under one number, a cover under another; their keys."""
    put_in("440100", household=HOUSEHOLD)
    put_in("440300", insurance=COVER)
    return key(OLD), key(NEW)


@pytest.fixture
def officers(opened, two) -> tuple[Browser, Browser]:
    """Who asks and who decides, each with a purpose stated."""
    first, second = opened("provincial_officer", "44", "first"), opened("provincial_officer", "44", "second")
    for one in (first, second):
        one.post(f"/people/{two[0]}/", {"purpose": "setting_right"})
    return first, second
