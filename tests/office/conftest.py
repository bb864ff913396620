"""Officers who have signed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import override_settings
from office_browsers import PASSWORD, Browser, make_officer

Opened = Callable[..., Browser]


@pytest.fixture
def opened(register) -> Opened:
    """Makes an officer and signs them in through the door: `opened("auditor")`."""

    def open_for(duty: str, area: str = "", username: str = "", **more: object) -> Browser:
        browser = Browser()
        browser.officer = make_officer(duty, area, username, **more)
        answer = browser.post("/sign-in/", {"username": browser.officer.username, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return browser

    return open_for


@pytest.fixture
def settings_of() -> type[override_settings]:
    """Django's settings, other for a while: `with settings_of(IS_TRIAL=False): …`"""
    return override_settings
