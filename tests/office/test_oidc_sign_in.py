"""Signing in through the province's own system: it says who, and opens no accounts."""

from __future__ import annotations

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY
from django.test import RequestFactory
from office_browsers import Browser, make_officer

from canbao.office.pages import _must_change_password
from canbao.office.sign_in.oidc import Return, UsernameBackend
from canbao.registry.models import Officer
from canbao.registry.throttle import begin_guess


@pytest.fixture
def backend(settings_of):
    with settings_of(
        OIDC_OP_TOKEN_ENDPOINT="https://id.test/token", OIDC_OP_USER_ENDPOINT="https://id.test/user",
        OIDC_OP_JWKS_ENDPOINT="https://id.test/keys", OIDC_RP_CLIENT_ID="canbao", OIDC_RP_CLIENT_SECRET="secret",
    ):  # fmt: skip
        yield UsernameBackend()


def user_of(backend: UsernameBackend, monkeypatch, claims: dict) -> Officer | None:
    monkeypatch.setattr(backend, "get_userinfo", lambda *_: claims)
    return backend.get_or_create_user("access", "id", {})


def test_the_claim_names_the_account(register, backend, monkeypatch):
    officer = make_officer("county_officer")
    assert user_of(backend, monkeypatch, {"preferred_username": "county_officer", "name": "别人"}) == officer
    assert Officer.objects.get().display_name == officer.display_name


@pytest.mark.parametrize("name", ["somebody", "closed", "COUNTY_OFFICER"])
def test_nobody_comes_in_without_an_open_account(register, backend, monkeypatch, name):
    make_officer("county_officer")
    make_officer("county_officer", username="closed", is_active=False)
    assert user_of(backend, monkeypatch, {"preferred_username": name}) is None
    assert Officer.objects.count() == 2


def test_without_the_claim_nobody_is_meant(register, backend, monkeypatch):
    from django.core.exceptions import SuspiciousOperation

    make_officer("county_officer", username="")
    with pytest.raises(SuspiciousOperation):
        user_of(backend, monkeypatch, {"sub": "1"})


def test_without_configuration_there_is_no_such_way_in(register):
    assert "统一身份认证" not in Browser().get("/sign-in/").content.decode()
    assert Browser().get("/oidc/authenticate/").status_code == 404


def test_coming_back_begins_the_one_session(register):
    officer, browser = make_officer("county_officer", must_change_password=True), Browser()
    asked = RequestFactory().get("/oidc/callback/")
    asked.session, asked.user = browser.session, officer
    view = Return()
    view.request, view.user, view.guess = asked, officer, begin_guess("oidc")
    officer.backend = "canbao.office.sign_in.oidc.UsernameBackend"
    assert view.login_success().headers["Location"] == "/"
    assert Officer.objects.get().session_key == asked.session.session_key
    assert asked.session[BACKEND_SESSION_KEY] == officer.backend and not _must_change_password(asked)


def test_a_failure_is_explained_at_the_door(register):
    browser = Browser()
    asked = RequestFactory().get("/oidc/callback/")
    asked.session = browser.session
    view = Return()
    view.request = asked
    assert view.login_failure().headers["Location"] == "/sign-in/"
    asked.session.save()
    assert "统一身份认证没有通过" in browser.get("/sign-in/").content.decode()
