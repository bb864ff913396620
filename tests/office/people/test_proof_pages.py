"""A proof verified in a real browser, offline too; a panel in its frame and in a stranger's; revoking at a desk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from office_journeys import PICTURES, fits, sit_down
from office_site import SWITCHES, browsing_at, serving
from people_made import Desk, officer
from playwright.sync_api import Page, Route, expect, sync_playwright

import canbao.office
from canbao.registry import partner_alarms
from canbao.registry.models import Proof
from canbao.registry.proofs.keys import rotate, withdraw
from proof_desk import BY, ONE, ORIGIN, counter, looked_up, people, scanned, stranger

CSS = Path(canbao.office.__file__).parent / "static" / "office" / "proof" / "page.css"
WITHOUT_ED25519 = "crypto.subtle.importKey = () => Promise.reject(new Error('NotSupportedError'));"


@dataclass
class Made:
    """What a counter has got: a proof (its fragment and number) and a panel of a person; and an officer's seat."""

    fragment: str
    number: str
    panel: str
    person: int
    seat: str


@pytest.fixture
def made(register, monkeypatch) -> Made:
    monkeypatch.setattr(partner_alarms, "OPENS", 0)
    monkeypatch.setattr(partner_alarms, "CLOSES", 24)
    people()
    system = counter()[1]
    key = looked_up(system)
    address = scanned(system.post(f"persons/{key}/proof", BY).content)
    panel = urlsplit(system.post(f"persons/{key}/panel", BY).json()["address"]).path
    seat = Desk(officer("county_officer", "440604")).state().session.session_key
    return Made(urlsplit(address).fragment, Proof.objects.get().number, panel, key, seat)


@pytest.fixture
def site(made) -> Iterator[str]:
    with serving() as address:
        yield address


@contextmanager
def strange_browser(site: str, script: str = "") -> Iterator[tuple[Page, list[str]]]:
    """A browser of nobody's, and every address that it asks for; it may meet with failures."""
    asked: list[str] = []
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(SWITCHES))
        page = browser.new_page(viewport={"width": 390, "height": 800}, base_url=site)
        page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
        if script:
            page.add_init_script(script)
        yield page, asked
        browser.close()


def photographed(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def answer_with(given: dict[str, Any], route: Route) -> None:
    """Be the server that is asked."""
    route.fulfill(**given)


@pytest.mark.parametrize("script", ["", WITHOUT_ED25519])
def test_it_is_verified_in_the_browser_and_its_content_goes_nowhere(site, made, script):
    with strange_browser(site, script) as (page, asked):
        page.goto(f"/proof/#{made.fragment}")
        expect(page.locator("#verdict")).to_contain_text("合格：由登记库出具")
        expect(page.locator("#revoked")).to_have_text("没有作废。")
        for words in ("张三", ONE[-4:], "职工基本养老保险", "佛山市禅城区", "广州市越秀区（异地）", made.number):
            expect(page.locator("#statement")).to_contain_text(words)
        photographed(page, "proof-good")
        assert ONE not in page.content() and page.context.cookies() == []
    sent = [one.partition("#")[0] for one in asked]
    assert [one for one in sent if made.number in one] == [f"{site}/proof/revoked/{made.number}"]
    assert not any(made.fragment[:20] in one or "张" in one for one in sent)


def test_it_is_verified_offline_and_says_that_nobody_was_asked(site, made):
    with strange_browser(site) as (page, _):
        page.goto("/proof/")
        page.context.set_offline(True)
        page.get_by_label("二维码的内容").fill(f"https://canbao.example/proof/#{made.fragment}\n")
        page.get_by_role("button", name="核验").click()
        expect(page.locator("#verdict")).to_contain_text("合格：由登记库出具")
        expect(page.locator("#revoked")).to_contain_text("是否已作废未核对")
        photographed(page, "proof-offline")
        flipped = str((int(made.fragment[-1]) + 1) % 10)
        for wrong in (made.fragment[:-1] + flipped, made.fragment[:40] + flipped + made.fragment[41:], "12345", "x"):
            page.evaluate("text => { location.hash = text }", wrong)
            expect(page.locator("#verdict")).to_contain_text("不合格")
            expect(page.locator("#statement")).to_be_hidden()


def test_a_revoked_an_expired_and_one_of_a_withdrawn_key(site, made):
    with strange_browser(site) as (page, _):
        page.route("**/proof/revoked/*", lambda route: route.fulfill(json={"state": "revoked"}))
        page.goto(f"/proof/#{made.fragment}")
        expect(page.locator("#revoked")).to_contain_text("已经作废")
        page.clock.set_fixed_time(timezone.now() + timedelta(days=31))
        page.reload()
        expect(page.locator("#verdict")).to_contain_text("已过有效期")


def test_one_signed_by_a_key_that_is_not_published(register, made):
    withdraw(Proof.objects.get().key_id)
    rotate()
    with serving() as site, strange_browser(site) as (page, _):
        page.goto(f"/proof/#{made.fragment}")
        expect(page.locator("#verdict")).to_contain_text("签名密钥不在公布的密钥之列")


@pytest.mark.parametrize(("origin", "shown"), [(ORIGIN, 1), ("https://else.example", 0)])
def test_a_panel_shows_in_its_frame_and_not_in_a_strangers(made, origin, shown):
    """Both systems are made up: browsers let no page of a public address frame one of this machine."""
    answer = stranger().get(made.panel)
    panel = {"body": answer.content.decode(), "headers": {**answer.headers}, "status": answer.status_code}
    html = f'<h1>业务系统</h1><iframe src="https://canbao.example{made.panel}" width="370" height="600"></iframe>'
    style = {"body": CSS.read_text(encoding="utf-8"), "content_type": "text/css"}
    with strange_browser("https://canbao.example") as (page, _):
        for address, given in (
            (f"{origin}/", {"body": html, "content_type": "text/html; charset=utf-8"}),
            ("https://canbao.example/static/**", style), (f"https://canbao.example{made.panel}", panel),
        ):  # fmt: skip
            page.route(address, partial(answer_with, given))
        page.goto(f"{origin}/")
        expect(page.frame_locator("iframe").get_by_text("职工基本养老保险")).to_have_count(shown)
        photographed(page, f"panel-{shown}")


def test_an_officer_revokes_at_the_desk(site, made):
    with browsing_at(site) as page:
        sit_down(page, made.seat)
        page.goto(f"/people/{made.person}/")
        expect(page.get_by_role("heading", name="参保证明")).to_be_visible()
        page.get_by_label(f"作废 {made.number} 的原因").fill("信息有误，已重新出具")
        fits(page, "proofs")
        page.get_by_role("button", name="作废").click()
        expect(page.get_by_text("已作废")).to_have_count(2)
        expect(page.get_by_text("信息有误，已重新出具")).to_be_visible()
        page.goto(f"/proof/#{made.fragment}")
        expect(page.locator("#revoked")).to_contain_text("已经作废")


def test_a_clerk_without_the_permission_has_no_button(made):
    page = Desk(officer("town_clerk", "440604012")).state().get(f"/people/{made.person}/").content.decode()
    assert made.number in page and "/revoke/" not in page
    village = Desk(officer("village_clerk", "440604012001"))
    answer = village.post(f"/people/{made.person}/proofs/{made.number}/revoke/", {"reason": "信息有误"})
    assert answer.status_code == 403 and Proof.objects.get().revoked_at is None
