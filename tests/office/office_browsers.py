"""Officers of each duty, and the browsers they sit at."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.test import Client
from pytest import MonkeyPatch

from canbao.law.duties import read_duties
from canbao.office.home import views
from canbao.office.sessions import BEGAN, SEEN
from canbao.registry.models import Officer

PASSWORD = "一个够长的密码-2017"
HASHED = make_password(PASSWORD, hasher="pbkdf2_sha256")
AREAS = {"province": "44", "city": "4406", "county": "440604", "town": "440604012", "village": "440604012001"}


class Browser(Client):
    """Django's test browser that knows whose it is."""

    officer: Officer

    def __init__(self, **more: object) -> None:
        super().__init__(SERVER_NAME="localhost", **more)

    def say(self, address: str, **words: str) -> str:
        """Post a form, follow, and give the page that comes of it."""
        return self.post(address, words, follow=True).content.decode()

    def read(self, address: str) -> str:
        """The page at an address."""
        return self.get(address).content.decode()


def make_officer(duty: str, area: str = "", username: str = "", **more: object) -> Officer:
    """An officer with PASSWORD, in an area that the duty is held in."""
    levels = read_duties().duties[duty].levels if duty in read_duties().duties else ("province",)
    return Officer.objects.create(
        username=username or duty, display_name=f"测试{duty}", duty=duty, area=area or AREAS[levels[0]],
        password=HASHED, **{"must_change_password": False, "staff_number": username or duty, **more},
    )  # fmt: skip


def home_meeting(problem: Exception, browser: Browser, monkeypatch: MonkeyPatch) -> HttpResponse:
    """What the home page answers when something goes wrong in the middle of it."""

    def fail(by: Officer) -> None:
        raise problem

    monkeypatch.setattr(views, "waiting_for", fail)
    browser.raise_request_exception = False
    return browser.get("/")


def set_clock_back(browser: Client, *, began: int = 0, seen: int = 0) -> None:
    """Let the session have begun, and been used last, so many seconds earlier."""
    session = browser.session
    session[BEGAN] -= began
    session[SEEN] -= seen
    session.save()
