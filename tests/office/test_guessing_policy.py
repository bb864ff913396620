"""P35: nobody guesses more often than the policy allows, at any address where a credential is looked at."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from credential_routes import credential_routes, planted, reaches
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import RequestFactory
from django.utils import timezone
from office_browsers import PASSWORD, Browser, make_officer

from canbao.office.sign_in.oidc import Return
from canbao.registry.deeds import origin
from canbao.registry.models import Officer, Phone, RecoveryCodes
from canbao.survey.actions import self_filling
from canbao.survey.models import Campaign

NEW = "另一个够长的密码-2018"
CHEAP = ["django.contrib.auth.hashers.MD5PasswordHasher"]
HASHED = MD5PasswordHasher().encode(PASSWORD, "made for tests, and long enough")


def make_cheap(duty: str, **more: object) -> Officer:
    """An officer whose password is compared quickly."""
    officer = make_officer(duty, **more)
    officer.password = HASHED
    officer.save()
    return officer


class Door:
    """One officer and one browser at a credential route; `guess` makes a wrong guess and gives the status."""

    def __init__(self, officer: Officer) -> None:
        self.officer = officer

    def inside(self) -> Browser:
        """A browser that gave the password, on whatever count: a session that somebody left open."""
        browser = Browser()
        browser.force_login(self.officer, backend="django.contrib.auth.backends.ModelBackend")
        session = browser.session
        session["began_at"] = session["seen_at"] = 2**40
        session.save()
        Officer.objects.update(session_key=session.session_key)
        return browser

    def sign_in(self) -> int:
        return Browser().post("/sign-in/", {"username": self.officer.username, "password": "wrong"}).status_code

    def own_password(self) -> int:
        words = {"old": "wrong", "new": NEW, "again": NEW}
        return self.inside().post("/account/password/", words).status_code

    def second_factor(self) -> int:
        return self.inside().post("/account/second-factor/", {"token": "000000"}).status_code

    def oidc_authentication_callback(self) -> int:
        asked = RequestFactory().get("/oidc/callback/?error=denied")
        asked.session = Browser().session
        asked.user = type("Nobody", (), {"is_authenticated": False})()
        before = origin.set("10.0.0.1 -")
        try:
            return Return.as_view()(asked).status_code
        finally:
            origin.reset(before)

    def fill(self) -> int:
        self._let_residents_fill_in_forms()
        return Browser().post("/fill/", {"code": "AAAA-AAAA-AAAA"}).status_code

    def fill_form(self) -> int:
        self._let_residents_fill_in_forms()
        return Browser().post("/fill/form/", {"code": "AAAA-AAAA-AAAA", "token": "x"}).status_code

    def _let_residents_fill_in_forms(self) -> None:
        today = timezone.localdate()
        kept = {"starts_on": today, "ends_on": today, "attempts": 3, "entry_days": 7, "drawn_up_by": self.officer}
        Campaign.objects.get_or_create(area="4406", state="running", self_filling=True, defaults=kept)


DOORS = ("sign_in", "own_password", "second_factor", "oidc_authentication_callback", "fill", "fill_form")


@pytest.fixture
def compared(monkeypatch) -> Counter[str]:
    """How often each credential was compared with the right one."""
    counted: Counter[str] = Counter()
    check = Officer.check_password

    def checking(self: Officer, raw: str) -> bool:
        counted[self.username] += 1
        return check(self, raw)

    monkeypatch.setattr(Officer, "check_password", checking)
    match = self_filling.match_code
    monkeypatch.setattr(self_filling, "match_code", lambda code: (counted.update(["code"]), match(code))[1])
    for kind in (Phone, RecoveryCodes):
        monkeypatch.setattr(kind, "verify_token", lambda self, token: bool(counted.update([self.user.username])))
    return counted


def test_the_routes_themselves_say_where_credentials_are_looked_at():
    assert set(credential_routes()) == set(DOORS), "a new one needs begin_guess, and a way to guess in DOORS"


def test_a_route_that_compares_in_secret_is_found():
    assert reaches(planted().callback)
    assert not reaches(lambda request: request.user.get_username())


@pytest.mark.parametrize("is_enrolled", [False, True], ids=["enrolling", "enrolled"])
@pytest.mark.parametrize("door", DOORS)
def test_each_door_closes_after_ten_wrong_guesses(register, clock, compared, settings_of, door, is_enrolled):
    at = Door(make_cheap("auditor"))
    if is_enrolled:
        Phone.objects.create(user=at.officer, name="x", sealed_key="1:")
    with settings_of(PASSWORD_HASHERS=CHEAP, GUESSES_FROM_SOURCE=10):
        for number in range(40):
            status = getattr(at, door)()
            clock.later(seconds=170 if number < 9 else 1)
        assert status == 429
        clock.later(minutes=31)
        assert getattr(at, door)() != 429
    assert max(compared.values(), default=0) <= 11


def test_many_guesses_over_many_accounts_from_many_networks_stay_within_the_policy(register, clock, settings_of):
    """1,500 guesses at 100 accounts, half of them nobody's, from 40 networks: each limit holds, and that of all."""
    names = [f"officer{number}" for number in range(100)]
    for name in names[::2]:
        make_cheap("auditor", username=name)
    sources = [Browser(REMOTE_ADDR=f"10.0.{number}.1") for number in range(40)]
    by_account, by_source, chance = Counter(), Counter(), Random(2017)
    with settings_of(PASSWORD_HASHERS=CHEAP, GUESSES_FROM_SOURCE=12, GUESSES_IN_ALL=300):
        for number in range(1_500):
            name, source = chance.choice(names), chance.randrange(len(sources))
            status = sources[source].post("/sign-in/", {"username": name, "password": f"{number}"}).status_code
            assert status in (200, 429)
            by_account[name] += status == 200
            by_source[source] += status == 200
        right = sources[0].post("/sign-in/", {"username": names[0], "password": PASSWORD})
    assert by_account.total() == 300 and right.status_code == 429
    assert max(by_account.values()) <= 5 and max(by_source.values()) <= 12


def test_one_account_guessed_at_from_everywhere_for_half_a_day(register, clock, compared, settings_of):
    """Somebody patient who asks every two minutes, each time from elsewhere, gets no more than ten in half an hour."""
    make_cheap("auditor")
    with settings_of(PASSWORD_HASHERS=CHEAP):
        for number in range(360):
            Browser(REMOTE_ADDR=f"10.{number % 200}.0.1").post("/sign-in/", {"username": "auditor", "password": "x"})
            clock.later(minutes=2)
    assert compared["auditor"] <= 10 * 12 * 60 / 30


@pytest.mark.parametrize("kind", ["wrong", "closed", "unknown"])
def test_a_password_is_hashed_once_whoever_is_meant(register, monkeypatch, settings_of, kind):
    """The time goes into the hash; nobody can tell by it which accounts there are."""
    make_cheap("auditor", is_active=kind != "closed")
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: (hashed.append("once"), encode(*given))[1])
    with settings_of(PASSWORD_HASHERS=CHEAP):
        password = PASSWORD if kind == "closed" else "wrong"
        name = "nobody" if kind == "unknown" else "auditor"
        page = Browser().post("/sign-in/", {"username": name, "password": password})
    assert hashed == ["once"] and page.status_code == 200
    assert "账号或密码不对" in page.content.decode()


def test_a_new_page_that_asks_for_a_guess_answers_429_by_itself(opened):
    from canbao.office.pages import EVERYONE, page
    from canbao.registry.throttle import begin_guess

    browser = opened("auditor")
    asked = RequestFactory().get("/planted/")
    asked.user, asked.session = browser.officer, browser.session
    route = page("planted/", lambda request: begin_guess("pin", account="auditor"), EVERYONE, "sign_out")
    for _ in range(5):
        route.callback(asked)
    assert route.callback(asked).status_code == 429
