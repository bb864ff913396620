"""The phone's app as a whole in Chromium: shut when locked, there without a network, new when agreed."""

from __future__ import annotations

from io import BytesIO

from phone_site import bind, enter, heading, open_first, press
from PIL import Image
from playwright.sync_api import expect

from canbao.api import phone_app
from canbao.api.phone_app import digests

MANY = """async (many) => {
  const store = await import("/static/mobile/store.js");
  const [first] = await store.all("task");
  const living = (at) => ({ ...first.person, name: `某${at}`, residence_address: `长街${at}号` });
  const made = (at) => ({ ...first, id: 100000 + at, person: living(at) });
  await store.write(Array.from({ length: many }, (_, at) => ["task", 100000 + at, made(at)]));
}"""
"""Puts many more people on the phone, of whom the server knows nothing."""
KEPT = """async () => {
  const all = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  const kept = await Promise.all(all.map((cache) => cache.keys()));
  return kept.flat().map((one) => new URL(one.url).pathname);
}"""
"""The addresses of everything in the browser's caches."""
PICTURES_KEPT = """async () => {
  const store = await import("/static/mobile/store.js");
  const fit = (await store.all("picture")).filter((one) => one.bytes.length <= 400000);
  return fit.map((one) => [one.kind, one.bytes[0], one.bytes[1]]);
}"""
"""The pictures that are small enough, with the bytes by which a JPEG begins."""


def test_when_locked_nothing_of_a_person_is_on_the_page(page):
    bind(page)
    press(page, "名单")
    page.locator(".row").first.click()
    heading(page, "样例")
    press(page, "填登记表")
    page.get_by_label("固定电话").fill("0757-87654321")
    page.clock.install()
    page.clock.run_for(130_000)
    heading(page, "请输入 PIN")
    shown = page.content() + page.title() + page.url + page.evaluate("JSON.stringify(history.state)")
    assert "样例" not in shown and "某路" not in shown and "87654321" not in shown and "surveyor" not in shown
    assert page.evaluate("history.state.depth") == 0


def test_what_is_being_typed_is_there_after_the_browser_was_killed(page, context):
    bind(page)
    press(page, "名单")
    page.get_by_role("searchbox").fill("样例3")
    page.locator(".row").click()
    press(page, "填登记表")
    page.get_by_label("固定电话").fill("0757-87654321")
    expect(page.get_by_text("草稿已存")).to_be_visible()
    page.close()
    again = context.new_page()
    again.goto("/mobile/")
    enter(again)
    press(again, "名单")
    again.get_by_role("searchbox").fill("样例3")
    again.locator(".row").click()
    press(again, "接着填表")
    expect(again.get_by_label("固定电话")).to_have_value("0757-87654321")


def test_the_app_opens_without_a_network(page, context):
    bind(page)
    page.evaluate("navigator.serviceWorker.ready")
    assert sorted(page.evaluate(KEPT)) == sorted(digests())
    context.set_offline(True)
    page.reload()
    page.evaluate("Object.defineProperty(navigator, 'onLine', {get: () => false})")  # a reloaded page isn't told
    enter(page)
    heading(page, "周")
    press(page, "指南")
    page.get_by_role("button", name="在门口").click()
    heading(page, "在门口")
    press(page, "返回")
    press(page, "同步")
    press(page, "现在同步")
    expect(page.get_by_role("alert")).to_contain_text("连不上服务器")
    assert sorted(page.evaluate(KEPT)) == sorted(digests())


def test_a_new_version_waits_until_the_surveyor_agrees(page, monkeypatch):
    bind(page)
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    enter(page)
    heading(page, "周")
    newer = {**digests(), "/mobile/manifest.webmanifest?2": digests()["/mobile/manifest.webmanifest"]}
    monkeypatch.setattr(phone_app, "digests", lambda: newer)
    page.evaluate("navigator.serviceWorker.getRegistration('/mobile/').then((one) => one.update())")
    press(page, "有新版本，点此更新")
    heading(page, "请输入 PIN")
    assert len(page.evaluate("caches.keys()")) == 1


def test_two_thousand_people_are_listed_at_once(page):
    bind(page)
    page.evaluate(MANY, 2000)
    page.reload()
    enter(page)
    heading(page, "周")
    began = page.evaluate("performance.now()")
    press(page, "名单")
    heading(page, "名单")
    expect(page.get_by_text("2008 户")).to_be_visible()
    assert page.evaluate("performance.now()") - began < 3000
    assert page.locator(".row").count() == 40
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    expect(page.locator(".row")).to_have_count(80)


def test_a_photo_is_made_small_enough_to_be_sent(page):
    bind(page)
    open_first(page)
    press(page, "签名和照片")
    noise = Image.effect_noise((3000, 2200), 120)
    noise.save(photo := BytesIO(), "JPEG", quality=95)
    given = {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    page.get_by_label("拍户口本", exact=True).set_input_files(given)
    expect(page.get_by_text("刚才存下的")).to_be_visible()
    kept = page.evaluate(PICTURES_KEPT)
    assert kept == [["household_book", 255, 216]], kept
    page.get_by_label("拍签名页", exact=True).set_input_files({**given, "buffer": b"this is no picture"})
    expect(page.get_by_role("alert")).to_contain_text("不是能打开的照片")


def test_the_phones_own_way_back_leads_to_the_page_before(page):
    bind(page)
    open_first(page)
    press(page, "记走访")
    heading(page, "记一次走访")
    page.go_back()
    heading(page, "样例")
    page.go_back()
    heading(page, "名单")
    page.go_back()
    heading(page, "周")
    assert page.url.endswith("/mobile/") and page.evaluate("Object.keys(history.state)") == ["depth"]
