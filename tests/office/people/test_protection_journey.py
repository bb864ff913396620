"""In a real browser: a person is protected by two officers; a clerk opens an emergency, and a superior reviews it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from office_journeys import fits, sit_down
from office_site import browsing_at, serving
from people_made import Desk, officer
from playwright.sync_api import Page, expect

from canbao.registry.models import Officer

SCAN = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 made for tests"}
WHO = {
    "asker": ("county_officer", "440604"), "decider": ("city_data_officer", "4406"),
    "reader": ("county_officer", "440604"), "clerk": ("county_officer", "440604"),
    "superior": ("supervisor", "4406"), "guard": ("security_administrator", "4403"),
}  # fmt: skip


@pytest.fixture
def seats(cities) -> dict[str, str]:
    """The session of each officer, and the number of the person."""
    made = {account: Desk(officer(duty, area, account)) for account, (duty, area) in WHO.items()}
    for account in made:
        Officer.objects.filter(username=account).update(staff_number=account)
    sessions = {account: desk.session.session_key for account, desk in made.items()}
    return {**sessions, "number": cities.own.ssn, "id": str(cities.own_id), "foreign": cities.foreign.ssn}


@pytest.fixture
def browsing(seats) -> Iterator[Page]:
    """A browser at the office."""
    with serving() as site, browsing_at(site) as page:
        yield page


def search(page: Page, number: str) -> None:
    """Look for a number at the counter."""
    page.goto("/people/")
    page.select_option("#id_purpose", "counter")
    page.fill("#id_number", number)
    page.click("button:has-text('查询')")


def test_a_person_is_protected(browsing, seats):
    page = browsing
    sit_down(page, seats["asker"])
    search(page, seats["number"])
    page.click("td a.code")
    page.click("a:has-text('申请保护')")
    page.select_option("#id_cause", "witness")
    page.fill("#id_readers", "reader nobody.here")
    page.fill("#id_reason", "公安机关来函要求保护")
    page.fill("#id_label", "公安机关来函")
    page.set_input_files("#id_scan", SCAN)
    page.click("button:has-text('提出申请')")
    expect(page.locator(".alert-danger")).to_contain_text("nobody.here")
    fits(page, "protection-ask")
    page.fill("#id_readers", "reader")
    page.set_input_files("#id_scan", SCAN)
    page.click("button:has-text('提出申请')")
    expect(page.locator(".alert-success")).to_contain_text("等待另一位")

    sit_down(page, seats["decider"])
    page.goto("/protections/")
    expect(page.locator("tbody tr")).to_contain_text("待决定")
    fits(page, "protections")
    page.click("tbody a")
    expect(page.locator("button:has-text('同意')")).to_be_visible()
    fits(page, "protection")
    page.click("button:has-text('同意')")
    expect(page.locator("h1")).to_contain_text("保护中")

    sit_down(page, seats["asker"])
    search(page, seats["number"])
    expect(page.locator(".nothing")).to_contain_text("没有符合条件的人")
    sit_down(page, seats["reader"])
    search(page, seats["number"])
    page.click("td a.code")
    expect(page.locator("h1 .badge")).to_have_text("受保护")
    fits(page, "protected-person")


def test_an_emergency_is_opened_and_reviewed(browsing, seats):
    page = browsing
    sit_down(page, seats["clerk"])
    page.goto("/people/")
    page.click("main a:has-text('紧急查询')")
    page.fill("#id_place", "440600")
    page.fill("#id_reason", "台风转移安置，需核对身份")
    page.click("main button:has-text('开启')")
    expect(page.locator(".alert-danger")).to_contain_text("地方太大")
    fits(page, "emergency-open")
    page.fill("#id_place", "440305")
    page.click("main button:has-text('开启')")
    expect(page.locator(".office-emergency")).to_contain_text("南山区")
    page.fill("#id_number", seats["foreign"])
    page.click("button:has-text('查询')")
    fits(page, "emergency-search")
    page.click("td a.code")
    expect(page.locator("h1")).to_contain_text("令狐")
    assert page.get_by_role("link", name="与另一号码合并").count() == 0
    fits(page, "emergency-person")

    sit_down(page, seats["guard"])
    page.goto("/alarms/")
    expect(page.locator("tbody")).to_contain_text("开启紧急查询")
    expect(page.locator("tbody")).to_contain_text("地方：深圳市南山区")
    fits(page, "emergency-alarm")

    sit_down(page, seats["clerk"])
    page.goto("/people/")
    page.click(".office-emergency button:has-text('查本辖区')")
    expect(page.locator("#id_purpose")).to_be_visible()
    page.click(".office-emergency button:has-text('结束')")
    expect(page.locator(".office-emergency")).to_have_count(0)

    sit_down(page, seats["superior"])
    page.goto("/")
    page.click("a.card:has-text('待复核紧急查询')")
    fits(page, "emergencies")
    page.click("tbody a")
    fits(page, "emergency")
    page.select_option("#id_verdict", "justified")
    page.fill("#id_words", "已向安置点核实")
    page.click("button:has-text('记录复核')")
    expect(page.locator("h1")).to_contain_text("理由成立")
    page.goto("/")
    expect(page.locator("a.card:has-text('待复核紧急查询') .big")).to_have_text("0")
