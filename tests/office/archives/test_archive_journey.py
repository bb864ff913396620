"""In a real browser, by keyboard: a clerk sorts a village and hands it over, the county counts and finds it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from office_journeys import fits, sit_down
from office_site import browsing_at, serving
from playwright.sync_api import Page, expect

from archive_desk import surveyed
from survey_desk import TOWN


@pytest.fixture
def seats(people, opened) -> dict[str, str]:
    """The sessions of a clerk and a county's officer, and the campaign."""
    campaign, found = surveyed("2223")
    sessions = {
        duty: opened(duty, area, f"seat-{duty}").session.session_key
        for duty, area in (("town_clerk", TOWN), ("county_officer", "440604"))
    }
    return {**sessions, "campaign": str(campaign.pk), "task": str(found[0].pk)}


@pytest.fixture
def page(seats) -> Iterator[Page]:
    with serving() as site, browsing_at(site) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        yield page


def test_from_the_sorted_village_to_the_shelf(page, seats):
    sit_down(page, seats["town_clerk"])
    page.goto(f"/campaigns/{seats['campaign']}/archive/")
    fits(page, "villages-before")
    page.get_by_role("button", name="开始整理").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="归档目录")).to_be_visible()
    fits(page, "volume-new")
    page.get_by_label(f"任务 {seats['task']} 缺的原因").select_option("lost")
    page.get_by_role("button", name="其余的都在卷").press("Enter")
    expect(page.get_by_text("其余的都标为在卷了")).to_be_visible()
    page.get_by_label("盒号").fill("石湾-01")
    page.keyboard.press("Enter")
    expect(page.get_by_text("盒号已保存")).to_be_visible()
    page.get_by_label("汇总表（张）").fill("1")
    page.get_by_label("登记表（份）").fill("3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("您清点的登记表是 3 份，目录里标为在卷的是 2 份")
    fits(page, "volume-sorted")
    page.get_by_label("汇总表（张）").fill("1")
    page.get_by_label("登记表（份）").fill("2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已移交，等县区清点接收")).to_be_visible()
    at = page.url
    sit_down(page, seats["county_officer"])
    page.goto(at)
    fits(page, "volume-handed-over")
    page.get_by_label("清点的汇总表（张）").fill("1")
    page.get_by_label("清点的登记表（份）").fill("2")
    page.get_by_label("架位").fill("二号库 3 架 2 层")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已接收")).to_have_count(2)
    fits(page, "volume-accepted")
    page.goto(f"/campaigns/{seats['campaign']}/archive/")
    fits(page, "villages-after")
    page.goto("/archives/")
    page.get_by_label("架位").fill("二号库")
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="二号库 3 架 2 层")).to_be_visible()
    fits(page, "finding")
    page.goto("/archives/due/")
    fits(page, "due")
