"""Sessions can't be fixed beforehand, forged from elsewhere or read by a script; a new secret interrupts nobody."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import RequestFactory
from office_browsers import PASSWORD, Browser, make_officer

from canbao.office.sign_in.oidc import Return
from canbao.registry.throttle import begin_guess

RIGHT = {"username": "auditor", "password": PASSWORD}
NEW = "另一个够长的密码-2018"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
FLAGS = """
import json, os, django
django.setup()
from django.conf import settings
from django.test import Client
door = Client(SERVER_NAME="localhost").get("/sign-in/", secure=not settings.IS_TRIAL)
print(json.dumps([door.cookies.output(header=""), settings.SESSION_COOKIE_NAME, settings.KNOWN_COOKIE_NAME,
    settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE,
    settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_DOMAIN]))
"""


def test_a_session_that_a_thief_prepared_is_worth_nothing_after_signing_in(register):
    make_officer("auditor")
    thief, victim = Browser(), Browser()
    session = thief.session
    session["prepared"] = True
    session.save()
    for browser in (thief, victim):
        browser.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    assert victim.post("/sign-in/", RIGHT).status_code == 302
    assert victim.session.session_key != session.session_key
    assert thief.get("/").headers["Location"].startswith("/sign-in/")
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_an_invented_session_id_is_not_taken_over(register):
    make_officer("auditor")
    browser = Browser()
    browser.cookies[settings.SESSION_COOKIE_NAME] = "inventedbyathief0000000000000000"
    browser.post("/sign-in/", RIGHT)
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value != "inventedbyathief0000000000000000"
    assert browser.get("/").status_code == 200


def test_the_session_id_changes_with_the_password_and_the_old_one_is_dead(opened):
    browser = opened("auditor")
    before = browser.session.session_key
    assert "密码已更改" in browser.say("/account/password/", old=PASSWORD, new=NEW, again=NEW)
    assert browser.session.session_key != before
    thief = Browser()
    thief.cookies[settings.SESSION_COOKIE_NAME] = before
    assert thief.get("/").status_code == 302 and browser.get("/").status_code == 200


def test_another_browsers_form_does_not_sign_anybody_in(register):
    """Login CSRF: a thief's page posts the thief's own account and form token from the victim's browser."""
    make_officer("auditor")
    thief, victim = Browser(enforce_csrf_checks=True), Browser(enforce_csrf_checks=True)
    token = TOKEN.search(thief.read("/sign-in/"))[1]
    assert victim.post("/sign-in/", {**RIGHT, "csrfmiddlewaretoken": token}).status_code == 403
    victim.get("/sign-in/")
    assert victim.post("/sign-in/", {**RIGHT, "csrfmiddlewaretoken": token}).status_code == 403
    assert victim.get("/").status_code == 302
    assert thief.post("/sign-in/", {**RIGHT, "csrfmiddlewaretoken": token}).status_code == 302


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost.evil.example", "null"])
def test_the_right_form_sent_from_another_site_is_refused(register, origin):
    make_officer("auditor")
    browser = Browser(enforce_csrf_checks=True)
    token = TOKEN.search(browser.read("/sign-in/"))[1]
    answer = browser.post("/sign-in/", {**RIGHT, "csrfmiddlewaretoken": token}, headers={"Origin": origin})
    assert answer.status_code == 403 and browser.get("/").status_code == 302


def test_the_form_token_from_before_signing_in_is_worth_nothing_after(register):
    make_officer("auditor")
    browser = Browser(enforce_csrf_checks=True)
    token = TOKEN.search(browser.read("/sign-in/"))[1]
    browser.post("/sign-in/", {**RIGHT, "csrfmiddlewaretoken": token})
    assert browser.post("/sign-out/", {"csrfmiddlewaretoken": token}).status_code == 403


def test_nobody_is_signed_in_by_somebody_elses_return_from_single_sign_on(register):
    """The callback's state belongs to the browser that went there."""
    from django.core.exceptions import SuspiciousOperation

    asked = RequestFactory().get("/oidc/callback/?code=thief&state=thief")
    asked.session = Browser().session
    asked.session["oidc_states"] = {"own": {"nonce": "n", "code_verifier": None}}
    with pytest.raises(SuspiciousOperation):
        Return.as_view()(asked)
    assert not asked.session.get("_auth_user_id")


def test_too_many_returns_from_single_sign_on_are_answered_at_the_door(register, settings_of):
    with settings_of(GUESSES_IN_ALL=1):
        begin_guess("oidc")
        asked = RequestFactory().get("/oidc/callback/?code=x&state=y")
        asked.session = Browser().session
        answer = Return.as_view()(asked)
    assert answer.status_code == 429 and "尝试次数过多" in answer.content.decode()


@pytest.mark.parametrize("is_trial", [True, False], ids=["trial", "earnest"])
def test_cookies_are_bound_to_this_host_and_to_tls(is_trial):
    environment = {name: value for name, value in os.environ.items() if name != "CANBAO_TRIAL"}
    given = {**environment, "CANBAO_TRIAL": "1"} if is_trial else environment
    done = subprocess.run([sys.executable, "-c", FLAGS], env=given, capture_output=True, text=True, timeout=60)
    door, session, known, is_secure, *rest = json.loads(done.stdout.splitlines()[-1])
    prefix = "" if is_trial else "__Host-"
    assert (session, known, is_secure) == (f"{prefix}session", f"{prefix}known", not is_trial)
    assert rest == [True, "Lax", "/", None]
    assert door.strip().startswith(f"{prefix}csrf=") and ("Secure" in door) == (not is_trial)
    assert "HttpOnly" in door and "SameSite=Lax" in door and "Path=/" in door and "Domain" not in door


def test_cookies_of_somebody_who_came_in_are_not_for_scripts(opened):
    cookies = opened("auditor").cookies
    assert set(cookies) == {"session", "csrf", "known"}
    assert all(one["httponly"] and one["samesite"] in ("Lax", "Strict") for one in cookies.values())
    assert "auditor" not in cookies["known"].value


def test_a_new_secret_signs_nobody_out_while_the_old_one_is_believed(opened, settings_of):
    browser = opened("auditor")
    with settings_of(SECRET_KEY="another secret, long enough for tests", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert browser.get("/").status_code == 200
        assert Browser().get("/").status_code == 302
    with settings_of(SECRET_KEY="another secret, long enough for tests", SECRET_KEY_FALLBACKS=[]):
        assert browser.get("/").status_code == 200
    with settings_of(SECRET_KEY="a third secret, also long enough for tests", SECRET_KEY_FALLBACKS=[]):
        assert browser.get("/").status_code == 302
