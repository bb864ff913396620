"""The door: who comes in, who does not, and how a session ends."""

from __future__ import annotations

import pytest
from office_browsers import PASSWORD, Browser, make_officer, set_clock_back

from canbao.registry.actions.officers import grant, set_active
from canbao.registry.models import Officer


def test_home_without_signing_in_leads_to_the_door(register):
    answer = Browser().get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/?next=%2F")


def test_an_officer_comes_in_and_sees_home(opened):
    page = opened("provincial_officer").read("/")
    assert "待准入数据包" in page and "省级经办" in page and "测试provincial_officer" in page


@pytest.mark.parametrize("username", ["auditor", "nobody"])
def test_wrong_password_and_unknown_account_are_answered_alike(register, username):
    make_officer("auditor")
    answer = Browser().post("/sign-in/", {"username": username, "password": "wrong"})
    page = answer.content.decode().replace(username, "…")
    assert "账号或密码不对" in page and "sessionid" not in answer.cookies


def test_the_session_id_changes_at_the_door(register):
    make_officer("auditor")
    browser = Browser()
    browser.get("/sign-in/")
    session = browser.session
    session["x"] = 1
    session.save()
    before = session.session_key
    browser.post("/sign-in/", {"username": "auditor", "password": PASSWORD})
    assert browser.session.session_key not in (before, None)


@pytest.mark.parametrize("username", ["auditor", "nobody"])
def test_five_failures_delay_and_ten_lock_known_and_unknown_accounts_alike(register, clock, username):
    make_officer("auditor")
    browser = Browser()
    for wait in ("10 秒", "20 秒", "40 秒", "2 分钟", "3 分钟", "30 分钟"):
        for _ in range(5 if wait == "10 秒" else 1):
            assert browser.post("/sign-in/", {"username": username, "password": "wrong"}).status_code == 200
        right = browser.post("/sign-in/", {"username": username, "password": PASSWORD})
        assert right.status_code == 429 and f"请 {wait}后再试" in right.content.decode()
        clock.later(seconds=int(right.headers["Retry-After"]))
    assert right.headers["Retry-After"] == "1800"
    answer = browser.post("/sign-in/", {"username": username, "password": PASSWORD})
    assert answer.status_code == (302 if username == "auditor" else 200)


def test_a_lock_holds_from_another_address_too(register):
    make_officer("auditor")
    for number in range(5):
        Browser(REMOTE_ADDR=f"10.0.0.{number}").post("/sign-in/", {"username": "auditor", "password": "wrong"})
    answer = Browser(REMOTE_ADDR="10.0.0.99").post("/sign-in/", {"username": "auditor", "password": PASSWORD})
    assert answer.status_code == 429


def test_strangers_cannot_keep_an_officer_out_of_the_own_browser(opened, settings_of):
    browser = opened("auditor")
    browser.post("/sign-out/")
    with settings_of(GUESSES_IN_ALL=5):
        for _ in range(6):
            stranger = Browser().post("/sign-in/", {"username": "auditor", "password": "wrong"})
        assert stranger.status_code == 429
        assert browser.post("/sign-in/", {"username": "auditor", "password": PASSWORD}).status_code == 302


def test_a_known_browser_is_known_for_one_account_and_may_guess_no_more_than_others(opened, settings_of):
    make_officer("county_officer")
    browser = opened("auditor")
    browser.post("/sign-out/")
    answers = [browser.post("/sign-in/", {"username": "auditor", "password": "wrong"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    with settings_of(GUESSES_FROM_SOURCE=1):
        for status in (200, 429):
            assert browser.post("/sign-in/", {"username": "county_officer", "password": "x"}).status_code == status


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_led_away_after_signing_in(register, elsewhere):
    make_officer("auditor")
    answer = Browser().post("/sign-in/", {"username": "auditor", "password": PASSWORD, "next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_signing_out_takes_a_post_and_ends_the_session(opened):
    browser = opened("auditor")
    assert browser.get("/sign-out/").status_code == 405
    assert browser.post("/sign-out/").status_code == 302
    assert browser.get("/").status_code == 302
    assert Officer.objects.get().session_key == ""


def test_a_form_from_elsewhere_is_not_taken(register):
    make_officer("auditor")
    answer = Browser(enforce_csrf_checks=True).post("/sign-in/", {"username": "auditor", "password": PASSWORD})
    assert answer.status_code == 403 and "页面已过期" in answer.content.decode()


def test_idle_officers_are_signed_out_and_told_why(opened):
    browser = opened("auditor")
    set_clock_back(browser, seen=15 * 60 + 1)
    assert "有一段时间没有操作" in browser.get("/", follow=True).content.decode()


def test_busy_officers_stay_until_eight_hours_are_over(opened):
    browser = opened("auditor")
    set_clock_back(browser, began=8 * 3600 - 60)
    assert browser.get("/").status_code == 200
    set_clock_back(browser, began=61)
    assert "8 小时" in browser.get("/", follow=True).content.decode()


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(opened):
    browser = opened("auditor")
    set_clock_back(browser, seen=14 * 60)
    browser.get("/", headers={"X-Canbao-Poll": "1"})
    set_clock_back(browser, seen=61)
    assert browser.get("/").status_code == 302


def test_one_session_for_one_officer(opened):
    first = opened("auditor")
    second = Browser()
    second.post("/sign-in/", {"username": "auditor", "password": PASSWORD})
    assert "在另一处登录" in first.get("/", follow=True).content.decode()
    assert second.get("/").status_code == 200


def test_another_duty_ends_the_session_at_the_next_request(opened):
    browser = opened("county_officer")
    grant(officer=browser.officer, duty="town_clerk", area="440604012", by=make_officer("security_administrator"))
    assert "岗位、范围或密码有变动" in browser.get("/", follow=True).content.decode()


def test_a_closed_account_is_out_at_the_next_request(opened):
    browser = opened("county_officer")
    set_active(officer=browser.officer, active=False, by=make_officer("system_administrator"))
    assert browser.get("/").status_code == 302
    answer = browser.post("/sign-in/", {"username": "county_officer", "password": PASSWORD})
    assert "账号或密码不对" in answer.content.decode()


def test_a_piece_of_a_page_sends_the_whole_page_to_the_door(register):
    answer = Browser().get("/", headers={"HX-Request": "true"})
    assert answer.status_code == 204 and answer.headers["HX-Redirect"].startswith("/sign-in/")


def test_the_first_password_has_to_be_changed_first(opened):
    browser = opened("auditor", must_change_password=True)
    assert browser.get("/").headers["Location"] == "/account/password/"
    new = "另一个够长的密码-2018"
    page = browser.say("/account/password/", old=PASSWORD, new=new, again=new)
    assert "密码已更改" in page and "审计员" in page


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", "另一个够长的密码-2018", "另一个够长的密码-2018", "原密码不对"),
        (PASSWORD, "短", "短", "密码"),
        (PASSWORD, "另一个够长的密码-2018", "另一个够长的密码-2019", "不一样"),
    ],
)
def test_a_password_that_will_not_do_is_refused(opened, old, new, again, said):
    browser = opened("auditor")
    page = browser.say("/account/password/", old=old, new=new, again=again)
    assert said in page and Officer.objects.get().check_password(PASSWORD)


def test_demo_accounts_are_shown_in_a_trial_that_has_them(register, settings_of):
    make_officer("auditor", username="demo-auditor")
    assert "demo-auditor" not in Browser().get("/sign-in/").content.decode()
    with settings_of(HAS_DEMO_ACCOUNTS=True):
        assert "demo-auditor" in Browser().get("/sign-in/").content.decode()
    with settings_of(HAS_DEMO_ACCOUNTS=True, IS_TRIAL=False):
        assert "demo-auditor" not in Browser().get("/sign-in/").content.decode()
