"""In a real browser, without scripts: a resident fills in the form on a small phone and at a desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from office_browsers import make_officer
from office_journeys import fits, keep_picture, sign_in
from office_site import browsing_at, serving
from playwright.sync_api import Page

from canbao.registry.models import Officer
from canbao.survey.models import Task
from filling_desk import code_for, open_campaign
from survey_desk import TOWN, city

SIZES = ((360, 740), (1366, 768))
TARGET = 44
"""Pixels that a finger needs."""


@pytest.fixture
def tasks(register) -> list[Task]:
    city()
    return open_campaign()[1]


@pytest.fixture
def codes(tasks) -> list[str]:
    return [code_for(task) for task in tasks[: len(SIZES)]]


@pytest.fixture
def printing(register) -> Officer:
    return make_officer("town_clerk", TOWN, "printing")


@pytest.fixture
def site(codes, printing) -> Iterator[str]:
    with serving() as site:
        yield site


@pytest.fixture
def page(site) -> Iterator[Page]:
    with browsing_at(site) as page:
        yield page


@pytest.fixture
def plain(page, site) -> Iterator[Page]:
    """A page that runs no scripts."""
    without = page.context.browser.new_context(java_script_enabled=False, base_url=site)
    yield without.new_page()
    without.close()


def looked_at(page: Page, name: str) -> None:
    """The page is no wider than the window, and what is touched is large enough."""
    width = page.viewport_size["width"]
    assert page.locator("main").bounding_box()["width"] <= width
    for one in page.locator("button, .fill-line:visible, .fill-option:visible").all():
        box = one.bounding_box()
        assert box["height"] >= TARGET and box["x"] >= 0 and box["x"] + box["width"] <= width, name
    keep_picture(page, f"fill-{name}-{width}")


def fill(page: Page, code: str) -> None:
    page.goto("/fill/")
    page.get_by_label("通知上的登记码").fill("AAAA-AAAA-AAAA")
    page.get_by_role("button", name="开始填表").click()
    page.get_by_text("这个登记码现在不能用").wait_for()
    looked_at(page, "door")
    page.get_by_label("通知上的登记码").fill(code.lower())
    page.get_by_role("button", name="开始填表").click()
    page.get_by_text("我就是通知上的人").wait_for()
    looked_at(page, "form")
    answer(page)
    page.get_by_label("手机号码").fill("138")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("还没有交上").wait_for()
    looked_at(page, "wrong")
    page.get_by_label("手机号码").fill("13800138009")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("谢谢，表已经交上了").wait_for()
    looked_at(page, "done")


def answer(page: Page) -> None:
    """What follows from an answer is there as soon as it is chosen, and not before."""
    for label in ("我就是通知上的人", "下面填的都是真实情况", "对得上", "不是，住在别的地方"):
        page.get_by_text(label, exact=True).click()
    page.get_by_label("现在住在哪里").fill("佛山市某区某路1号")
    assert page.get_by_label("单位叫什么名字").is_hidden() and page.get_by_text("没有工作", exact=True).is_hidden()
    page.get_by_text("没有单位", exact=True).click()
    page.get_by_text("没有工作", exact=True).click()
    assert page.get_by_label("单位叫什么名字").is_hidden()
    page.get_by_text("已经参加了", exact=True).click()
    assert page.get_by_label("参加了哪几种").is_visible()
    page.get_by_text("没有，或者不清楚", exact=True).click()
    page.get_by_text("自己没有参加", exact=True).click()


def test_a_resident_fills_in_the_form_on_a_phone_and_at_a_desk(page, plain, codes, tasks):
    for (width, height), code in zip(SIZES, codes, strict=True):
        plain.set_viewport_size({"width": width, "height": height})
        fill(plain, code)


def test_by_keyboard_alone(page, codes, tasks):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/fill/")
    page.keyboard.press("Tab")
    page.keyboard.type(codes[0])
    page.keyboard.press("Enter")
    page.get_by_text("我就是通知上的人").wait_for()
    page.locator("#q_respondent_1").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("#q_respondent_2").is_checked()


def test_an_officer_makes_a_code_and_sees_it_once(printing, page, tasks):
    sign_in(page, "printing")
    page.goto(f"/tasks/{tasks[0].pk}/")
    page.get_by_role("button", name="生成自填代码").click()
    code = page.locator("[data-forget]").inner_text()
    assert len(code) == 14
    fits(page, "code")
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert page.locator("[data-forget]").inner_text() == "" and code not in page.content()
