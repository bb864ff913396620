"""What the phone's pages say and keep is so: how long a form took, what waits, what failed, which day it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from phone_site import PIN, bind, choose, enter, heading, open_first, press
from playwright.sync_api import Page, expect

LATER = "(ms) => { const real = Date.now; Date.now = () => real() + ms; }"
"""So much time passes at once."""
ACTIONS = """async () => (await (await import("/static/mobile/work.js")).pending()).map((one) => one.text)"""
NO_EMPTYING = """() => { Storage.prototype.clear = () => { throw new Error("no"); }; }"""

REVISIONS = """async () => (await (await import("/static/mobile/store.js")).all("draft")).map((one) => one.revision)"""
HELD_UP = """() => {
  const real = crypto.subtle.encrypt;
  const going = new Promise((done) => { window.goOn = done; });
  window.heldUp = new Promise((done) => {
    crypto.subtle.encrypt = (...said) => done() || going.then(() => real.apply(crypto.subtle, said));
  });
}"""
"""Nothing is written till the test says so."""
COUNTED = """() => {
  const real = IDBDatabase.prototype.transaction;
  window.transactions = 0;
  IDBDatabase.prototype.transaction = function (...said) {
    window.transactions += 1;
    return real.apply(this, said);
  };
}"""
"""Counts how often the store is asked."""
INKED = """() => {
  const canvas = document.querySelector("canvas");
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const dark = [...Array(width * height).keys()].filter((at) => data[4 * at] < 128);
  const middle = (places) => places.reduce((sum, one) => sum + one, 0) / places.length;
  return [middle(dark.map((at) => at % width)) / width, middle(dark.map((at) => Math.floor(at / width))) / height];
}"""
"""Where the middle of what was written lies, as shares of the picture's width and height."""


def alone(page: Page) -> None:
    """The network is there no more."""
    page.route("**/api/phone/**", lambda route: route.abort())


def actions(page: Page) -> list[dict[str, Any]]:
    """What was done and has not gone up."""
    return [json.loads(text) for text in page.evaluate(ACTIONS)]


def sign(page: Page) -> None:
    """A stroke on the glass, kept."""
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 120, steps=8)
    page.mouse.up()
    press(page, "保存签名")
    expect(page.get_by_text("刚才存下的")).to_be_visible()


def fill(page: Page) -> None:
    """All that the form asks, but for the signature."""
    choose(page, "调查方式", "入户")
    choose(page, "谁回答的", "本人")
    choose(page, "姓名和号码核对无误", "是")
    page.get_by_label("手机号码").fill("13800138000")
    choose(page, "就业状态", "无单位")
    choose(page, "无单位类型", "未就业")
    choose(page, "本人说已经参保", "否")
    choose(page, "未参保原因", "个人未参保")


def test_a_form_took_as_long_as_it_was_open_though_it_was_left_to_sign(page):
    bind(page)
    alone(page)
    open_first(page)
    press(page, "填登记表")
    fill(page)
    page.evaluate(LATER, 90_000)
    press(page, "在屏幕上签名，或拍照")
    heading(page, "签名和照片")
    sign(page)
    press(page, "完成")
    press(page, "提交")
    press(page, "确认提交")
    heading(page, "名单")
    (action,) = actions(page)
    assert action["kind"] == "submit" and 90 <= action["body"]["seconds"] < 180


def test_a_phone_that_could_not_be_emptied_does_not_say_that_it_is(page):
    bind(page)
    press(page, "更多")
    press(page, "现在锁屏")
    press(page, "忘记 PIN")
    page.evaluate(NO_EMPTYING)
    press(page, "清空这部手机")
    press(page, "确定清空")
    expect(page.get_by_role("alert")).to_contain_text("没有做成")
    heading(page, "忘记 PIN")


def test_a_locked_phone_says_that_a_picture_waits(page):
    bind(page)
    alone(page)
    open_first(page)
    press(page, "签名和照片")
    sign(page)
    press(page, "完成")
    press(page, "返回")
    expect(page.get_by_text("1 项待上传").first).to_be_visible()
    press(page, "更多")
    press(page, "现在锁屏")
    heading(page, "请输入 PIN")
    expect(page.get_by_text("1 项待上传")).to_be_visible()
    press(page, "忘记 PIN")
    expect(page.get_by_text("还有 1 项没有上传")).to_be_visible()


def test_an_answer_is_kept_once_and_called_kept_when_it_is(page):
    bind(page)
    alone(page)
    open_first(page)
    press(page, "填登记表")
    field, kept = page.get_by_label("固定电话"), page.get_by_text("草稿已存")
    field.press_sequentially("0757-87654321")
    expect(kept).to_be_visible()
    field.blur()
    page.wait_for_timeout(600)
    assert page.evaluate(REVISIONS) == [1]
    page.evaluate(HELD_UP)
    field.fill("0757-87654322")
    expect(kept).to_have_count(0)
    page.evaluate("window.heldUp")
    expect(kept).to_have_count(0)
    page.evaluate("window.goOn()")
    expect(kept).to_be_visible()
    assert page.evaluate(REVISIONS) == [2]


def test_a_page_is_left_when_what_was_being_kept_is_kept(page):
    bind(page)
    alone(page)
    open_first(page)
    press(page, "填登记表")
    page.evaluate(HELD_UP)
    page.get_by_label("固定电话").fill("0757-87654321")
    page.evaluate("window.heldUp")
    press(page, "返回")
    page.wait_for_timeout(300)
    expect(page.get_by_label("固定电话")).to_be_visible()
    page.evaluate("window.goOn()")
    expect(page.get_by_role("button", name="接着填表")).to_be_visible()


def test_a_backup_is_named_by_the_day_in_china(page):
    bind(page)
    press(page, "更多")
    page.get_by_role("button", name="备份和恢复").click()
    page.clock.set_fixed_time("2026-05-01T20:00:00Z")
    press(page, "做一份备份")
    enter(page)
    expect(page.get_by_role("link", name="存到手机里")).to_have_attribute("download", "canbao-2026-05-02.backup")


def test_a_stroke_lies_under_the_finger_after_the_phone_was_turned(page):
    bind(page)
    open_first(page)
    press(page, "签名和照片")
    page.set_viewport_size({"width": 720, "height": 640})
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.up()
    found = page.evaluate(INKED)
    assert found == pytest.approx([0.75, 0.5], abs=0.02)


def test_a_new_pin_is_entered_twice_after_the_old_one(page):
    bind(page)
    press(page, "更多")
    press(page, "更改 PIN")
    for pin, says in (("580213", None), ("111111", "PIN"), ("580213", None), ("580214", "两次不一样")):
        enter(page, pin)
        assert page.get_by_role("alert").count() == (1 if says else 0)
        if says:
            expect(page.get_by_role("alert")).to_contain_text(says)
    enter(page, "580213")
    enter(page, "580213")
    expect(page.get_by_role("alert")).to_contain_text("再错9次")
    for pin in (PIN, "580213", "580213"):
        enter(page, pin)
    expect(page.get_by_text("PIN 已更改")).to_be_visible()


def test_a_locked_phone_rests(page):
    bind(page)
    press(page, "更多")
    press(page, "现在锁屏")
    heading(page, "请输入 PIN")
    page.clock.install()
    page.clock.run_for(130_000)
    page.wait_for_timeout(3000)
    page.evaluate(COUNTED)
    page.wait_for_timeout(5000)
    assert page.evaluate("window.transactions") == 0
