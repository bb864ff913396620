"""The second factor: enrolled with a phone, asked for after each sign-in, reset by another administrator."""

from __future__ import annotations

import re
import time
from base64 import b32decode

import pytest
from django_otp.oath import TOTP
from office_browsers import PASSWORD, Browser

from canbao.registry.models import Phone

ADDRESS = "/account/second-factor/"


def digits(key: bytes, later: int = 0) -> str:
    """What a phone with the key shows, or will show so many half minutes later."""
    totp = TOTP(key)
    totp.time = time.time() + 30 * later
    return f"{totp.token():06d}"


def enrolled(browser: Browser) -> tuple[bytes, list[str]]:
    """Enrol a phone; gives its key and the recovery codes."""
    key = b32decode(re.search(r'class="code break mt-1">([A-Z2-7=]+)<', browser.read(ADDRESS))[1])
    page = browser.say(ADDRESS, token=digits(key))
    codes = re.findall(r'<li class="secret">(\w+)</li>', page)
    assert len(codes) == 8, page
    return key, codes


@pytest.fixture
def asked_for(settings_of):
    """As in earnest: the second factor is asked for."""
    with settings_of(SECOND_FACTOR_REQUIRED=True):
        yield


def test_without_a_phone_every_page_leads_to_enrolling(opened, asked_for):
    browser = opened("auditor")
    for address in ("/", "/audit/", "/account/"):
        assert browser.get(address).headers["Location"] == ADDRESS
    assert "data:image/svg+xml" in browser.read(ADDRESS)


def test_an_enrolled_officer_gives_digits_at_each_sign_in(opened, asked_for):
    browser = opened("auditor")
    before = browser.session.session_key
    key, _ = enrolled(browser)
    assert browser.get("/").status_code == 200 and browser.session.session_key != before
    again = Browser()
    again.post("/sign-in/", {"username": "auditor", "password": PASSWORD})
    assert again.get("/").headers["Location"] == ADDRESS
    assert "验证码不对" in again.say(ADDRESS, token="000000")
    Phone.objects.update(throttling_failure_count=0)
    assert "待办" in again.say(ADDRESS, token=digits(key, later=1))


def test_digits_work_once(opened, asked_for):
    browser = opened("auditor")
    key, _ = enrolled(browser)
    again = Browser()
    again.post("/sign-in/", {"username": "auditor", "password": PASSWORD})
    assert "验证码不对" in again.say(ADDRESS, token=digits(key))


def test_a_recovery_code_works_once(opened, asked_for):
    _, codes = enrolled(opened("auditor"))
    for said in ("待办", "验证码不对"):
        again = Browser()
        again.post("/sign-in/", {"username": "auditor", "password": PASSWORD})
        assert said in again.say(ADDRESS, token=codes[0])


def test_wrong_digits_make_the_next_try_wait(opened, asked_for):
    browser = opened("auditor")
    key, _ = enrolled(browser)
    again = Browser()
    again.post("/sign-in/", {"username": "auditor", "password": PASSWORD})
    for _ in range(3):
        again.say(ADDRESS, token="000000")
    assert "验证码不对" in again.say(ADDRESS, token=digits(key, later=1))


def test_somebody_with_the_password_alone_cannot_enrol_another_phone(opened, asked_for):
    enrolled(opened("auditor"))
    thief = Browser()
    thief.post("/sign-in/", {"username": "auditor", "password": PASSWORD})
    assert "data:image/svg+xml" not in thief.read(ADDRESS)
    assert Phone.objects.count() == 1


def test_wrong_digits_do_not_enrol(opened, asked_for):
    browser = opened("auditor")
    browser.read(ADDRESS)
    assert "验证码不对" in browser.say(ADDRESS, token="000000")
    assert not Phone.objects.get().confirmed


def test_a_phone_whose_key_is_lost_is_said_plainly_and_can_be_reset(opened, asked_for):
    browser = opened("auditor")
    key, _ = enrolled(browser)
    Phone.objects.update(sealed_key="1:AAAA")
    again = Browser()
    again.post("/sign-in/", {"username": "auditor", "password": PASSWORD})
    assert "请联系安全管理员重置" in again.say(ADDRESS, token=digits(key, later=1))


def test_a_lost_key_of_a_phone_not_enrolled_yet_is_made_anew(opened, asked_for):
    browser = opened("auditor")
    browser.read(ADDRESS)
    Phone.objects.update(sealed_key="1:AAAA")
    enrolled(browser)
    assert Phone.objects.get().confirmed


def test_the_security_administrator_resets_a_lost_phone(opened):
    browser, security = opened("county_officer"), opened("security_administrator")
    enrolled(browser)
    page = security.say(f"/officers/{browser.officer.pk}/second-factor/")
    assert "已重置" in page and not Phone.objects.exists()
    assert browser.get("/").status_code == 302
