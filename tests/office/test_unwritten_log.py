"""Reads of personal data stop when their audit row can't be written; what passes is a 503 with its reason."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connections
from office_browsers import home_meeting
from psycopg.errors import DiskFull

from canbao.law.duties import read_duties
from canbao.registry import deeds

LOOKED_FOR = "440604198001010014"


def asking(opened):
    """An officer who has asked a question, and is about to see the answer."""
    browser = opened("county_officer")
    browser.raise_request_exception = False
    question = {"number": LOOKED_FOR, "purpose": next(iter(read_duties().purposes))}
    assert browser.post("/people/", question).status_code == 302
    return browser


def full(cursor: object, entry: object) -> int:
    raise OperationalError from DiskFull("could not extend file: No space left on device")


def test_a_full_disk_stops_looking_people_up(opened, monkeypatch):
    browser = asking(opened)
    monkeypatch.setattr(deeds, "append", full)
    answer = browser.get("/people/found/")
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10"), page
    assert "磁盘写满" in page and LOOKED_FOR not in page


def test_a_log_without_permission_stops_looking_people_up(opened):
    browser = asking(opened)
    with connections["owner"].cursor() as cursor:
        cursor.execute("REVOKE INSERT ON audit_log FROM canbao_app")
    try:
        answer = browser.get("/people/found/")
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("GRANT INSERT ON audit_log TO canbao_app")
    assert answer.status_code == 503 and "审计日志写不进去" in answer.content.decode()
    assert browser.get("/people/found/").status_code == 200


@pytest.mark.parametrize("problem", [OperationalError("terminating connection"), OSError(28, "No space left")])
def test_what_passes_is_said_with_503(opened, monkeypatch, problem):
    answer = home_meeting(problem, opened("auditor"), monkeypatch)
    assert answer.status_code == 503 and "暂时不能用" in answer.content.decode()
