"""Two officers in a real browser: a merge, a later package, the merge undone; a split, a correction, an objection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from django.db import connections
from office_journeys import fits, keep_picture, sit_down
from office_site import browsing_at, serving
from playwright.sync_api import Page, expect
from two_numbers import COVER, NEW, OLD, PNG, REASON

from setting_desk import put_in

SCAN = {"name": "scan.png", "mimeType": "image/png", "buffer": PNG}


@pytest.fixture
def seats(officers) -> list[str]:
    """The sessions of who asks and who decides."""
    return [one.session.session_key for one in officers]


@pytest.fixture
def page(seats) -> Iterator[Page]:
    """A browser that asks the office alone and has nothing to complain of."""
    with serving() as site, browsing_at(site) as page:
        yield page


def meanwhile(work: Callable[[], object]) -> None:
    """Something that happens to the register while the browser is open; in its own thread Django asks nothing."""
    thread = Thread(target=lambda: (work(), connections.close_all()))
    thread.start()
    thread.join()


def decide(page: Page, seat: str, address: str, button: str = "同意") -> None:
    """Have the second officer decide."""
    sit_down(page, seat)
    page.goto(address)
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name=button, exact=True).click()


def test_a_merge_from_asking_to_undoing(page, seats, two):
    asking, deciding = seats
    sit_down(page, asking)
    page.goto(f"/people/{two[0]}/")
    fits(page, "person")
    page.get_by_role("link", name="与另一号码合并").click()
    page.get_by_label("另一号码").fill("440106198503030327")
    page.get_by_role("button", name="比对两份登记").click()
    expect(page.locator(".invalid-feedback")).to_contain_text("没有这个号码")
    fits(page, "merge-choose")
    page.get_by_label("另一号码").fill(NEW)
    page.get_by_role("button", name="比对两份登记").click()
    page.get_by_label("理由").fill("短")
    page.get_by_role("button", name="提出合并申请").click()
    expect(page.get_by_label("理由")).to_have_value("短")
    fits(page, "merge-desk")
    page.get_by_label("理由").fill(REASON)
    page.get_by_label("材料名称").fill("户口本")
    page.get_by_label("材料", exact=True).set_input_files([SCAN, {**SCAN, "name": "b.png"}])
    page.get_by_role("button", name="提出合并申请").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("合并登记")
    merge = page.url
    expect(page.get_by_role("button", name="同意")).to_have_count(0)
    fits(page, "request-asked")
    sit_down(page, deciding)
    page.goto("/")
    fits(page, "home")
    page.get_by_role("link", name="待我决定的申请").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    fits(page, "requests")
    page.goto(merge)
    fits(page, "request-to-decide")
    decide(page, deciding, merge)
    expect(page.locator(".alert-success")).to_contain_text("已同意")
    meanwhile(lambda: put_in("440300", insurance=COVER.replace(",440304", ",440305")))
    page.goto(f"/people/{two[1]}/")
    expect(page.locator("main")).to_contain_text("全部号码")
    fits(page, "person-merged")
    sit_down(page, asking)
    page.goto(merge)
    page.get_by_text("申请撤销", exact=True).first.click()
    page.get_by_label("理由").fill("本人来窗口说明是两个人")
    page.get_by_role("button", name="申请撤销").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("撤销合并")
    fits(page, "request-undo")
    decide(page, deciding, page.url)
    page.goto(f"/people/{two[1]}/")
    expect(page.locator("main")).to_contain_text("440305")
    page.goto(f"/people/{two[0]}/")
    expect(page.locator("main")).not_to_contain_text("全部号码")
    fits(page, "person-undone")
    assert OLD not in page.content()


def test_a_split_a_correction_and_an_objection(page, seats, two):
    meanwhile(lambda: put_in("440600", insurance=COVER.replace(NEW, OLD).replace("样例乙六", "别的名字")))
    asking, deciding = seats
    sit_down(page, asking)
    page.goto(f"/people/{two[0]}/split/")
    page.get_by_label("佛山市").check()
    page.get_by_label("理由").fill(REASON)
    page.get_by_role("button", name="提出分立申请").click()
    expect(page.get_by_label("佛山市")).to_be_checked()
    expect(page.locator(".invalid-feedback")).to_contain_text("请附上材料")
    fits(page, "split-desk")
    page.get_by_label("材料", exact=True).set_input_files([SCAN])
    page.get_by_role("button", name="提出分立申请").click()
    fits(page, "split-request")
    decide(page, deciding, page.url)
    page.goto(f"/people/{two[0]}/")
    fits(page, "person-split")
    sit_down(page, asking)
    page.goto(f"/people/{two[0]}/correction/")
    page.get_by_label("手机号码").fill("123")
    page.get_by_label("户口所在地", exact=True).fill("某路9号")
    page.get_by_label("市", exact=True).select_option("440100")
    expect(page.get_by_label("县（市、区）")).to_be_visible()
    page.get_by_label("理由").fill(REASON)
    page.get_by_label("材料", exact=True).set_input_files([SCAN])
    page.get_by_role("button", name="提出更正申请").click()
    expect(page.get_by_label("户口所在地", exact=True)).to_have_value("某路9号")
    fits(page, "correction-desk")
    page.get_by_label("手机号码").fill("13800138001")
    page.get_by_label("市", exact=True).select_option("")
    page.get_by_label("材料", exact=True).set_input_files([SCAN])
    page.get_by_role("button", name="提出更正申请").click()
    expect(page.locator("main")).to_contain_text("13800138001")
    fits(page, "correction-request")
    decide(page, deciding, page.url)
    page.goto(f"/people/{two[0]}/")
    expect(page.locator("main")).to_contain_text("已更正的项目")
    fits(page, "person-corrected")
    sit_down(page, asking)
    page.goto(f"/people/{two[0]}/objection/")
    page.get_by_label("本人的意见").fill("我已经不在那家单位了")
    fits(page, "objection-desk")
    page.get_by_role("button", name="受理").click()
    sit_down(page, deciding)
    page.goto(page.url)
    page.get_by_label("答复").fill("与单位核实，劳动关系仍在")
    page.get_by_role("button", name="驳回").click()
    page.get_by_role("link", name="答复告知单").click()
    fits(page, "answer")
    page.set_viewport_size({"width": 794, "height": 1000})
    page.emulate_media(media="print")
    expect(page.locator("main")).to_contain_text("登记暂不更改")
    keep_picture(page, "answer-paper")
