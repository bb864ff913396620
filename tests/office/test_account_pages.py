"""Accounts: opened by one administrator, given rights by another, each within the own area."""

from __future__ import annotations

import re

import pytest
from office_browsers import PASSWORD, Browser, make_officer

from canbao.registry.access import Refused
from canbao.registry.actions.officers import open_account
from canbao.registry.models import Officer


def test_an_account_is_opened_given_a_duty_and_used(opened):
    system, security = opened("system_administrator", "4406"), opened("security_administrator", "4406")
    page = system.say("/officers/open/", username="zhang.san", display_name="张三", staff_number="gd-1", area="440604")
    password = re.search(r'class="secret" data-forget>([^<]+)<', page)[1]
    account = Officer.objects.get(username="zhang.san")
    assert (account.duty, account.area) == ("none", "440604")
    page = security.say(f"/officers/{account.pk}/grant/", duty="county_officer", area="440604")
    assert "已授予 zhang.san" in page and "县级经办" in page
    browser = Browser()
    answer = browser.post("/sign-in/", {"username": "zhang.san", "password": password}, follow=True)
    assert answer.redirect_chain[-1][0] == "/account/password/"


def test_a_first_password_is_shown_once(opened):
    browser = opened("system_administrator")
    browser.say("/officers/open/", username="li.si", display_name="李四", staff_number="gd-2", area="4401")
    account = Officer.objects.get(username="li.si")
    assert 'class="secret"' not in browser.read(f"/officers/{account.pk}/")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"username": "X y", "display_name": "王五", "staff_number": "gd-3", "area": "4406"}, "小写字母开头"),
        ({"username": "wang.wu", "display_name": "王五", "staff_number": "gd-3", "area": "999999"}, "没有这个区划"),
        (
            {"username": "wang.wu", "display_name": "王五", "staff_number": "gd-3", "area": "440103"},
            "不在您的管辖范围内",
        ),
        (
            {"username": "system_administrator", "display_name": "王五", "staff_number": "gd-3", "area": "4406"},
            "已有人用",
        ),
    ],
)
def test_an_account_that_will_not_do_is_not_opened(opened, words, said):
    browser = opened("system_administrator", "4406")
    assert said in browser.say("/officers/open/", **words)
    assert Officer.objects.count() == 1


@pytest.mark.parametrize("area", ["440", "44060", "4406040", ""])
def test_an_area_between_two_levels_is_no_area(register, area):
    with pytest.raises(Refused):
        open_account(
            username="x.y", display_name="某", staff_number="n1", area=area, by=make_officer("system_administrator")
        )


def test_closing_and_reopening_an_account(opened):
    browser, account = opened("system_administrator"), make_officer("county_officer")
    assert "已停用" in browser.say(f"/officers/{account.pk}/active/", active="0")
    assert not Officer.objects.get(pk=account.pk).is_active
    assert "已启用" in browser.say(f"/officers/{account.pk}/active/", active="1")


def test_nobody_closes_or_grants_the_own_account(opened):
    system, security = opened("system_administrator"), opened("security_administrator")
    assert system.post(f"/officers/{system.officer.pk}/active/", {"active": "0"}).status_code == 403
    grant = {"duty": "provincial_officer", "area": "44"}
    assert "不能给自己授权" in security.say(f"/officers/{security.officer.pk}/grant/", **grant)
    assert Officer.objects.get(pk=security.officer.pk).duty == "security_administrator"


def test_a_duty_is_held_at_its_own_levels_only(opened):
    browser, account = opened("security_administrator"), make_officer("county_officer")
    page = browser.say(f"/officers/{account.pk}/grant/", duty="provincial_officer", area="440604")
    assert "不设在这一级" in page


def test_resetting_a_password_ends_the_session(opened):
    system, officer = opened("system_administrator"), opened("county_officer")
    page = system.say(f"/officers/{officer.officer.pk}/password/")
    assert 'class="secret"' in page
    assert officer.get("/").status_code == 302
    assert not Officer.objects.get(pk=officer.officer.pk).check_password(PASSWORD)


def test_the_list_has_the_own_area_and_is_searched(opened):
    browser = opened("system_administrator", "4406")
    make_officer("county_officer", "440604", "near")
    make_officer("county_officer", "440103", "far")
    page = browser.read("/officers/")
    assert "near" in page and "far" not in page
    assert "near" not in browser.read("/officers/?text=system")
    assert "near" in browser.read("/officers/?duty=county_officer")


@pytest.mark.parametrize("text", ["%", "'; DROP TABLE registry_officer --", "<script>alert(1)</script>"])
def test_a_search_text_is_only_text(opened, text):
    page = opened("system_administrator").get("/officers/", {"text": text}).content.decode()
    assert "没有符合条件的用户" in page and "<script>alert" not in page
