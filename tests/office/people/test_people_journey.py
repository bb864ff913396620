"""A counter clerk in a real browser: search, person, why, and the whole for once; at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from office_journeys import fits, sit_down
from office_site import browsing_at, serving
from people_made import Desk, officer
from playwright.sync_api import Page, expect


@pytest.fixture
def seats(conflict) -> dict[str, str]:
    """The session of each officer, by duty: they sign in before the browser starts, whose thread may not ask Django."""
    desks = (Desk(officer("county_officer", "440604")), Desk(officer("city_data_officer", "4403")))
    return {desk.by.duty: desk.session.session_key for desk in desks}


@pytest.fixture
def site(seats) -> Iterator[str]:
    """The office on a loopback port; gives its address."""
    with serving() as address:
        yield address


@pytest.fixture
def browsing(site) -> Iterator[Page]:
    """A browser that asks the office alone and has nothing to complain of."""
    with browsing_at(site) as page:
        yield page


def test_from_the_search_to_the_whole(browsing, seats, cities):
    page = browsing
    sit_down(page, seats["county_officer"])
    page.goto("/people/")
    page.get_by_label("查询用途").select_option("counter")
    page.get_by_label("街道（乡镇）").select_option("440604012")
    page.get_by_label("社区（村）").select_option("440604012001")
    fits(page, "search")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("tbody tr")).to_have_count(5)
    fits(page, "found")
    page.locator("tr", has_text="欧阳明月").get_by_role("link").click()
    address = page.url
    for label in ("就业状态", "处理去向"):
        page.locator("dt", has_text=label).locator("+ dd").get_by_role("link", name="为什么").click()
    expect(page.locator("#why-employment_status")).to_contain_text("劳动就业登记为单位就业")
    expect(page.locator("#why-disposition a").first).to_be_visible()
    assert page.url == address and cities.own.ssn not in page.content()
    fits(page, "person")
    page.get_by_label("完整显示的用途").select_option("objection")
    page.get_by_role("button", name="显示完整").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(cities.own.ssn)
    fits(page, "whole")
    page.get_by_role("link", name="恢复遮盖").click()
    assert cities.own.ssn not in page.content()


def test_a_conflict_is_settled_at_the_desk(browsing, seats):
    page = browsing
    sit_down(page, seats["city_data_officer"])
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/conflicts/")
    fits(page, "conflicts")
    page.locator("tbody a").first.click()
    fits(page, "conflict")
    page.get_by_text("是同一人：").first.check()
    page.get_by_label("理由").fill("电话核实，是改名")
    page.get_by_role("button", name="核准").click()
    expect(page.get_by_text("结论：是同一人")).to_be_visible()
