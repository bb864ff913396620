"""The client signs as the contract says, tries again what passes, and tells the rest as one family of troubles."""

from __future__ import annotations

from pathlib import Path

import pytest
from client_desk import Desk
from made_rows import made_row

from canbao_client import Client, ClientTrouble, RequestRefused, ServerAway, ServerBusy, ServerFault
from canbao_client.batches import cut
from canbao_client.keys import fingerprint, make_key, read_key
from canbao_client.trouble import ConfigurationTrouble


def faults(desk: Desk, *given: str | None) -> None:
    left = list(given)
    desk.register.fault = lambda: left.pop(0) if left else None


def test_rows_are_pushed_and_the_same_again(desk: Desk) -> None:
    answers = desk.client().push(made_row(number) for number in range(1, 4))
    assert [one.state for one in answers.rows] == ["kept"] * 3
    assert (answers.acknowledged, answers.gaps) == (3, ())
    assert [one.state for one in desk.client().push([made_row(2)]).rows] == ["same"]
    assert desk.client().push([made_row(6)]).gaps == ((4, 5),)


def test_many_rows_go_in_batches(desk: Desk) -> None:
    assert desk.client().push(made_row(number) for number in range(1, 4502)).acknowledged == 4501
    assert len(desk.register.asked) == 3


def test_batches_are_cut_by_bytes() -> None:
    assert [len(batch) for batch in cut(["字" * 10] * 5, rows=100, size=62)] == [2, 2, 1]


def test_everything_can_be_asked(desk: Desk) -> None:
    desk.register.known["1"] = {"mobile": "13800000000"}
    client = desk.client()
    assert client.standing().acknowledged == 0
    assert client.look_up("1", "某某", "张三").person == 7
    assert client.say_items(7, {"mobile": "1"}, "2026-11-30", "张三").state == "kept"
    assert client.outcomes(0).next == 7
    assert [page.next for page in client.changes(limit=2)][-1] == "c2"
    (first, second) = client.back_fill([("1", "某某"), ("2", "某某")], ["mobile"], "张三")
    assert (first.found, first.items, second.found) == (True, {"mobile": "13800000000"}, False)


@pytest.mark.parametrize("fault", ["closed", "unread", "away", "again", "broken", "slow"])
def test_what_passes_is_tried_again(desk: Desk, fault: str) -> None:
    faults(desk, fault, fault)
    assert desk.client(timeout=0.2).push([made_row(1)]).acknowledged == 1


def test_a_wait_that_is_too_long_is_the_callers(desk: Desk) -> None:
    desk.register.retry_after = "3600"
    faults(desk, "again")
    with pytest.raises(ServerBusy) as told:
        desk.client().standing()
    assert (told.value.why, told.value.retry_after, told.value.says) == ("too_many", 3600, "稍后")


def test_waits_grow_and_honour_the_server(desk: Desk) -> None:
    waits: list[float] = []
    desk.register.retry_after = "7"
    faults(desk, "away", "closed", "closed", "closed")
    with pytest.raises(ServerAway):
        Client(desk.address, desk.key, attempts=4, sleep=waits.append).standing()
    assert waits[0] == 7
    assert 1 <= waits[1] <= 2 <= waits[2] <= 4


def test_a_clock_that_differs_is_set_once(desk: Desk) -> None:
    desk.register.ahead = 5000
    client = desk.client()
    assert client.push([made_row(1)]).acknowledged == 1
    client.standing()
    assert [status for *_, status in desk.register.asked] == [401, 200, 200]


def test_a_stranger_is_refused(desk: Desk, tmp_path: Path) -> None:
    make_key(tmp_path / "other.pem")
    with pytest.raises(RequestRefused) as told:
        Client(desk.address, tmp_path / "other.pem").standing()
    assert (told.value.why, told.value.status) == ("signature", 401)


def test_faults_of_the_server_are_told(desk: Desk) -> None:
    for fault in ("after", "garbled"):
        faults(desk, fault)
        with pytest.raises(ServerFault):
            desk.client().standing()


def test_a_proof_is_not_made_twice(desk: Desk) -> None:
    faults(desk, "unread", None)
    with pytest.raises(ServerAway):
        desk.client().proof(7, "张三")
    assert desk.register.asked == []


def test_a_proof_is_a_pdf_and_says_who_asks_and_why(desk: Desk) -> None:
    assert desk.client().proof(7, "张三", "祖庙窗口") == b"%PDF-1.7 made"
    assert desk.register.bodies == [{"officer": "张三", "office": "祖庙窗口", "purpose": "counter"}]
    desk.register.proof = b"<html>"
    with pytest.raises(ServerFault):
        desk.client().proof(7, "张三")


def test_a_panel_is_an_address_for_some_seconds(desk: Desk) -> None:
    panel = desk.client().panel(7, "张三", purpose="survey")
    assert (panel.address, panel.seconds) == ("https://canbao.example/panel/x", 120)
    assert desk.register.bodies[-1]["purpose"] == "survey"
    with pytest.raises(RequestRefused):
        desk.client().panel(8, "张三")


def test_keys_are_kept_from_others(tmp_path: Path) -> None:
    file = tmp_path / "a.pem"
    key = make_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert fingerprint(read_key(file).public_key()) == fingerprint(key.public_key())
    with pytest.raises(ConfigurationTrouble, match="已有这个文件"):
        make_key(file)
    file.chmod(0o640)
    with pytest.raises(ConfigurationTrouble, match="chmod 600"):
        read_key(file)
    (tmp_path / "b.pem").write_text("nothing")
    (tmp_path / "b.pem").chmod(0o600)
    with pytest.raises(ClientTrouble, match="不是私钥"):
        read_key(tmp_path / "b.pem")


def test_the_fingerprint_is_the_registers(tmp_path: Path) -> None:
    from canbao.registry.partner_keys import fingerprint as registers
    from canbao_client.keys import public_text

    key = make_key(tmp_path / "a.pem")
    assert registers(public_text(key)) == fingerprint(key.public_key())
