"""In a real browser: from a campaign to forms in the register, as the officers of a city do it day by day."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from office_browsers import PASSWORD, make_officer
from office_site import WIDTHS, browsing_at, serving
from playwright.sync_api import Page
from survey_desk import TOWN, answers, city

from canbao.office import jobs
from canbao.survey.marks import mark, number

PICTURES = os.environ.get("CANBAO_PICTURES", "")
PEOPLE = 200


@pytest.fixture
def site(register, monkeypatch) -> Iterator[str]:
    """The office with people to be surveyed; what goes on the queue is done at once."""
    city(PEOPLE)
    for duty, area in (
        ("city_data_officer", "4406"), ("county_officer", "440604"), ("town_clerk", TOWN), ("supervisor", "4406"),
    ):  # fmt: skip
        make_officer(duty, area)
    monkeypatch.setattr(jobs.list_targets, "defer", lambda **said: jobs.list_targets(**said))
    with serving() as address:
        yield address


@pytest.fixture
def page(site) -> Iterator[Page]:
    with browsing_at(site) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        yield page


def sign_in(page: Page, account: str) -> None:
    page.context.clear_cookies()
    page.goto("/")
    page.get_by_label("账号").fill(account)
    page.get_by_label("密码").fill(PASSWORD)
    press(page, "登录")


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def fits(page: Page, name: str) -> None:
    """The page is no wider than a desk or a phone; kept as a picture if somebody wants to look."""
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), (name, width)
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1366, "height": 768})


def test_from_a_campaign_to_the_register(page):
    campaign = planned(page)
    split(page, campaign)
    task = entered_by_code(page)
    reviewed(page, campaign, task)


def planned(page: Page) -> str:
    """The city plans a campaign for the training of nobody: it is announced, and begins."""
    sign_in(page, "city_data_officer")
    page.goto("/campaigns/new/")
    page.get_by_label("名称").fill("样例调查")
    page.get_by_label("监督电话").fill("0757-12345678")
    page.get_by_label("调查从").fill(today(page))
    press(page, "先看有多少人")
    assert page.get_by_role("heading", name="范围内共").inner_text() == f"范围内共 {PEOPLE} 人"
    fits(page, "plan")
    press(page, "保存为草稿")
    press(page, "生成名册")
    page.reload()
    assert f"共 {PEOPLE} 人" in page.content()
    page.get_by_label("公告日期").fill(days_before(page, 8))
    press(page, "发布公告")
    press(page, "开始调查")
    fits(page, "campaign")
    return page.url


def today(page: Page) -> str:
    return page.evaluate("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Shanghai'})")


def days_before(page: Page, many: int) -> str:
    return page.evaluate(
        f"new Date(Date.now() - {many} * 864e5).toLocaleDateString('sv', {{timeZone: 'Asia/Shanghai'}})"
    )


def split(page: Page, campaign: str) -> None:
    """The county allots to towns, the town registers two surveyors and spreads its tasks evenly."""
    sign_in(page, "county_officer")
    page.goto(f"{campaign}split/")
    press(page, "按户口所在地全部分到镇街")
    fits(page, "split-county")
    sign_in(page, "town_clerk")
    for name in ("调查甲", "调查乙"):
        page.goto("/surveyors/new/")
        page.get_by_label("姓名").fill(name)
        page.get_by_label("手机").fill("13800138000")
        page.get_by_label("工作地方").fill(TOWN)
        fits(page, "surveyor-new")
        press(page, "登记")
    page.goto("/surveyors/")
    fits(page, "surveyors")
    page.goto(f"{campaign}split/")
    page.get_by_label("全选").check()
    with page.expect_navigation():
        page.get_by_role("button", name="平均分给勾选的").click()
    fits(page, "split-proposal")
    press(page, "照此分派")
    fits(page, "split-town")
    page.goto(f"{campaign}tasks/")
    fits(page, "tasks")


def entered_by_code(page: Page) -> int:
    """The clerk scans the code on a paper form and types it in, by keyboard."""
    task = int(page.locator("tbody a").first.inner_text())
    page.goto("/enter/")
    page.get_by_label("扫表上的二维码").fill(number(task))
    fits(page, "entering")
    page.get_by_label("扫表上的二维码").fill(mark(task))
    press(page, "打开")
    said = answers(uninsured_reason="20")
    for name, value in said.items():
        field = page.locator(f"#q_{name}")
        if field.is_hidden():
            continue
        (field.select_option if field.evaluate("e => e.tagName") == "SELECT" else field.fill)(value)
        page.keyboard.press("Tab")
        page.wait_for_timeout(60)
    page.get_by_text("选“单位未予参保”的，就业状态应为已单位就业").first.wait_for()
    fits(page, "enter")
    page.locator("#q_uninsured_reason").select_option("10")
    page.get_by_text("可以提交").wait_for()
    fits(page, "enter-right")
    press(page, "提交审核")
    assert "已提交" in page.content()
    return task


def reviewed(page: Page, campaign: str, task: int) -> None:
    """The county looks at the form beside the register and lets it in."""
    sign_in(page, "county_officer")
    page.goto(f"{campaign}reviews/")
    fits(page, "reviews")
    page.get_by_role("link", name=str(task), exact=True).click()
    fits(page, "review")
    press(page, "通过，入库")
    assert "已通过并入库" in page.content()
    page.goto(f"/tasks/{task}/")
    fits(page, "task")
    page.goto(f"{campaign}form/")
    fits(page, "form")
    page.goto("/targets/?mode=unresolved&list=1")
    fits(page, "targets")
