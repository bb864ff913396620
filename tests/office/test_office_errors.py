"""When something goes wrong a page in Chinese says so, and no more than that."""

from __future__ import annotations

import pytest
from django.core.exceptions import SuspiciousOperation
from office_browsers import Browser, home_meeting


@pytest.mark.parametrize(
    ("problem", "status", "words"),
    [
        (RuntimeError("440604198001010014 in a message"), 500, "系统出了差错"),
        (SuspiciousOperation("440604198001010014"), 400, "请求有误"),
        (PermissionError("440604198001010014"), 500, "系统出了差错"),
    ],
)
def test_what_went_wrong_stays_on_the_server(opened, monkeypatch, problem, status, words):
    answer = home_meeting(problem, opened("auditor"), monkeypatch)
    page = answer.content.decode()
    assert answer.status_code == status and words in page
    assert "440604198001010014" not in page and "Traceback" not in page and "RuntimeError" not in page


@pytest.mark.parametrize("kind", ["application/json", "text/html", "*/*"])
def test_a_missing_page_is_a_page_whatever_is_asked_for(opened, kind):
    answer = opened("auditor").get("/nowhere/", headers={"Accept": kind})
    assert answer.status_code == 404 and "没有这一页" in answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_stranger_at_a_missing_page_sees_no_navigation(register):
    page = Browser().get("/nowhere/").content.decode()
    assert "没有这一页" in page and "office-rail" not in page


def test_a_host_that_is_not_ours_is_refused(register):
    answer = Browser(HTTP_HOST="evil.example").get("/sign-in/")
    assert answer.status_code == 400 and "请求有误" in answer.content.decode()


def test_a_refusal_names_the_duty_and_what_it_may_not(opened):
    answer = opened("auditor").get("/officers/")
    assert answer.status_code == 403 and "审计员" in answer.content.decode()
