"""The outbox: whatever breaks, both sides hold the same rows in the end."""

from __future__ import annotations

import os
import random
from contextlib import suppress
from pathlib import Path

import pytest
from client_desk import Desk
from fake_register import FAULTS
from made_rows import made_fact

from canbao_client.answers import Standing
from canbao_client.outbox import Outbox, alone_with
from canbao_client.sending import send
from canbao_client.trouble import ClientTrouble, OutboxTrouble


def healed(outbox: Outbox, desk: Desk) -> None:
    desk.register.fault = lambda: None
    send(outbox, desk.client())


@pytest.mark.parametrize("seed", range(int(os.environ.get("CANBAO_CLIENT_LINES", "12"))))
def test_any_line_heals(desk: Desk, tmp_path: Path, seed: int) -> None:
    """Rows enter while requests fail in every way, the register is restored and the client begins anew."""
    chance = random.Random(seed)
    random.seed(seed)
    outbox, told = Outbox(tmp_path / "outbox"), 0
    snapshots = [desk.register.snapshot()]
    for _ in range(12):
        desk.register.fault = lambda: chance.choice([None, None, *(f for f in FAULTS if f != "slow")])
        new = chance.randrange(8)
        outbox.enter(made_fact(number) for number in range(told, told + new))
        told += new
        with suppress(ClientTrouble):
            send(outbox, desk.client(attempts=2))
        if chance.random() < 0.3:
            snapshots.append(desk.register.snapshot())
        if chance.random() < 0.15:
            desk.register.restore(chance.choice(snapshots))
        if chance.random() < 0.2:
            outbox.close()
            outbox = Outbox(tmp_path / "outbox")
    healed(outbox, desk)
    assert set(desk.register.rows) == {made_fact(number).id for number in range(told)}
    assert desk.register.come == set(range(1, told + 1))
    assert outbox.counts().unsent == 0


def test_a_slow_answer_doubles_nothing(desk: Desk, tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.enter([made_fact(1)])
    desk.register.fault = lambda: "slow"
    with pytest.raises(ClientTrouble):
        send(outbox, desk.client(attempts=1, timeout=0.1))
    healed(outbox, desk)
    assert len(desk.register.rows) == 1


def test_what_is_known_enters_once(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    assert outbox.enter([made_fact(1), made_fact(2), made_fact(1)]) == 2
    assert outbox.enter([made_fact(2)]) == 0
    assert outbox.counts().next == 3


def test_a_new_outbox_follows_what_the_register_has(desk: Desk, tmp_path: Path) -> None:
    desk.register.come = set(range(1, 101))
    outbox = Outbox(tmp_path / "outbox")
    outbox.enter(made_fact(number) for number in range(3))
    send(outbox, desk.client())
    assert desk.register.come == set(range(1, 104))


def test_an_outbox_from_a_backup_goes_on_behind_the_register(desk: Desk, tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.enter(made_fact(number) for number in range(3))
    send(outbox, desk.client())
    desk.register.come |= set(range(4, 11))
    outbox.enter(made_fact(number) for number in range(3, 6))
    send(outbox, desk.client())
    assert desk.register.come == set(range(1, 14))
    assert len(desk.register.rows) == 6


def test_numbers_that_nobody_has_any_more_are_given_again(desk: Desk, tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox", keep_days=0)
    outbox.enter(made_fact(number) for number in range(5))
    send(outbox, desk.client())
    assert outbox.counts().sent == 0
    desk.register.restore(({}, set()))
    send(outbox, desk.client())
    assert outbox.missing() == (1, 5)
    outbox.enter(made_fact(number) for number in range(7))
    send(outbox, desk.client())
    assert desk.register.come == set(range(1, 8))
    assert len(desk.register.rows) == 7
    assert outbox.missing() is None


def test_a_register_that_never_acknowledges_ends_in_an_error(desk: Desk, tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.enter([made_fact(1)])
    desk.register.standing = lambda: {"acknowledged": 0, "gaps": [], "waiting": 0}
    with pytest.raises(ClientTrouble, match="确认号却不前进"):
        send(outbox, desk.client())


def test_refused_rows_count_as_come_and_are_shown(desk: Desk, tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.enter([made_fact(1, "refused"), made_fact(2)])
    assert send(outbox, desk.client()) == {"refused": 1, "kept": 1}
    assert [(seq, state) for seq, state, _ in outbox.refused()] == [(1, "refused")]


def test_only_what_the_register_lacks_is_sent_again(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.enter(made_fact(number) for number in range(10))
    outbox.handed_over(range(1, 11))
    assert outbox.agree_with(Standing(7, (), 0))
    assert [seq for seq, _ in outbox.unsent_rows(100)] == [8, 9, 10]
    assert not outbox.agree_with(Standing(7, (), 0))


def test_one_process_at_a_time(tmp_path: Path) -> None:
    with (
        alone_with(tmp_path / "outbox"),
        pytest.raises(OutboxTrouble, match="正在使用"),
        alone_with(tmp_path / "outbox"),
    ):
        raise AssertionError
    with alone_with(tmp_path / "outbox"):
        pass
