"""From the first use to the review: three forms without a network, a browser that is killed, a revoked phone."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connections
from django.test import Client
from phone_site import SMALL, SWITCHES, bind, choose, enter, heading, press, serving
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect, sync_playwright

from canbao.registry.access import working
from canbao.survey.models import Device, Entry, PhoneAction, Visit
from canbao.survey.phones import devices
from canbao.survey.phones.carrying import carry_out_rest
from people_of_office import PASSWORD
from phone_desk import under_way
from survey_desk import clerk, county_officer, seen

PICTURES = os.environ.get("CANBAO_PICTURES")
HELD = """async () => {
  const names = await indexedDB.databases();
  const held = [];
  for (const { name } of names) {
    const opening = indexedDB.open(name);
    const base = await new Promise((done) => { opening.onsuccess = () => done(opening.result); });
    for (const store of base.objectStoreNames) {
      const all = base.transaction(store).objectStore(store).getAll();
      held.push(...await new Promise((done) => { all.onsuccess = () => done(all.result); }));
    }
    base.close();
  }
  return JSON.stringify(held);
}"""


@contextmanager
def browser_of(
    playwright: Playwright, folder: Path, site: str, *, is_offline: bool = False
) -> Iterator[BrowserContext]:
    """The surveyor's browser, its profile in a folder; killed at the end, as a phone does that needs the memory."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    context = playwright.chromium.launch_persistent_context(
        str(folder), executable_path=executable, args=list(SWITCHES), base_url=site, viewport=SMALL, locale="zh-CN",
        is_mobile=True, has_touch=True,
    )  # fmt: skip
    context.set_default_timeout(20_000)
    context.set_offline(is_offline)
    yield context
    _kill(folder)
    with suppress(Error):
        context.close()
    for left in folder.glob("Singleton*"):
        left.unlink(missing_ok=True)


def elsewhere(work: Callable[[], Any]) -> Any:
    """What something gives, done in a thread without the browser's loop, in which the database may not be asked."""

    def done() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()


def _kill(folder: Path) -> None:
    mark = f"--user-data-dir={folder}"
    for process in [one for one in Path("/proc").iterdir() if one.name.isdigit()]:
        with suppress(OSError):
            if mark in (process / "cmdline").read_text().split("\0"):
                os.kill(int(process.name), signal.SIGKILL)


def test_three_forms_without_a_network_reach_the_reviewer_once(people, tmp_path):
    campaign, _, mine = under_way()
    with serving() as site, sync_playwright() as playwright:
        with browser_of(playwright, tmp_path, site) as context:
            page = context.new_page()
            bind(page)
            page.evaluate("navigator.serviceWorker.ready")
            page.wait_for_function("caches.keys().then((keys) => keys.length > 0)")
            context.set_offline(True)
            page.reload()
            enter(page)
            _somebody_is_asked(page, "样例0")
            _somebody_is_asked(page, "样例3")
            _nobody_is_found(page, "样例6")
            _photograph(page, "offline")
        assert elsewhere(_forms_and_visits) == (0, 0)
        with browser_of(playwright, tmp_path, site, is_offline=True) as context:
            page = context.new_page()
            page.goto("/mobile/")
            heading(page, "请输入 PIN")
            assert "样例" not in page.content()
            enter(page)
            expect(page.get_by_text("6 项待上传").first).to_be_visible()
            _photograph(page, "waiting")
            context.set_offline(False)
            press(page, "同步")
            press(page, "现在同步")
            expect(page.get_by_text("同步完成").first).to_be_visible()
            _photograph(page, "sent")
        elsewhere(lambda: _the_reviewer_sees_each_once(campaign, mine))
        elsewhere(_revoke)
        _a_revoked_phone_is_empty(playwright, tmp_path, site)


def _open(page: Page, name: str) -> None:
    press(page, "名单")
    page.get_by_role("searchbox").fill(name)
    page.locator(".row").filter(has_text=name).first.click()
    heading(page, name)


def _somebody_is_asked(page: Page, name: str) -> None:
    _open(page, name)
    press(page, "填登记表")
    choose(page, "调查方式", "入户")
    choose(page, "谁回答的", "本人")
    choose(page, "已签名确认", "是")
    choose(page, "姓名和号码核对无误", "是")
    page.get_by_label("手机号码").fill(f"1380013800{name[-1]}")
    choose(page, "就业状态", "无单位")
    choose(page, "无单位类型", "未就业")
    choose(page, "本人说已经参保", "否")
    choose(page, "未参保原因", "个人未参保")
    _hand_in(page)


def _nobody_is_found(page: Page, name: str) -> None:
    """人户分离, after three attempts and not before."""
    _open(page, name)
    for _ in range(3):
        press(page, "记走访")
        choose(page, "结果", "不在家")
        press(page, "保存走访")
        heading(page, name)
    press(page, "填登记表")
    choose(page, "调查结果", "无法联系或空置")
    choose(page, "调查方式", "入户")
    choose(page, "未参保原因", "人户分离")
    _hand_in(page)


def _hand_in(page: Page) -> None:
    press(page, "提交")
    press(page, "确认提交")
    heading(page, "名单")


def _forms_and_visits() -> tuple[int, int]:
    with working():
        return Entry.objects.count(), Visit.objects.count()


def _revoke() -> None:
    with working():
        device = Device.objects.get()
    devices.revoke(device_id=device.pk, words="手机遗失", by=clerk())


def _the_reviewer_sees_each_once(campaign, mine) -> None:
    """What the phone's request had no time for is carried out within a minute; here at once."""
    carry_out_rest()
    assert _forms_and_visits() == (3, 3)
    with working():
        assert set(PhoneAction.objects.exclude(kind="draft").values_list("state", flat=True)) == {"taken"}
        split = Entry.objects.get(answers__survey_outcome="5")
        assert split.answers["uninsured_reason"] == "Z1" and split.method == "3"
    assert sorted(seen(task).state for task in mine).count("submitted") == 3
    web = Client(SERVER_NAME="localhost")
    web.post("/sign-in/", {"username": county_officer().username, "password": PASSWORD})
    queue = web.get(f"/campaigns/{campaign.pk}/reviews/").content.decode()
    assert [queue.count(f"/tasks/{task.pk}/review/") > 0 for task in mine].count(True) == 3


def _a_revoked_phone_is_empty(playwright: Playwright, folder: Path, site: str) -> None:
    with browser_of(playwright, folder, site) as context:
        page = context.new_page()
        page.goto("/mobile/")
        heading(page, "参保登记调查")
        expect(page.get_by_text("停用").first).to_be_visible()
        _photograph(page, "revoked")
        held = page.evaluate(HELD)
        assert "iv" not in held and "样例" not in held


def _photograph(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"journey-{name}.png", full_page=True)
