"""A proof is issued to who has looked the person up, verified without us, and revoked."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings
from log_reading import lines

from canbao.commands import main
from canbao.registry.access import Refused, working
from canbao.registry.actions.proofs import issued, revoke
from canbao.registry.lookup import record
from canbao.registry.models import Given, Proof
from canbao.registry.proofs.keys import rotate, withdraw
from canbao.registry.proofs.published import believed, read_keys
from canbao.registry.proofs.statement import NotAsMade, digest, read_figures
from people_of_office import officer
from proof_desk import BY, ONE, counter, looked_up, people, scanned, stranger, text_of
from protection_desk import protected
from register_desk import person
from signed_requests import System


@pytest.fixture
def system(register) -> System:
    people()
    return counter()[1]


@pytest.fixture
def pdf(system: System) -> bytes:
    answer = system.post(f"persons/{looked_up(system)}/proof", BY)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf"), answer.content
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.content


def published(name: str = "keys") -> str:
    return stranger().get(f"/proof/{name}.json").content.decode()


def now() -> datetime:
    return datetime.now(UTC)


def test_the_paper_says_what_the_register_has(pdf: bytes) -> None:
    text = text_of(pdf)
    proof = Proof.objects.get()
    for words in (
        "参保证明", proof.number, "张三", f"{ONE[:3]}***********{ONE[-4:]}", "职工基本养老保险", "参保缴费",
        "佛山市禅城区", "2026年11月", "城乡居民基本医疗保险", "广州市越秀区", "异地", "王经办，祖庙窗口", "不因此作废",
    ):  # fmt: skip
        assert words in text, words
    assert ONE not in text


def test_its_code_is_verified_with_the_published_key_alone(pdf: bytes) -> None:
    address = scanned(pdf)
    assert address.startswith("https://") and "/proof/#" in address
    said = believed(read_figures(address), read_keys(published()), now())
    assert (said.name, said.last_four, said.left_out) == ("张三", ONE[-4:], 0)
    assert {(one.insurance_type, one.region_code, one.is_elsewhere) for one in said.covers} == {
        ("emp_pension", "440604", False), ("res_medical", "440104", True),
    }  # fmt: skip
    kept = Proof.objects.get()
    assert (kept.number, kept.digest) == (said.number, digest(read_figures(address)))
    assert timedelta(days=29) < said.expires_at - said.issued_at <= timedelta(days=30)


def test_one_changed_figure_is_found_wherever_it_is(pdf: bytes) -> None:
    figures, keys = scanned(pdf).partition("#")[2], read_keys(published())
    for at in range(len(figures)):
        changed = figures[:at] + str((int(figures[at]) + 1) % 10) + figures[at + 1 :]
        with pytest.raises(NotAsMade):
            believed(read_figures(changed), keys, now())


@pytest.mark.parametrize("text", ["", "x", "1" * 50, "https://x/proof/#", "9" * 5000, "１" * 200])
def test_what_is_no_statement_is_refused(text: str) -> None:
    with pytest.raises(NotAsMade):
        read_figures(text)


def test_expired_and_signed_by_another_key(pdf: bytes) -> None:
    statement, keys = read_figures(scanned(pdf)), read_keys(published())
    with pytest.raises(NotAsMade, match="有效期"):
        believed(statement, keys, now() + timedelta(days=31))
    with pytest.raises(NotAsMade, match="不在公布的密钥之列"):
        believed(statement, {}, now())


def test_a_new_key_signs_from_now_on_and_a_withdrawn_one_is_believed_no_more(system: System, pdf: bytes) -> None:
    new = rotate()
    second = system.post(f"persons/{looked_up(system)}/proof", BY).content
    assert Proof.objects.order_by("-pk").first().key_id == new
    keys = read_keys(published())
    assert len(keys) == 2 and all(believed(read_figures(scanned(one)), keys, now()) for one in (pdf, second))
    withdraw(new)
    with pytest.raises(NotAsMade):
        believed(read_figures(scanned(second)), read_keys(published()), now())
    assert believed(read_figures(scanned(pdf)), read_keys(published()), now())
    assert [one["action"] for one in lines("proof_key.")] == ["proof_key.rotate", "proof_key.withdraw"]
    with pytest.raises(Refused):
        withdraw(new)


def test_the_command_verifies_from_files(pdf: bytes, tmp_path, capsys) -> None:
    for name in ("keys", "revoked"):
        (tmp_path / name).write_text(published(name))
    (tmp_path / "scanned").write_text(scanned(pdf) + "\n")
    asked = ["proof", "verify", str(tmp_path / "scanned"), "--keys", str(tmp_path / "keys")]
    assert main([*asked, "--revoked", str(tmp_path / "revoked")]) == 0
    said = capsys.readouterr().out
    assert "合格" in said and "张三" in said and "佛山市禅城区" in said and "未核对" not in said
    assert main(["proof", "verify", scanned(pdf), *asked[3:]]) == 0
    (tmp_path / "revoked").write_text(json.dumps({"revoked": [Proof.objects.get().number]}))
    assert main([*asked, "--revoked", str(tmp_path / "revoked")]) == 1
    assert "已作废" in capsys.readouterr().out
    assert main(["proof", "verify", "1" * 300, *asked[3:]]) == 1
    assert main(["proof", "verify", str(tmp_path / "scanned"), "--keys", str(tmp_path / "none")]) == 1


def test_an_officer_revokes_it_and_everybody_may_know(pdf: bytes) -> None:
    by, key, proof = officer("county_officer", "440604"), person(ONE)["id"], Proof.objects.get()
    browser = stranger()
    assert browser.get(f"/proof/revoked/{proof.number}").json() == {"state": "valid"}
    assert json.loads(published("revoked"))["revoked"] == []
    with pytest.raises(Refused, match="作废原因"):
        revoke(person_id=key, number=proof.number, reason="", by=by)
    revoke(person_id=key, number=proof.number, reason="出具错误", by=by)
    with pytest.raises(Refused, match="已经作废"):
        revoke(person_id=key, number=proof.number, reason="出具错误", by=by)
    answer = browser.get(f"/proof/revoked/{proof.number}")
    assert answer.json() == {"state": "revoked"} and not answer.cookies
    assert json.loads(published("revoked"))["revoked"] == [proof.number]
    (seen,) = issued(record(key, by=by, purpose="counter"), by=by)
    assert (seen.revoked_by, seen.revoked_reason) == (by, "出具错误")
    line = lines("proof.revoke")[-2]
    assert f"proof:{proof.number}" in line["objects"] and f"person:{key}" in line["objects"]


def test_only_who_may_see_the_person_revokes(pdf: bytes) -> None:
    key, number = person(ONE)["id"], Proof.objects.get().number
    for by in (officer("county_officer", "440305", "elsewhere"), officer("town_clerk", "440604012")):
        with pytest.raises(Refused):
            revoke(person_id=key, number=number, reason="出具错误", by=by)
    with pytest.raises(Refused):
        revoke(person_id=key, number="2222-2222-2222", reason="出具错误", by=officer("county_officer", "440604"))


@override_settings(GUESSES_FROM_SOURCE=3)
def test_groping_for_numbers_is_stopped_and_the_list_stays(pdf: bytes) -> None:
    browser, number = stranger(), Proof.objects.get().number
    answers = [browser.get(f"/proof/revoked/2222-2222-222{one}").status_code for one in range(2, 6)]
    assert answers == [404, 404, 404, 429]
    assert browser.get(f"/proof/revoked/{number}").status_code == 429
    assert browser.get("/proof/revoked.json").status_code == 200


@override_settings(GUESSES_FROM_SOURCE=3)
def test_right_numbers_are_asked_for_as_often_as_one_likes(pdf: bytes) -> None:
    number = Proof.objects.get().number
    assert {stranger().get(f"/proof/revoked/{number}").status_code for _ in range(6)} == {200}


def test_issuing_is_on_the_log_and_counted_and_names_nobody(pdf: bytes) -> None:
    (line,) = lines("exchange.proof")
    assert line["decision"] == "allowed" and {f"person:{person(ONE)['id']}"} < {*line["objects"]}
    given = Given.objects.get(service="proof")
    assert (given.told_to, given.purpose) == ("王经办，祖庙窗口", "counter")
    assert ONE not in str(lines()) and "张三" not in str(lines())


def test_nobody_gets_a_proof_of_whom_they_have_not_looked_up(system: System) -> None:
    key = person(ONE)["id"]
    assert system.post(f"persons/{key}/proof", BY).status_code == 404
    looked_up(system)
    assert system.post(f"persons/{key}/proof", {**BY, "purpose": "emergency"}).status_code == 400
    protected(ONE)
    answer = system.post(f"persons/{key}/proof", BY)
    assert (answer.status_code, answer.json()["why"]) == (404, "not_found")
    assert not Proof.objects.exists()


def test_an_agreement_has_to_name_proofs_and_covers(register) -> None:
    people()
    made, system = counter(shown=["registration"])
    key = looked_up(system)
    answer = system.post(f"persons/{key}/proof", BY)
    assert (answer.status_code, answer.json()["why"]) == (403, "beyond")
    made.agreements.update(services=["look_up"])
    assert system.post(f"persons/{key}/proof", BY).json()["why"] == "no_agreement"


def test_what_cannot_be_printed_is_not_issued(system: System, monkeypatch) -> None:
    from canbao.api.partners import proofs

    key = looked_up(system)
    monkeypatch.setattr(proofs, "preview", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        system.post(f"persons/{key}/proof", BY)
    with working():
        assert not Proof.objects.exists() and not Given.objects.filter(service="proof").exists()
