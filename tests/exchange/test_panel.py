"""A panel shows the agreed parts once, soon, to whom it was made for, and is framed only where that was agreed."""

from __future__ import annotations

import logging
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from log_reading import lines

from canbao.registry.access import Refused
from canbao.registry.models import Agreement, Given, Panel, Partner
from canbao.registry.streams.panels import checked_origins, forget_old_panels
from proof_desk import BY, ONE, ORIGIN, counter, looked_up, people, stranger
from protection_desk import protected
from register_desk import person
from signed_requests import System


@pytest.fixture
def desk(register) -> tuple[Partner, System]:
    people()
    return counter()


@pytest.fixture
def system(desk: tuple[Partner, System]) -> System:
    return desk[1]


def address(system: System) -> str:
    """The path of a fresh panel."""
    answer = system.post(f"persons/{looked_up(system)}/panel", BY)
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert said["seconds"] == 120 and said["address"].startswith("https://")
    return urlsplit(said["address"]).path


def test_it_shows_the_agreed_parts_as_a_look_up_does(system: System) -> None:
    page = stranger().get(address(system)).content.decode()
    for words in (
        "登记状态",
        "张三",
        "职工基本养老保险",
        "参保缴费",
        "禅城区",
        "异地参保和待遇",
        "需补采的项目",
        "手机",
    ):
        assert words in page, words
    assert ONE not in page and "<script" not in page and "http:" not in page


def test_it_works_once(system: System) -> None:
    path = address(system)
    assert [stranger().get(path).status_code for _ in range(3)] == [200, 410, 410]
    assert "张三" not in stranger().get(path).content.decode()


def test_it_works_for_two_minutes(system: System) -> None:
    path = address(system)
    Panel.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = stranger().get(path)
    assert answer.status_code == 410 and "张三" not in answer.content.decode()
    assert Panel.objects.get().used_at is None
    assert forget_old_panels() == 0
    Panel.objects.update(expires_at=timezone.now() - timedelta(days=2))
    assert forget_old_panels() == 1


def test_it_is_framed_by_agreed_origins_alone_and_keeps_nothing(system: System) -> None:
    path = address(system)
    for expected in (200, 410):
        answer = stranger().get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert answer.status_code == expected and policy.endswith(f"frame-ancestors {ORIGIN}")
        assert "default-src 'none'" in policy and "script" not in policy
        assert "X-Frame-Options" not in answer.headers and not answer.cookies
        assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert stranger().get("/proof/").headers["X-Frame-Options"] == "DENY"


def test_nobody_has_made_it_up(system: System) -> None:
    answer = stranger().get("/panel/" + "x" * 43)
    assert answer.status_code == 404 and answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert stranger().post(address(system)).status_code == 405


@pytest.mark.parametrize("origins", [[], ["javascript:alert(1)"], ["https://a.example; script-src *"], ["*"]])
def test_without_origins_there_is_none(register, origins: list[str]) -> None:
    people()
    system = counter(panel_origins=origins)[1]
    answer = system.post(f"persons/{looked_up(system)}/panel", BY)
    assert (answer.status_code, answer.json()["why"]) == (403, "beyond") and "panel_origins" in answer.json()["says"]


def test_origins_are_those_of_pages_and_no_more() -> None:
    assert checked_origins([" https://A.example ", "https://b.example:8443", "", "https://a.example"]) == [
        "https://a.example", "https://b.example:8443",
    ]  # fmt: skip
    for wrong in ("http://a.example", "https://a.example/x", "https://*.example", "a.example", "https://a.example\n;x"):
        with pytest.raises(Refused):
            checked_origins([wrong])


def test_only_whom_the_partner_has_looked_up(system: System) -> None:
    key = person(ONE)["id"]
    assert system.post(f"persons/{key}/panel", BY).status_code == 404
    looked_up(system)
    protected(ONE)
    assert system.post(f"persons/{key}/panel", BY).status_code == 404


def test_a_person_protected_meanwhile_is_not_shown(system: System) -> None:
    path = address(system)
    protected(ONE)
    answer = stranger().get(path)
    assert answer.status_code == 404 and "张三" not in answer.content.decode()


def test_a_partner_cut_off_or_an_agreement_ended_meanwhile(desk: tuple[Partner, System]) -> None:
    whose, system = desk
    ended, cut_off = address(system), address(system)
    Agreement.objects.update(valid_to=timezone.localdate() - timedelta(days=1))
    assert stranger().get(ended).status_code == 403
    Agreement.objects.update(valid_to=timezone.localdate())
    Partner.objects.filter(pk=whose.pk).update(cut_off_at=timezone.now())
    assert stranger().get(cut_off).status_code == 403


def test_each_look_is_on_the_log_and_counted_and_no_address_names_anybody(system: System, caplog) -> None:
    with caplog.at_level(logging.DEBUG):
        path = address(system)
        stranger().get(path)
        stranger().get(path)
    shown = [one for one in lines("exchange.panel") if one["details"].get("step") == "shown"]
    assert len(shown) == 1 and f"person:{person(ONE)['id']}" in shown[0]["objects"]
    given = Given.objects.get(service="panel")
    assert (given.told_to, given.purpose) == ("王经办，祖庙窗口", "counter") and "covers" in given.items
    told = path + caplog.text + str(lines())
    assert ONE not in told and "张三" not in told and path.removeprefix("/panel/") not in str(lines())
