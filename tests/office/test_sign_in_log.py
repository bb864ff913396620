"""What the door writes on the log, and what it must not."""

from __future__ import annotations

import pytest
from office_browsers import PASSWORD, Browser, make_officer

from canbao.registry import deeds
from canbao.registry.actions import sessions
from canbao.registry.audit import Entry
from canbao.registry.models import Officer


@pytest.fixture
def written(monkeypatch) -> list[Entry]:
    """The entries that go on the log."""
    kept: list[Entry] = []
    for module in (deeds, sessions):
        monkeypatch.setattr(module, "append", lambda cursor, entry: kept.append(entry))
    return kept


def said(written: list[Entry]) -> list[tuple[str, str, str]]:
    return [(entry.action, entry.decision, entry.account) for entry in written]


def test_coming_and_going_is_on_the_log(opened, written):
    browser = opened("auditor")
    browser.post("/sign-out/")
    assert said(written) == [("session.begin", "allowed", "auditor"), ("session.end", "allowed", "auditor")]
    assert all(entry.origin.startswith("127.0.0.1 ") for entry in written)


def test_a_failure_is_on_the_log_by_its_account(register, written):
    make_officer("auditor")
    Browser().post("/sign-in/", {"username": "auditor", "password": "wrong"})
    assert said(written) == [("session.begin", "refused", "auditor")]


def test_what_is_typed_for_an_unknown_account_is_not_written_down(register, written):
    Browser().post("/sign-in/", {"username": "44060419800101001X", "password": "wrong"})
    (entry,) = written
    assert "44060419800101001X" not in repr(entry) and entry.details["is_account"] is False


def test_a_session_that_times_out_is_on_the_log(opened, written):
    browser = opened("auditor")
    session = browser.session
    session["seen_at"] -= 3600
    session.save()
    browser.get("/")
    assert written[-1].action == "session.end" and written[-1].details == {"why": "idle"}


def test_nobody_comes_in_when_the_log_cannot_be_written(register, monkeypatch):
    def full(cursor, entry):
        raise OSError("no space left")

    make_officer("auditor")
    monkeypatch.setattr(deeds, "append", full)
    browser = Browser()
    browser.raise_request_exception = False
    answer = browser.post("/sign-in/", {"username": "auditor", "password": PASSWORD})
    assert answer.status_code == 500
    assert browser.get("/").status_code == 302


def test_changing_a_password_is_on_the_log(opened, written):
    browser = opened("auditor")
    new = "另一个够长的密码-2018"
    browser.say("/account/password/", old="wrong", new=new, again=new)
    browser.say("/account/password/", old=PASSWORD, new=new, again=new)
    changes = [line for line in said(written) if line[0] == "password.change"]
    assert changes == [("password.change", "refused", "auditor"), ("password.change", "allowed", "auditor")]


def test_five_wrong_old_passwords_end_the_session(opened):
    browser = opened("auditor")
    new = "另一个够长的密码-2018"
    for _ in range(5):
        browser.say("/account/password/", old="wrong", new=new, again=new)
    assert browser.get("/").status_code == 302 and Officer.objects.get().session_key == ""
