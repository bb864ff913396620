"""Requests that are not rightly signed: altered, replayed, late, by another's key, by one that is over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from log_reading import lines

from canbao.law.exchange import read_exchange
from canbao.registry.models import PartnerKey
from canbao.registry.partner_nonces import forget_old_nonces
from partner_desk import SERVICES, partner, with_key
from signed_requests import COVERED, SERVER, System, send, signed, signed_headers

STANDING = "/api/v1/standing"
WINDOW = read_exchange().window_seconds


def why(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["why"]


def test_a_signed_request_is_answered(system, owner):
    answer = system.get("standing")
    said = answer.json()
    assert answer.status_code == 200, said
    assert said["label"] == owner.label and abs(said["now"] - timezone.now().timestamp()) < 5
    assert {one["service"] for one in said["services"]} == {*SERVICES}
    assert said["services"][0]["rows_left"] == 10_000_000


def test_an_unsigned_request_is_told_so_and_nothing_is_written(system):
    answer = system.web.get(STANDING)
    assert why(answer) == (401, "unsigned") and "签名" in answer.json()["says"]
    assert lines() == []


@pytest.mark.parametrize(
    "change",
    [
        {"path": f"{STANDING}?x=1"},
        {"path": "/api/v1/standing?"},
        {"method": "POST"},
        {"body": b"{}"},
        {"headers": {"Content-Digest": "sha-256=:AAAA:"}},
        {"headers": {"Signature": "sig=:AAAA:"}},
        {"headers": {"Signature": "sig"}},
        {"headers": {"Signature-Input": "?"}},
        {"headers": {"Signature-Input": "\u540d"}},
    ],
)
def test_what_is_altered_on_its_way_is_refused(system, change):
    headers = signed_headers("GET", f"{STANDING}?y=1", system.secret, system.key_id)
    sent = {"method": "GET", "path": f"{STANDING}?y=1", "body": b"", **change}
    sent["headers"] = {**headers, **change.get("headers", {})}
    answer = send(system.web, sent["method"], sent["path"], sent["body"], sent["headers"])
    assert answer.status_code == 405 if sent["method"] == "POST" else why(answer) == (401, "signature")


@pytest.mark.parametrize("name", ["created", "nonce", "tag", "keyid"])
def test_every_part_of_the_signature_s_input_is_signed(system, name):
    headers = signed_headers("GET", STANDING, system.secret, system.key_id)
    parts = headers["Signature-Input"].split(";")
    (place,) = [number for number, part in enumerate(parts) if part.startswith(f"{name}=")]
    parts[place] = f"{name}=1" if name == "created" else f'{name}="{"f" * 64}"'
    assert why(send(system.web, "GET", STANDING, b"", {**headers, "Signature-Input": ";".join(parts)})) == (
        401, "signature",
    )  # fmt: skip
    del parts[place]
    assert why(send(system.web, "GET", STANDING, b"", {**headers, "Signature-Input": ";".join(parts)})) == (
        401, "signature",
    )  # fmt: skip


@pytest.mark.parametrize("missing", COVERED)
def test_whatever_is_not_covered_is_missed(system, missing):
    covered = [one for one in COVERED if one != missing]
    assert why(system.get("standing", covered=covered)) == (401, "signature")


@pytest.mark.parametrize(
    "more", [{"nonce": None}, {"nonce": "f" * 15}, {"nonce": "f" * 129}, {"tag": "x"}, {"tag": None}]
)
def test_nonce_and_tag_are_asked_for(system, more):
    assert why(system.get("standing", **more)) == (401, "signature")


def test_another_partner_s_key_speaks_for_that_partner_alone(system, owner):
    other = partner("guangzhou-labour", "labour", "440100", "4401")
    secret, key = with_key(other)
    assert why(System(secret, system.key_id).get("standing")) == (401, "signature")
    assert System(secret, key.key_id).get("standing").json()["partner"] == other.code


def test_an_unknown_key_and_a_wrong_signature_look_the_same(system):
    stranger = Ed25519PrivateKey.generate()
    unknown = System(stranger, "f" * 64).get("standing")
    wrong = System(stranger, system.key_id).get("standing")
    assert unknown.status_code == wrong.status_code == 401 and unknown.content == wrong.content
    assert lines() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [({"withdrawn_at": timezone.now()}, "已停用"), ({"valid_to": timezone.localdate() - timedelta(days=1)}, "到期")],
)
def test_a_key_that_is_over_is_like_one_unknown_but_for_the_log(system, change, said):
    unknown = System(system.secret, "f" * 64).get("standing")
    PartnerKey.objects.update(**change)
    answer = system.get("standing")
    assert (answer.status_code, answer.content) == (unknown.status_code, unknown.content)
    (line,) = lines()
    assert line["decision"] == "refused" and said in line["details"]["why"]


@pytest.mark.parametrize("seconds", [-WINDOW + 5, WINDOW - 5, 0])
def test_a_clock_may_be_a_little_wrong(system, seconds):
    assert system.get("standing", created=timezone.now() + timedelta(seconds=seconds)).status_code == 200


@pytest.mark.parametrize("seconds", [-WINDOW - 5, WINDOW + 5, -WINDOW * 1000, 10**11])
def test_a_clock_that_is_wrong_is_told_ours(system, seconds):
    answer = system.get("standing", created=timezone.now() + timedelta(seconds=seconds))
    assert why(answer) == (401, "clock")
    assert abs(answer.json()["now"] - timezone.now().timestamp()) < 5


def test_a_replay_is_refused_within_the_window_and_after_it(system):
    headers = signed_headers("GET", STANDING, system.secret, system.key_id)
    assert send(system.web, "GET", STANDING, b"", headers).status_code == 200
    assert why(send(system.web, "GET", STANDING, b"", headers)) == (401, "replayed")
    late = signed_headers(
        "GET", STANDING, system.secret, system.key_id, created=timezone.now() - timedelta(seconds=WINDOW + 5)
    )
    assert why(send(system.web, "GET", STANDING, b"", late)) == (401, "clock")


def test_a_nonce_is_remembered_for_as_long_as_its_signature_is_valid(system):
    headers = signed_headers(
        "GET", STANDING, system.secret, system.key_id, created=timezone.now() + timedelta(seconds=WINDOW - 5)
    )
    send(system.web, "GET", STANDING, b"", headers)
    aged(2 * WINDOW)
    assert forget_old_nonces() == 0
    assert why(send(system.web, "GET", STANDING, b"", headers)) == (401, "replayed")
    aged(read_exchange().nonce_seconds)
    assert forget_old_nonces() == 1


def aged(seconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE partner_nonce SET used_at = used_at - make_interval(secs => %s)", [seconds])


def test_partners_nonces_are_their_own(system):
    secret, key = with_key(partner("guangzhou-labour", "labour", "440100", "4401"))
    for one in (system, System(secret, key.key_id)):
        assert one.get("standing", nonce="the same for both").status_code == 200


def test_of_two_at_the_same_moment_one_wins(system):
    headers = signed_headers("GET", STANDING, system.secret, system.key_id)

    def ask(_: int) -> int:
        try:
            return send(Client(SERVER_NAME=SERVER), "GET", STANDING, b"", headers).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(ask, range(8))) == [200, *[401] * 7]


def test_a_foreign_signature_beside_ours_is_no_matter(system):
    headers = signed_headers("GET", STANDING, system.secret, system.key_id)
    headers["Signature-Input"] += ', proxy=("@method");created=1;keyid="x"'
    headers["Signature"] += ", proxy=:AAAA:"
    assert send(system.web, "GET", STANDING, b"", headers).status_code == 200


def test_two_signatures_of_ours_are_one_too_many(system):
    one = signed_headers("GET", STANDING, system.secret, system.key_id)
    other = signed_headers("GET", STANDING, system.secret, system.key_id)
    for name in ("Signature", "Signature-Input"):
        one[name] += ", " + other[name].replace("sig=", "other=", 1)
    assert why(send(system.web, "GET", STANDING, b"", one)) == (401, "signature")


def test_strangers_are_slowed_down_and_partners_are_not(system, settings_changed):
    settings_changed(GUESSES_FROM_SOURCE=3)
    answers = [system.web.get(STANDING) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert answers[-1].json()["why"] == "too_many" and int(answers[-1].headers["Retry-After"]) > 0
    assert system.get("standing").status_code == 200


def test_the_office_s_session_and_cookies_are_no_matter(system):
    system.web.cookies["session"] = "none"
    client = Client(SERVER_NAME=SERVER, enforce_csrf_checks=True)
    assert signed(client, "GET", STANDING, system.secret, system.key_id).status_code == 200
    assert system.get("standing").status_code == 200
