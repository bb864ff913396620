"""A partner's client pushes a day's changes over a line that breaks, while the web server, the process that carries out
and the client itself are killed: the register is in the end that of the undisturbed day."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from canbao.registry.access import working
from canbao.registry.actions.admission.changes import carry_out, waiting_partners
from canbao.registry.models import Partner
from canbao.registry.server import PrivateServer
from canbao.registry.streams.keeping import keep, standing
from canbao_client import Client
from canbao_client.facts import Fact, fact
from canbao_client.outbox import Outbox
from canbao_client.sending import send
from canbao_client.trouble import ClientTrouble
from cleaning_desk import number
from cut_line import Line
from emptying import empty_register
from partner_desk import agreed, partner, with_key
from push_desk import ONE, cover, household
from register_desk import asked
from setting_desk import put_in
from web_servers import Process, Web, living, web_server

SEEDS = range(int(os.environ.get("CANBAO_PARTNER_DAYS", "1")))
PEOPLE, ROWS, KILLS = 150, 600, 4
SECONDS = 150
REGISTER = {
    "people": "SELECT to_jsonb(person) - '{id,version,operated_at,reviewed_at,judged_on}'::text[] AS one FROM person",
    "covers": "SELECT to_jsonb(cover) - '{person_id,row}'::text[] || jsonb_build_object('of', ssn) AS one "
    "FROM insurance_fact AS cover JOIN person_identifier USING (person_id)",
    "evidence": "SELECT jsonb_build_array(ssn, division_code, kind, quality) AS one FROM evidence "
    "JOIN person_identifier USING (person_id)",
    "standing": "SELECT to_jsonb(live_fact) - '{person_id,seq}'::text[] AS one FROM live_fact",
}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_day_is_that_of_an_undisturbed_one(register: PrivateServer, tmp_path: Path, seed: int) -> None:
    facts = [*made_day(random.Random(seed))]
    whose = _foshan()
    with working():
        keep(whose, whose.agreements.get(), [_row(one, seq) for seq, one in enumerate(facts, 1)])
    while [carry_out(each) for each in waiting_partners()]:
        pass
    expected = _register()
    empty_register()
    whose = _foshan()
    secret, _ = with_key(whose)
    key = tmp_path / "key.pem"
    private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    key.write_bytes(secret.private_bytes(*private))
    key.chmod(0o600)
    with web_server(register) as web, living(register, CANBAO_CHANGES_PIECE="60") as carrying:
        disturbed(web, carrying, facts, tmp_path / "outbox", key, random.Random(seed))
        wait_till_carried_out(whose)
    assert _register() == expected
    with working():
        told = standing(whose)
    assert (told.acknowledged, told.gaps, told.waiting) == (len(facts), [], 0)
    assert asked("SELECT count(*) AS many, count(DISTINCT key) AS ids FROM inbox") == [
        {"many": len(facts), "ids": len(facts)}
    ]
    assert not asked("SELECT FROM inbox WHERE settled_at IS NULL")


def made_day(dice: random.Random) -> Iterator[Fact]:
    """Changes of some hundred people: covers that begin, change and end, retirements, mobiles."""
    for place in range(ROWS):
        one = dice.randrange(PEOPLE)
        ssn, name = (ONE, "张三") if not one else (number(2 * one + 1), f"某{one}")
        at = f"2026-11-{dice.randint(1, 29):02}T{dice.randrange(24):02}:{dice.randrange(60):02}:{place % 60:02}+08:00"
        kind = dice.choice(("insurance", "insurance", "retirement", "items"))
        row: dict[str, str] = {"ssn": ssn, "name": name}
        if kind == "insurance":
            type_, status = dice.choice(("emp_pension", "res_medical")), dice.choice("123")
            row = cover(ssn, name, insurance_type=type_, contrib_status=status)
        if kind == "items":
            row["mobile"] = f"138{place:08}"
        yield fact(kind, [str(place)], at, dice.random() < 0.15 and kind != "items", row)


def disturbed(web: Web, carrying: Process, facts: list[Fact], file: Path, key: Path, dice: random.Random) -> None:
    """The day: facts enter the outbox bit by bit, and are sent whatever happens."""
    line = Line(web.port, dice.randrange(1 << 30), whole=0.55)
    ends, at = time.monotonic() + SECONDS, 0
    kills = sorted(dice.sample(range(1, 20), KILLS))
    outbox = Outbox(file)
    for turn in range(10_000):
        assert time.monotonic() < ends, f"{outbox.counts()}"
        more = len(facts) * min(turn + 1, 20) // 20
        outbox.enter(facts[at:more])
        at = more
        if turn in kills:
            (web.kill if dice.random() < 0.5 else carrying.kill)()
            outbox.close()  # as if the client had been killed: what it was about to note is not there
            outbox = Outbox(file)
        with suppress(ClientTrouble):
            sender = Client(f"http://127.0.0.1:{line.port}", key, 5, attempts=3, sleep=lambda _: time.sleep(0.05))
            sender._line._signature.set_clock(time.time() + dice.choice((0, 0, 5, -9)) * 3600)  # its own is wrong
            send(outbox, sender)
        web.revive()
        carrying.revive()
        if at == len(facts) and not outbox.counts().unsent:
            break
    outbox.close()
    line.close()
    assert web.kills + carrying.kills == KILLS and line.cuts > 3


def wait_till_carried_out(whose: Partner) -> None:
    ends = time.monotonic() + 60
    while asked("SELECT FROM inbox WHERE state = 'kept' LIMIT 1"):
        assert time.monotonic() < ends
        time.sleep(0.2)


def _foshan() -> Partner:
    put_in("440600", household=household((ONE, "张三")))
    made = partner()
    agreed(made)
    return made


def _row(one: Fact, seq: int) -> dict[str, Any]:
    return {"id": one.id, "seq": seq, "at": one.at, "source": one.source, "ends": one.ends, "row": dict(one.row)}


def _register() -> dict[str, list[str]]:
    return {name: sorted(str(one["one"]) for one in asked(query)) for name, query in REGISTER.items()}
