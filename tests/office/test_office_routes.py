"""Every page for every duty: who may open it, who is refused, and that a refusal is on the log."""

from __future__ import annotations

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from office_browsers import AREAS, Browser, make_officer

from canbao.law.duties import read_duties
from canbao.office.pages import EVERYONE
from canbao.registry import deeds

OPEN = {
    "sign_in", "oidc_authentication_init", "oidc_authentication_callback", "fill", "fill_form", "fill_done",
    "phone_app", "phone_app_worker", "phone_app_manifest", "api-root",
    "openapi-json", "exchange_nothing", "metrics", "health_live", "health_ready", "proof_check", "proof_keys",
    "proof_revoked_list", "proof_state", "panel",
}  # fmt: skip
"""The only addresses without a permission: the door itself, where residents fill in their own form by a code, and the
files of the phone's app; at the interface's root is nothing (404), and its description has nobody's data. Machines that
watch are told figures and whether the server can work: tests/exchange/test_being_watched.py. Proofs are verified by
everybody, and a panel is opened by its token."""
ADMINISTRATORS = {"system_administrator", "security_administrator"}
WITH_LAW = set(read_duties().duties) - {"partner_system"}


def allowed_to(permission: str) -> set[str]:
    """The duties that have a permission."""
    return {duty.id for duty in read_duties().duties.values() if permission in duty.may}


REQUESTS = allowed_to("request.see")
DUPLICATES = allowed_to("duplicate.list")
WATCHERS = allowed_to("exchange.watch")
DECIDERS = allowed_to("exchange.decide")
DROPPERS = allowed_to("exchange.drop")
PAGES = {
    "/exchange/runs/": WATCHERS,
    "/exchange/runs/?state=held&page=x": WATCHERS,
    "/exchange/runs/upload/": DROPPERS,
    "/exchange/runs/templates/death/": WATCHERS,
    "/exchange/plans/": WATCHERS,
    "/exchange/files/": DROPPERS,
    "/": set(read_duties().duties),
    "/account/": set(read_duties().duties),
    "/account/password/": set(read_duties().duties),
    "/account/second-factor/": set(read_duties().duties),
    "/officers/": ADMINISTRATORS,
    "/officers/open/": {"system_administrator"},
    "/keys/": {"security_administrator"},
    "/keys/add/": {"security_administrator"},
    "/audit/": {"auditor"},
    "/audit/days/": {"auditor"},
    "/alarms/": {"auditor", "security_administrator"},
    "/canaries/": {"auditor"},
    "/requests/": REQUESTS,
    "/requests/?whose=decide&state=asked&kind=merge&overdue=1": REQUESTS,
    "/requests/?whose=nobody&state=none&kind=none&after=x": REQUESTS,
    "/partners/": allowed_to("partner.see"),
    "/partners/new/": allowed_to("partner.manage"),
    "/duplicates/": DUPLICATES,
    "/duplicates/?state=overdue&kind=none&place=4499&order=due&asked=1&after=x": DUPLICATES,
    "/duplicates/figures/": DUPLICATES,
    "/places/steps/?city=440600": WITH_LAW,
    "/places/": WITH_LAW,
    "/places/options/?text=禅城": WITH_LAW,
    "/places/440604/": WITH_LAW,
    "/places/?text=禅城": WITH_LAW,
    "/rule-book/": WITH_LAW,
    "/rule-book/checks/": WITH_LAW,
    "/rule-book/codes/": WITH_LAW,
    "/rule-book/fields/": WITH_LAW,
    "/rule-book/instruments/": WITH_LAW,
    "/exchange/": WATCHERS,
    "/exchange/aside/": DECIDERS,
    "/exchange/aside/?partner=1&reason=name&after=7": DECIDERS,
    "/guide/": WITH_LAW,
    "/guide/?text=人户分离": WITH_LAW,
    "/guide/on-paper/": WITH_LAW,
    "/guide/door/?q1=2&judge=1": WITH_LAW,
}
POSTS = {
    "/exchange/runs/1/release/": DECIDERS,
    "/exchange/runs/1/carry/": DROPPERS,
    "/exchange/runs/1/cancel/": DROPPERS,
    "/exchange/plans/1/end/": DROPPERS,
    "/officers/1/active/": {"system_administrator"},
    "/officers/1/password/": {"system_administrator"},
    "/officers/1/grant/": {"security_administrator"},
    "/officers/1/second-factor/": {"security_administrator"},
    "/keys/1/withdraw/": {"security_administrator"},
    "/partners/1/contact/": allowed_to("partner.manage"),
    "/partners/1/cut-off/": allowed_to("partner.cut_off"),
    "/partners/1/let-on/": allowed_to("partner.cut_off"),
    "/partners/1/keys/add/": {"security_administrator"},
    "/partners/1/keys/1/withdraw/": {"security_administrator"},
    "/partners/1/agreements/new/": allowed_to("agreement.ask"),
    "/partners/1/agreements/1/end/": allowed_to("agreement.ask"),
    "/duplicates/1/decide/": allowed_to("duplicate.decide"),
    "/audit/person/": {"auditor"},
    "/exchange/aside/decide/": DECIDERS,
    "/canaries/": {"auditor"},
}


@pytest.fixture
def refusals(monkeypatch) -> list[str]:
    """The actions of refusals that go on the log."""
    said: list[str] = []
    write = deeds.append
    monkeypatch.setattr(
        deeds,
        "append",
        lambda cursor, entry: (
            said.append(entry.action) if entry.decision == "refused" else None,
            write(cursor, entry),
        ),
    )
    return said


@pytest.mark.parametrize("duty", list(read_duties().duties))
def test_a_page_opens_for_those_who_may_and_for_nobody_else(opened, refusals, log, duty):
    browser = opened(duty)
    for address, allowed in PAGES.items():
        refusals.clear()
        answer = browser.get(address)
        assert answer.status_code == (200 if duty in allowed else 403), (duty, address)
        assert len(refusals) == (0 if duty in allowed else 1), (duty, address)


@pytest.mark.parametrize("duty", list(read_duties().duties))
def test_what_changes_something_is_done_by_those_who_may_and_by_nobody_else(opened, log, duty):
    browser = opened(duty)
    for address, allowed in POSTS.items():
        answer = browser.post(address.replace("/1/", "/999/"))
        wanted = {404, 302} if duty in allowed else {403}
        assert answer.status_code in wanted, (duty, address, answer.status_code)


def test_no_page_is_open_to_strangers(register):
    for address in [*PAGES, *POSTS]:
        for answer in (Browser().get(address), Browser().post(address)):
            assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/"), address


def test_every_address_names_its_permission():
    found = dict(_addresses(get_resolver().url_patterns))
    assert set(found) >= {"home", "officers", "audit"}
    for name, pattern in found.items():
        if str(pattern.callback.__module__).startswith("ninja"):
            continue  # held to phones' secrets: tests/mobile/test_phone_matrix.py
        permission = getattr(pattern.callback, "permission", None)
        assert name in OPEN or permission == EVERYONE or permission in read_duties().permissions, name


@pytest.mark.parametrize("address", ["/officers/{}/", "/officers/999/", "/officers/0/"])
def test_an_officer_of_another_area_and_none_at_all_look_the_same(opened, address):
    browser = opened("system_administrator", "4406")
    stranger = make_officer("county_officer", "440103")
    answers = [browser.get(address.format(stranger.pk)), browser.get("/officers/12345/")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content.split(b"<main")[1][:400] == answers[1].content.split(b"<main")[1][:400]


def test_a_page_without_a_permission_of_the_law_does_not_start():
    from canbao.office.pages import page

    with pytest.raises(ValueError, match="no permission"):
        page("x/", lambda request: None, "person.everything", "x")


def test_only_what_an_officer_may_is_in_the_navigation(opened):
    page = opened("auditor").read("/")
    assert 'href="/audit/"' in page and 'href="/officers/"' not in page and 'href="/keys/"' not in page


def test_areas_are_named_in_the_frame(opened):
    assert "佛山市禅城区" in opened("county_officer", AREAS["county"]).read("/")


def _addresses(patterns):
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _addresses(one.url_patterns)
        elif isinstance(one, URLPattern):
            yield one.name, one
