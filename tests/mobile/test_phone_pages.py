"""The phone's pages in Chromium: each drawn well on a small screen, light and dark, and shut when locked."""

from __future__ import annotations

import os
from pathlib import Path

from django.test import Client
from phone_site import choose, enter, heading, press
from playwright.sync_api import Page, expect

from canbao.api.phone_app import digests
from people_of_office import PASSWORD

FAULTS = (Path(__file__).parent / "page_faults.js").read_text(encoding="utf-8")
PICTURES = os.environ.get("CANBAO_PICTURES")
"""A folder into which each page is photographed, to be looked at."""
CONTROLS = {"button", "link", "textbox", "searchbox", "combobox", "radio", "checkbox", "image", "progressbar", "group"}
LOOKS = (("light", "normal"), ("dark", "normal"), ("light", "large"))
OWN_FAULTS = """async () => (await (await import("/static/mobile/faults.js")).faults())
  .map((one) => one.code).filter((code) => code.startsWith("page."))"""
"""What went wrong in the pages themselves, which the console is not told."""


def look_at(page: Page, name: str) -> None:
    """Nothing is wrong with the page in any of its looks, and every control has a name."""
    for theme, size in LOOKS:
        page.evaluate(
            "([theme, type]) => Object.assign(document.documentElement.dataset, {theme, type})", [theme, size]
        )
        faults = page.evaluate(FAULTS)
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{theme}-{size}.png", full_page=True)
        assert faults == [], (name, theme, size)
    page.evaluate("Object.assign(document.documentElement.dataset, {theme: 'light', type: 'normal'})")
    assert unnamed(page) == [], name
    assert page.evaluate(OWN_FAULTS) == [], name
    assert page.title() == "参保登记调查" and page.url.endswith("/mobile/")


def unnamed(page: Page) -> list[str]:
    """Controls of the accessibility tree without a name."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    shown = [node for node in tree if not node.get("ignored") and node.get("role", {}).get("value") in CONTROLS]
    return [str(node) for node in shown if not node.get("name", {}).get("value", "").strip()]


def test_the_shell_says_what_the_browser_may_do_and_is_open_to_everyone():
    web = Client()
    answer = web.get("/mobile/")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-cache"
    assert "camera=(self), geolocation=(self)" in answer.headers["Permissions-Policy"]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "img-src 'self' data: blob:" in policy and "unsafe" not in policy
    assert not web.cookies and "style=" not in answer.content.decode()
    worker = web.get("/mobile/worker.js")
    assert worker.headers["Service-Worker-Allowed"] == "/mobile/" and worker.headers["Cache-Control"] == "no-cache"
    assert all(address in worker.content.decode() for address in digests())
    assert web.get("/mobile/manifest.webmanifest").json()["start_url"] == "/mobile/"
    assert web.post("/mobile/").status_code == 405


def test_each_page_is_drawn_well_on_a_small_screen(page):
    _first_use(page)
    _the_list(page)
    _a_visit(page)
    _a_form(page)
    _a_returned_form(page)
    _the_line(page)
    _guide_and_settings(page)
    _lock(page)


def _first_use(page: Page) -> None:
    page.goto("/mobile/")
    heading(page, "参保登记调查")
    look_at(page, "01-welcome")
    press(page, "开始绑定")
    heading(page, "绑定这部手机")
    page.get_by_label("账号").fill("surveyor-one")
    page.get_by_label("密码").fill("不是这个密码")
    press(page, "绑定")
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不对")
    look_at(page, "02-bind")
    page.get_by_label("密码").fill(PASSWORD)
    press(page, "绑定")
    heading(page, "设置 PIN")
    enter(page, "111111")
    expect(page.get_by_role("alert")).to_be_visible()
    look_at(page, "03-pin")
    enter(page)
    enter(page)
    heading(page, "可以用了")
    look_at(page, "04-agreed")
    press(page, "下载名单")
    heading(page, "周")
    expect(page.get_by_text("退回的，要改")).to_be_visible()
    look_at(page, "05-today")


def _the_list(page: Page) -> None:
    press(page, "名单")
    heading(page, "名单")
    expect(page.locator(".row")).to_have_count(8)
    look_at(page, "06-list")
    page.get_by_role("searchbox").fill("10号")
    expect(page.locator(".row")).to_have_count(1)
    page.get_by_role("searchbox").fill("0072")
    expect(page.locator(".row")).to_contain_text("样例3")
    page.locator(".row").click()
    heading(page, "样例3")
    look_at(page, "07-person")


def _a_visit(page: Page) -> None:
    press(page, "记走访")
    heading(page, "记一次走访")
    expect(page.get_by_text("没有允许取位置")).to_be_visible()
    choose(page, "结果", "不在家")
    choose(page, "再约哪天", "今天")
    look_at(page, "08-visit")
    press(page, "保存走访")
    heading(page, "样例3")
    expect(page.locator(".page")).to_contain_text("入户，不在家，约今天")
    look_at(page, "09-visited")


def _a_form(page: Page) -> None:
    press(page, "填登记表")
    expect(page.get_by_text("还差")).to_be_visible()
    look_at(page, "10-form")
    press(page, "提交")
    expect(page.get_by_text("请填写调查方式").first).to_be_visible()
    look_at(page, "11-form-tried")
    choose(page, "怎样填", "一题一屏")
    look_at(page, "12-form-single")
    choose(page, "怎样填", "一页到底")
    press(page, "在屏幕上签名，或拍照")
    heading(page, "签名和照片")
    _sign(page)
    look_at(page, "13-signature")
    press(page, "完成")
    _answer(page)
    look_at(page, "14-form-warned")
    page.get_by_label("写明原因").fill("看了参保证明")
    expect(page.get_by_text("可以提交")).to_be_visible()
    press(page, "提交")
    press(page, "确认提交")
    heading(page, "名单")
    expect(page.get_by_text("已交。有网络时自动上传")).to_be_visible()
    look_at(page, "15-handed-in")


def _sign(page: Page) -> None:
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 120, steps=8)
    page.mouse.up()
    press(page, "保存签名")
    expect(page.get_by_text("刚才存下的")).to_be_visible()


def _answer(page: Page) -> None:
    expect(page.get_by_role("group", name="已签名确认").get_by_role("radio", name="是")).to_be_checked()
    choose(page, "调查方式", "入户")
    choose(page, "谁回答的", "本人")
    choose(page, "姓名和号码核对无误", "是")
    page.get_by_label("手机号码").fill("13800138000")
    choose(page, "就业状态", "无单位")
    choose(page, "无单位类型", "未就业")
    choose(page, "本人说已经参保", "是")
    page.get_by_label("已参加的险种").fill("城乡居民养老")
    page.get_by_label("参保地").fill("广州")
    expect(page.get_by_text("本人说已参保而登记库没有")).to_be_visible()
    expect(page.get_by_text("照此登记为").first).to_be_visible()


def _a_returned_form(page: Page) -> None:
    choose(page, "只看", "退回 1")
    page.get_by_role("searchbox").fill("")
    page.locator(".row").click()
    expect(page.get_by_text("请补上电话")).to_be_visible()
    look_at(page, "16-returned")
    press(page, "填登记表")
    expect(page.get_by_text("审核意见")).to_be_visible()
    look_at(page, "17-returned-form")
    press(page, "返回")
    press(page, "返回")


def _the_line(page: Page) -> None:
    press(page, "同步")
    press(page, "现在同步")
    expect(page.get_by_text("送出").last).to_be_visible()
    press(page, "测一测线路")
    expect(page.get_by_text("应答")).to_be_visible()
    press(page, "发送诊断")
    expect(page.get_by_text("诊断已发送")).to_be_visible()
    look_at(page, "18-line")


def _guide_and_settings(page: Page) -> None:
    press(page, "指南")
    page.get_by_role("searchbox").fill("人户分离")
    expect(page.get_by_text("找到")).to_be_visible()
    look_at(page, "19-guide-search")
    page.get_by_role("searchbox").fill("")
    look_at(page, "20-guide")
    page.get_by_role("button", name="在门口").click()
    heading(page, "在门口")
    look_at(page, "21-chapter")
    press(page, "返回")
    press(page, "更多")
    look_at(page, "22-more")
    page.get_by_role("button", name="备份和恢复").click()
    press(page, "做一份备份")
    enter(page)
    expect(page.get_by_role("link", name="存到手机里")).to_be_visible()
    look_at(page, "23-backup")
    press(page, "返回")
    press(page, "更改 PIN")
    look_at(page, "24-new-pin")
    press(page, "返回")


def _lock(page: Page) -> None:
    press(page, "现在锁屏")
    heading(page, "请输入 PIN")
    look_at(page, "25-lock")
    enter(page, "924710")
    expect(page.get_by_role("alert")).to_contain_text("再错9次")
    look_at(page, "26-wrong-pin")
    press(page, "忘记 PIN")
    look_at(page, "27-forgotten")
    press(page, "返回")
    enter(page)
    heading(page, "周")
