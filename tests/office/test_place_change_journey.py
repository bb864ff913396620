"""In a real browser: an officer splits a town from next month, another approves, and its people follow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from office_browsers import make_officer
from office_journeys import fits, press, sign_in
from office_site import browsing_at, serving
from playwright.sync_api import Page

from canbao.law.places import read_places
from canbao.office import jobs
from canbao.registry.actions.place_following import follow_due
from cities import written_city
from cleaning_desk import number
from register_desk import admitted

TOWN = "440604010"
HEADS = "ssn,name,hukou_division_code,hukou_town_name,hukou_town_code,hukou_village_name,hukou_village_code\n"
VILLAGES = (f"{TOWN}001", f"{TOWN}001", f"{TOWN}003", f"{TOWN}004", "")


@pytest.fixture
def site(register, tmp_path, monkeypatch) -> Iterator[str]:
    """The office with some people of a town; when a change is approved, its day has come."""
    rows = (f"{number(n)},样例甲,440604,石湾镇街道,{TOWN},某社区,{village}\n" for n, village in enumerate(VILLAGES, 1))
    admitted(written_city(tmp_path / "fs", "440600", household=HEADS + "".join(rows)).out)
    for duty, area in (("city_data_officer", "4406"), ("provincial_officer", "44"), ("town_clerk", TOWN)):
        make_officer(duty, area)
    come = timezone.localdate() + timedelta(days=40)
    monkeypatch.setattr(jobs.follow_places, "defer", lambda **_: follow_due(today=come))
    with serving() as address:
        yield address


@pytest.fixture
def page(site) -> Iterator[Page]:
    with browsing_at(site) as page:
        yield page


def test_a_town_is_split_from_next_month_and_its_people_follow(page):
    sign_in(page, "city_data_officer")
    page.goto(f"/place-changes/new/?place={TOWN}")
    fits(page, "choose")
    with page.expect_navigation():
        page.get_by_role("button", name="拆分").click()
    for village in ("澜石社区居委会", "惠景社区居委会"):
        page.get_by_label(village).check()
    page.get_by_label("新区划代码").fill("440604013")
    page.get_by_label("新区划名称").fill("澜石街道办事处")
    page.get_by_label("生效日").fill((timezone.localdate() + timedelta(days=30)).isoformat())
    fits(page, "form")
    press(page, "预览")
    assert page.get_by_role("row", name="澜石社区居委会").get_by_role("cell").nth(3).inner_text() == "2"
    page.get_by_label("理由").fill("粤民区〔2026〕样例1号")
    page.get_by_label("依据文件").set_input_files(
        [{"name": "文件.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 made for tests"}]
    )
    fits(page, "draft")
    press(page, "提交申请")
    assert page.get_by_text("已提交申请").is_visible()
    at = page.url
    sign_in(page, "provincial_officer")
    page.goto(at)
    fits(page, "waiting")
    page.on("dialog", lambda dialog: dialog.accept())
    press(page, "核准")
    page.goto(at)
    assert page.get_by_text("4 人").count() == 0 and page.get_by_text("3 人，其中 3 人有变化").is_visible()
    fits(page, "in-force")
    page.goto("/place-changes/")
    fits(page, "list")
    page.goto("/place-counts/?county=440604&level=village")
    assert page.get_by_role("row", name="440604013001").get_by_role("cell").nth(2).inner_text() == "2"
    fits(page, "counts")
    page.goto("/places/440604/")
    assert page.get_by_role("link", name="澜石街道办事处").is_visible()
    page.goto("/place-changes/yearly/")
    page.get_by_label("哪个地方的代码表").fill("440605")
    page.get_by_label("代码表", exact=True).set_input_files(
        [{"name": "2026.csv", "mimeType": "text/csv", "buffer": listed("440605").encode()}]
    )
    fits(page, "yearly")
    press(page, "比对")
    assert page.get_by_text("新设 0，改名 1，撤销 1").is_visible()
    fits(page, "compared")


def listed(county: str) -> str:
    """The county's list with one village fewer, and another under a new name."""
    names = {code: one.name for code, one in read_places().by_code.items() if code.startswith(county)}
    *_, one, other = names
    del names[one]
    names[other] = "改了名的社区居委会"
    return "code,name\n" + "".join(f"{code},{name}\n" for code, name in names.items())
