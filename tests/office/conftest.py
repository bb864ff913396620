"""Officers who have signed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import override_settings
from office_browsers import PASSWORD, Browser, make_officer

from canbao.registry import audit

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


class Log:
    """A log that answers what a test puts into it."""

    def __init__(self) -> None:
        self.entries: list[dict] = []
        self.unusual: list[dict] = []
        self.state: dict | None = None
        self.asked: list[tuple] = []


@pytest.fixture
def log(monkeypatch) -> Log:
    """The log's questions, answered by the test."""
    kept = Log()
    monkeypatch.setattr(audit, "who_saw", lambda cursor, object: _asked(kept, kept.entries, object), raising=False)
    monkeypatch.setattr(
        audit,
        "what_did",
        lambda cursor, id_, since, until: _asked(kept, kept.entries, id_, since, until),
        raising=False,
    )
    monkeypatch.setattr(
        audit, "unusual", lambda cursor, day, thresholds: _asked(kept, kept.unusual, day), raising=False
    )
    monkeypatch.setattr(audit, "state", lambda cursor: kept.state, raising=False)
    return kept


def _asked(kept: Log, answer: list[dict], *asked: object) -> list[dict]:
    kept.asked.append(asked)
    return answer
