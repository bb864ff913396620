"""What an auditor reads, and what a city's auditor does not."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from office_browsers import make_officer

from canbao.core.cells import inert
from canbao.registry.access import working
from canbao.registry.deeds import origin

ENTRY = {
    "at": datetime(2026, 11, 25, 1, 2, 3, tzinfo=UTC), "officer_id": 7, "account": "zhang.san", "person_name": "张三",
    "duty": "county_officer", "area": "440604", "origin": "10.0.0.1 abc", "action": "person.see", "purpose": "counter",
    "decision": "allowed", "objects": ["person:1"], "details": {"found": 1},
}  # fmt: skip


def registered(id_: int, ssn: str, areas: str) -> None:
    with working("44"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO person (id, ssn, is_household, qualities, open_conflict, judged_on, areas, home, version) "
            "VALUES (%s, %s, true, 0, false, '2026-01-01', %s, '440604', 1)",
            [id_, ssn, areas],
        )
        cursor.execute("INSERT INTO person_identifier (ssn, person_id) VALUES (%s, %s)", [ssn, id_])


def without_token(page: bytes) -> bytes:
    """The page without what makes each form of it different."""
    return re.sub(rb"[A-Za-z0-9]{64}", b"", page)


@pytest.fixture
def people(register) -> None:
    registered(1, "44060419800101001X", "|440604")
    registered(2, "44010319800101002X", "|440103")


def test_who_saw_a_person_by_key_and_by_number(opened, people, log):
    browser, log.entries = opened("auditor"), [ENTRY]
    for written in ("1", "44060419800101001x"):
        answer = browser.post("/audit/person/", {"person": written}, follow=True)
        page = answer.content.decode()
        assert answer.redirect_chain[-1][0] == "/audit/people/1/"
        assert "张三" in page and "窗口办理" in page and "查看个人登记" in page
    assert log.asked == [("person:1",), ("person:1",)]


def test_a_number_shows_nothing_of_the_person(opened, people, log):
    page = opened("auditor").say("/audit/person/", person="44060419800101001X")
    assert "44060419800101001X" not in page


def test_a_city_auditor_asks_about_the_own_people_only(opened, people, log):
    browser = opened("auditor", "4406")
    assert browser.post("/audit/person/", {"person": "44010319800101002X"}).headers["Location"] == "/audit/"
    assert "本范围内没有这个人" in browser.read("/audit/")
    elsewhere, nobody = browser.get("/audit/people/2/"), browser.get("/audit/people/3/")
    assert elsewhere.status_code == nobody.status_code == 403
    assert without_token(elsewhere.content) == without_token(nobody.content)
    assert log.asked == []


def test_what_an_officer_of_the_area_did(opened, log):
    browser, log.entries = opened("auditor", "4406"), [ENTRY]
    near, far = make_officer("county_officer", "440604", "near"), make_officer("county_officer", "440103", "far")
    page = browser.read(f"/audit/officers/{near.pk}/?since=2026-11-01&until=2026-11-30")
    assert "张三" in page and "准许" in page
    assert browser.get(f"/audit/officers/{far.pk}/").status_code == 404
    ((asked, since, until),) = log.asked
    assert asked == near.pk and (since.date(), until.date()) == (date(2026, 11, 1), date(2026, 12, 1))


@pytest.mark.parametrize("days", ["since=2026-11-30&until=2026-11-01", "since=2020-01-01&until=2026-11-01"])
def test_days_the_wrong_way_round_or_too_many_are_refused(opened, log, days):
    browser, officer = opened("auditor"), make_officer("county_officer")
    assert browser.get(f"/audit/officers/{officer.pk}/?{days}").status_code == 403 and log.asked == []


def test_a_day_that_is_none_is_said_so(opened, log):
    browser, officer = opened("auditor"), make_officer("county_officer")
    page = browser.get(f"/audit/officers/{officer.pk}/?since=x&until=2026-11-01")
    assert page.status_code == 200 and "invalid-feedback" in page.content.decode() and log.asked == []


def test_the_file_runs_nothing_in_a_spreadsheet(opened, people, log):
    log.entries = [{**ENTRY, "person_name": "=1+1", "account": "@x", "details": {}, "origin": "-2"}]
    answer = opened("auditor").get("/audit/people/1/csv/")
    headers, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    row = dict(zip(headers, line, strict=True))
    assert (row["姓名"], row["账号"], row["来源"]) == ("'=1+1", "'@x", "'-2")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="person-1.csv"'


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "\n=1", "'=1", "<r>x</r>"])
def test_cells_that_begin_like_formulas_are_text(cell):
    assert inert(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["张三", "1-2", "a=b", ""])
def test_other_cells_stay_as_they_are(cell):
    assert inert(cell) == cell


def test_unusual_days_of_the_area(opened, log):
    seen = {
        "officer_id": 1,
        "account": "near",
        "person_name": "近",
        "duty": "county_officer",
        "kind": "people",
        "count": 400,
    }
    log.unusual = [{**seen, "area": "440604"}, {**seen, "area": "440103", "person_name": "远"}]
    page = opened("auditor", "4406").read("/audit/days/?day=2026-11-24")
    assert "近" in page and "远" not in page


def test_the_state_of_the_log(opened, log):
    browser = opened("auditor")
    assert "日志还没有内容" in browser.read("/audit/")
    log.state = {"entries": 12345, "last_at": ENTRY["at"], "faults": ["第 7 条被改动"], "checkpoint_at": None}
    page = browser.read("/audit/")
    assert "12,345" in page and "第 7 条被改动" in page and "有断裂" in page


def test_the_log_knows_where_a_request_comes_from(opened, monkeypatch):
    seen: list[str] = []
    from canbao.office.home import views

    monkeypatch.setattr(views, "waiting_for", lambda by: (seen.append(origin.get()), 1 / 0))
    browser = opened("auditor")
    browser.raise_request_exception = False
    browser.get("/", REMOTE_ADDR="10.1.2.3", headers={"X-Forwarded-For": "1.1.1.1"})
    address, session = seen[0].split()
    assert address == "10.1.2.3" and len(session) == 16 and session not in browser.session.session_key
    assert origin.get() == ""


def test_our_own_proxy_is_believed_and_nobody_else(register, settings_of):
    from django.test import RequestFactory

    from canbao.office.sessions import address_of

    asked = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "6.6.6.6, 10.9.9.9"})
    assert address_of(asked) == "10.0.0.1"
    with settings_of(PROXIES=frozenset({"10.0.0.1"})):
        assert address_of(asked) == "10.9.9.9"
