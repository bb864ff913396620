"""In a real browser: from a campaign to forms in the register, as the officers of a city do it day by day."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from office_browsers import make_officer
from office_journeys import fits, press, sign_in
from office_site import browsing_at, serving
from playwright.sync_api import Page

from canbao.office import jobs
from canbao.survey.marks import mark, number
from sheet_filling import filled
from survey_desk import TOWN, VILLAGES, answers, city

PEOPLE = 200


@pytest.fixture
def site(register, monkeypatch, settings_changed, tmp_path) -> Iterator[str]:
    """The office with people to be surveyed; what goes on the queue is done at once."""
    settings_changed(SPOOL=tmp_path / "spool")
    city(PEOPLE)
    for duty, area in (
        ("city_data_officer", "4406"), ("county_officer", "440604"), ("town_clerk", TOWN), ("supervisor", "4406"),
    ):  # fmt: skip
        make_officer(duty, area)
    for job in (jobs.list_targets, jobs.print_papers, jobs.watch_survey):
        monkeypatch.setattr(job, "defer", partial(_at_once, job))
        monkeypatch.setattr(job, "configure", lambda job=job, **_: job)
    with serving() as address:
        yield address


def _at_once(job, **said: int) -> None:
    job(**said)


@pytest.fixture
def page(site) -> Iterator[Page]:
    with browsing_at(site) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        yield page


def test_from_a_campaign_to_the_register(page):
    campaign = planned(page)
    split(page, campaign)
    printed(page, campaign)
    task = entered_by_code(page, campaign)
    entered_by_spreadsheet(page, campaign)
    reviewed(page, campaign, task)
    returned_and_approved(page, campaign)
    explained(page, task)
    supervised(page, campaign)
    archived(page, campaign)


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


def entered_by_code(page: Page, campaign: str) -> int:
    """The clerk scans the code on a paper form and types it in, by keyboard."""
    page.goto(f"{campaign}tasks/")
    task = int(page.locator("tbody a").first.inner_text())
    page.goto("/enter/")
    page.get_by_label("扫表上的二维码").fill(number(task))
    fits(page, "entering")
    page.get_by_label("扫表上的二维码").fill(mark(task))
    press(page, "打开")
    typed(page, answers(uninsured_reason="20"))
    page.get_by_text("选“单位未予参保”的，就业状态应为已单位就业").first.wait_for()
    fits(page, "enter")
    page.locator("#q_uninsured_reason").select_option("10")
    page.get_by_text("可以提交").wait_for()
    fits(page, "enter-right")
    press(page, "提交审核")
    assert "已提交" in page.content()
    return task


def typed(page: Page, said: dict[str, str]) -> None:
    """Each answer as it is asked for: some questions appear only when others are answered."""
    for name, value in said.items():
        field = page.locator(f"#q_{name}")
        field.wait_for()
        (field.select_option if field.evaluate("e => e.tagName") == "SELECT" else field.fill)(value)
        page.keyboard.press("Tab")


def printed(page: Page, campaign: str) -> None:
    """The clerk looks at a form and has all forms, cards and sheets of a village made into one file each."""
    for kind, name in (("registration_form", "登记表"), ("summary_sheet", "汇总表"), ("card", "调查证")):
        page.goto(f"{campaign}papers/?kind={kind}")
        for box in page.locator("main").get_by_role("checkbox").all():
            box.check()
        press(page, "打印成批")
        page.reload()
        with page.expect_download() as got:
            page.get_by_role("button", name="下载 PDF").first.click()
        assert Path(got.value.path()).read_bytes().startswith(b"%PDF-"), name
    fits(page, "papers")


def entered_by_spreadsheet(page: Page, campaign: str) -> None:
    """A village's forms come in by one spreadsheet; two rows are wrong, come back, and go in when they are right."""
    page.goto(f"{campaign}batch/")
    page.locator("#p1").select_option(VILLAGES[0])
    with page.expect_download() as got:
        page.get_by_role("button", name="下载预填的表").click()
    template = Path(got.value.path()).read_bytes()
    wrong = iter(("12345", "1380013800x"))
    upload(page, filled(template, lambda said: said.update(row_of(said, next(wrong, "")))))
    page.get_by_text("其余有 2 处要改").wait_for()
    fits(page, "batch")
    with page.expect_download() as got:
        page.get_by_role("link", name="下载要改的表").click()
    upload(page, filled(Path(got.value.path()).read_bytes(), lambda said: said.update(row_of(said, ""))))
    page.get_by_text("收下 2 行，没有错误").wait_for()


def row_of(said: dict[str, str], mobile: str) -> dict[str, str]:
    return answers(mobile=mobile or f"138{int(float(said['TASK'])):08d}")


def upload(page: Page, content: bytes) -> None:
    page.locator("#s1").set_input_files(
        {"name": "登记.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    with page.expect_navigation():
        page.locator("#s1").locator("xpath=ancestor::form").get_by_role("button", name="上传").click()


def returned_and_approved(page: Page, campaign: str) -> None:
    """Three forms go back with a comment at a question, the rest are approved at once; the clerk meets the comment."""
    for _ in range(3):
        page.goto(f"{campaign}reviews/")
        with page.expect_navigation():
            page.locator("tbody a").first.click()
        page.get_by_label("对“手机号码”的意见").fill("打不通，请核对")
        page.get_by_label("电话核实与表上不符").check()
        press(page, "退回")
    task = returned_task(page, campaign)
    for _ in range(3):
        page.goto(f"{campaign}reviews/?clean=1")
        if page.get_by_label("全选本页").count() == 0:
            break
        page.get_by_label("全选本页").check()
        press(page, "通过勾选的")
    assert "没有待审核的表" in page.content()
    sign_in(page, "town_clerk")
    page.goto(f"/tasks/{task}/enter/")
    page.get_by_text("打不通，请核对").wait_for()
    fits(page, "enter-returned")


def returned_task(page: Page, campaign: str) -> int:
    page.goto(f"{campaign}tasks/?state=returned")
    assert page.locator("tbody tr").count() == 3
    return int(page.locator("tbody a").first.inner_text())


def explained(page: Page, task: int) -> None:
    """The register shows what was answered, and why it holds."""
    sign_in(page, "county_officer")
    page.goto(f"/tasks/{task}/")
    number = page.locator("dt", has_text="社会保障号码").locator("+ dd").inner_text()
    page.goto("/people/")
    page.get_by_label("查询用途").select_option("survey")
    page.get_by_label("号码").fill(number)
    press(page, "查询")
    page.locator("tbody a").first.click()
    page.locator("dt", has_text="无单位类型").locator("+ dd").get_by_role("link", name="为什么").click()
    page.get_by_text("调查登记的无单位类型").first.wait_for()
    fits(page, "why")


def supervised(page: Page, campaign: str) -> None:
    """The supervisor sees pace and quality, down to the village."""
    sign_in(page, "supervisor")
    page.goto(f"{campaign}supervision/")
    fits(page, "supervision")
    page.goto(f"{campaign}supervision/quality/")
    press(page, "现在统计")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="审核退回", exact=True))
    assert "3" in row.first.inner_text()
    fits(page, "quality")
    page.goto(f"{campaign}supervision/report/")
    fits(page, "report")


def archived(page: Page, campaign: str) -> None:
    """The clerk opens a village's volume: every form of it is listed, in the summary's order."""
    sign_in(page, "town_clerk")
    page.goto(f"{campaign}archive/")
    press_first(page, "开始整理")
    page.get_by_role("heading", name="归档目录").wait_for()
    fits(page, "volume")


def press_first(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


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
