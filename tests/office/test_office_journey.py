"""An officer's first morning in a real browser: sign in, enrol a phone, see home; nothing is asked of anybody else."""

from __future__ import annotations

import time
from base64 import b32decode
from collections.abc import Iterator

import pytest
from django_otp.oath import TOTP
from office_browsers import make_officer
from office_journeys import fits, is_too_wide, sign_in
from office_site import WIDTHS, browsing_at, serving
from playwright.sync_api import Page

from canbao.registry.models import Officer, Package


@pytest.fixture
def site(register) -> Iterator[str]:
    """The office on a loopback port, with officers who have never signed in; gives its address."""
    for duty in ("provincial_officer", "system_administrator"):
        make_officer(duty)
    with serving() as address:
        yield address


@pytest.fixture
def page(site) -> Iterator[Page]:
    """A browser that may ask the office alone; afterwards it must have had nothing to complain of."""
    with browsing_at(site) as page:
        yield page


def test_from_the_door_to_home(page, settings_of):
    with settings_of(SECOND_FACTOR_REQUIRED=True):
        sign_in(page, "provincial_officer")
        key = b32decode(page.locator("li .code").inner_text())
        totp = TOTP(key)
        totp.time = time.time()
        page.get_by_label("验证码").fill(f"{totp.token():06d}")
        page.get_by_role("button", name="绑定").click()
        assert page.locator(".codes .secret").count() == 8
        page.get_by_role("link", name="已收好，进入系统").click()
        assert page.get_by_role("heading", level=1).inner_text() == "待办"
        assert page.get_by_text("待准入数据包").is_visible()


def test_pages_fit_a_desk_and_a_phone_and_are_marked_on_paper(page):
    sign_in(page, "system_administrator")
    for address in ("/", "/officers/", "/officers/1/", "/officers/open/", "/places/", "/rule-book/", "/account/"):
        page.goto(address)
        fits(page, f"office{address.replace('/', '-')}")
    page.set_viewport_size({"width": 794, "height": 1000})
    page.emulate_media(media="print")
    assert not is_too_wide(page)
    assert page.locator(".watermark").is_visible() and not page.locator(".office-rail").is_visible()


def test_a_place_is_looked_up_while_a_form_is_filled(page):
    sign_in(page, "system_administrator")
    page.goto("/officers/open/")
    page.get_by_text("按名称查区划代码").click()
    page.get_by_label("区划名称").press_sequentially("禅城")
    assert "440604" in page.locator("#place-options div").first.inner_text()


def test_the_keyboard_reaches_the_text_first(page):
    sign_in(page, "system_administrator")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"


def test_nothing_of_a_page_stays_behind_in_the_browser(page):
    sign_in(page, "system_administrator")
    page.goto("/officers/")
    kept = page.evaluate("({...localStorage, ...sessionStorage})")
    assert kept == {"htmx-current-path-for-history": "/officers/"}


def package(by, as_of: str, state: str, people: dict[str, int]) -> Package:
    labels = {"1": "本省户籍参保人员", "2": "本省户籍未参保人员", "3": "非本省户籍参保人员"}
    told = {code: {"label": labels[code], "persons": many} for code, many in people.items()}
    finding = {"label": "号码由 15 位升为 18 位", "severity": "note", "count": 12}
    summary = {
        "persons": sum(people.values()),
        "items": {"registration_status": told},
        "findings": {"number_upgraded": finding},
    }
    return Package.objects.create(
        division_code="440600", as_of=as_of, file_name="x.canbao", size=1, sha256=as_of, state=state, received_by=by,
        people=summary["persons"], summary=summary,
    )  # fmt: skip


@pytest.fixture
def latest(site) -> int:
    """The second package of a city; made before the browser, whose event loop Django would refuse."""
    by = Officer.objects.get(username="provincial_officer")
    package(by, "2017-03-31", "admitted", {"1": 8_000, "2": 1_500})
    return package(by, "2017-06-30", "checked", {"1": 9_100, "2": 1_200, "3": 700}).pk


def test_a_packages_people_are_drawn_and_told_beside_the_last_ones(latest, page):
    sign_in(page, "provincial_officer")
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"/packages/{latest}/")
        assert page.locator("[data-bars] canvas").bounding_box()["height"] > 100
        assert not is_too_wide(page), width
    row = page.locator("tr", has_text="非本省户籍参保人员").locator("td").all_inner_texts()
    assert row == ["非本省户籍参保人员", "0", "700", "+700"]
    assert page.locator("tr", has_text="15 位").locator("td").all_inner_texts()[1:] == ["提示", "12"]
