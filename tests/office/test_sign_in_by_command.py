"""A city's machine signs in as its officer does in a browser, the second factor included."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from office_browsers import PASSWORD, Browser, make_officer
from test_second_factor_pages import digits, enrolled

from canbao.batch.trouble import SourceTrouble
from canbao.commands.remote import Office

SERVER = "http://localhost"


class Wire:
    """What the command's requests go over: Django's test browser instead of a network."""

    def __init__(self) -> None:
        self.browser = Browser(enforce_csrf_checks=True)

    def request(self, method: str, url: str, data: dict | None = None, **_: object) -> SimpleNamespace:
        address = url.removeprefix(SERVER)
        answer = getattr(self.browser, method.lower())(address, data or {}, follow=True)
        return SimpleNamespace(text=answer.content.decode(), url=SERVER + answer.request["PATH_INFO"])


@pytest.fixture
def office() -> Office:
    made = Office(SERVER)
    made._session = Wire()
    return made


def test_the_digits_that_the_command_is_given_are_those_the_page_asks_for(opened, office, settings_of):
    with settings_of(SECOND_FACTOR_REQUIRED=True):
        key, _ = enrolled(opened("city_data_officer", "4406"))
        office.sign_in("city_data_officer", PASSWORD, digits(key, later=1))
        assert office._session.browser.get("/").status_code == 200


def test_without_digits_the_command_says_what_is_missing(opened, office, settings_of):
    with settings_of(SECOND_FACTOR_REQUIRED=True):
        enrolled(opened("city_data_officer", "4406"))
        with pytest.raises(SourceTrouble, match="--code"):
            office.sign_in("city_data_officer", PASSWORD, "")


def test_a_wrong_password_ends_the_command(register, office):
    make_officer("auditor")
    with pytest.raises(SourceTrouble, match="登录不了"):
        office.sign_in("auditor", "wrong", "")
