"""A day of a business system, by its own client against a running server: what the issue's demonstration shows.

The poller is killed and repeats itself, the web server and what carries out are killed meanwhile; the register ends as
it would have. A task of the survey closes by itself, a counter sees cover in another city and what is missing, what it
collects comes to the other database, a partner without an agreement is refused, and the auditor sees it all.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from canbao.registry.access import working
from canbao.registry.models import Partner
from canbao.registry.streams.keeping import standing
from canbao_client import Client
from canbao_client.trouble import ClientTrouble
from cleaning_desk import number
from partner_desk import agreed, partner, with_key
from register_desk import asked, person
from setting_desk import put_in
from survey_desk import city, running, tasks
from web_servers import living, web_server

PAGE = """
server: http://127.0.0.1:{port}
key: partner.pem
outbox: outbox.db
database: sqlite:///{folder}/business.db
rows:
  - name: 养老
    source: insurance
    query: SELECT * FROM cover WHERE changed >= :watermark ORDER BY changed
    watermark: {{column: changed, format: "%Y-%m-%d %H:%M:%S", begin: "2026-01-01"}}
    keys: [id]
    at: {{column: changed, format: "%Y-%m-%d %H:%M:%S"}}
    columns:
      ssn: ssn
      name: name
      insurance_type: {{value: emp_pension}}
      contrib_status: status
      region_code: place
back_fill:
  query: SELECT id, ssn, name FROM person WHERE mobile IS NULL AND id > :after ORDER BY id
  key: id
  key_kind: number
  number: ssn
  name: name
  updates:
    mobile: UPDATE person SET mobile = :mobile WHERE id = :key AND mobile IS NULL
  officer: 批量回填
"""
_LAST = "SELECT ssn, status FROM cover WHERE id IN (SELECT max(id) FROM cover GROUP BY ssn)"
_COVERS = (
    "SELECT ssn, contrib_status AS status FROM insurance_fact JOIN person_identifier USING (person_id) "
    "WHERE insurance_type = 'emp_pension'"
)
PEOPLE, CHANGES, SEED = 12, 200, 17
SECONDS = 90


class Business:
    """A business system's database, its page of configuration and its client."""

    def __init__(self, folder: Path, port: int, whose: Partner) -> None:
        self.folder, self.page = folder, folder / "page.yaml"
        secret, _ = with_key(whose)
        pem = secret.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / "partner.pem").write_bytes(pem)
        (folder / "partner.pem").chmod(0o600)
        self.page.write_text(PAGE.format(port=port, folder=folder), encoding="utf-8")
        self.client = Client(f"http://127.0.0.1:{port}", folder / "partner.pem")
        self.data = sqlite3.connect(folder / "business.db", isolation_level=None)
        self.data.execute("CREATE TABLE cover (id INTEGER PRIMARY KEY, ssn, name, status, place, changed)")
        self.data.execute("CREATE TABLE person (id INTEGER PRIMARY KEY, ssn, name, mobile)")

    def call(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "canbao_client", words[0], str(self.page), *words[1:]])

    def push(self) -> None:
        """Read and send until everything is there, as cron would, whatever breaks."""
        until = time.monotonic() + SECONDS
        while self.call("push", "--once").wait() != 0:
            assert time.monotonic() < until


def change(business: Business, chance: random.Random, at: int) -> None:
    """One person's pension begins, pauses or ends."""
    place = chance.randrange(PEOPLE)
    row = (
        at,
        number(place * 2 + 1),
        f"样例{place}",
        chance.choice("123"),
        "440604",
        f"2026-11-30 08:{at // 60:02}:{at % 60:02}",
    )
    business.data.execute("INSERT INTO cover VALUES (?, ?, ?, ?, ?, ?)", row)


def waits(whose: Partner) -> bool:
    with working():
        return standing(whose).waiting > 0


@pytest.fixture
def foshan(register) -> Partner:
    """Foshan with people to be surveyed, one of them insured in Guangzhou."""
    city(PEOPLE)
    insurance = f"ssn,name,insurance_type,contrib_status,region_code\n{number(1)},样例0,res_medical,1,440104\n"
    put_in("440100", insurance=insurance)
    made = partner()
    agreed(made)
    return made


def test_a_day_of_a_business_system(foshan: Partner, register_database, tmp_path: Path) -> None:
    campaign = running()
    chance = random.Random(SEED)
    with web_server(register_database) as web, living(register_database) as carrying:
        business = Business(tmp_path, web.port, foshan)
        for at in range(CHANGES):
            change(business, chance, at)
            if at % 40 == 20:
                poller = business.call("push", "--once")
                time.sleep(chance.random() * 1.5)
                poller.send_signal(signal.SIGKILL)
                poller.wait()
            if at in (60, 140):
                web.kill(), carrying.kill()
                web.start(), carrying.start()
        business.push()
        until = time.monotonic() + SECONDS
        while waits(foshan) and time.monotonic() < until:
            time.sleep(0.1)
        _is_as_undisturbed(business)
        _settled_tasks(campaign)
        _counter(business)
        _refused(tmp_path, web.port)
    _audited()


def _is_as_undisturbed(business: Business) -> None:
    """Of each person the last change stands, and nothing else was said."""
    last = dict(business.data.execute(_LAST))
    covers = asked(_COVERS)
    assert len(covers) == len(last) > PEOPLE // 2
    assert {row["ssn"]: row["status"] for row in covers} == last
    people = asked("SELECT ssn, emp_pension_contrib_status AS status FROM person WHERE ssn = ANY(%s)", list(last))
    assert {row["ssn"]: row["status"] for row in people} == last
    (count,) = asked("SELECT count(*) AS rows, count(DISTINCT seq) AS numbers, max(seq) AS last FROM inbox")
    assert count["rows"] == count["numbers"] == count["last"] == CHANGES


def _settled_tasks(campaign) -> None:
    """Whoever is insured by now is off the survey's list, by itself."""
    insured = {row["id"] for row in asked("SELECT id FROM person WHERE registration_status = '1'")}
    closed = {task.person_id for task in tasks(campaign, state="closed_by_data")}
    assert closed and not insured & ({task.person_id for task in tasks(campaign)} - closed)


def _counter(business: Business) -> None:
    """The counter sees cover elsewhere and the missing mobile, brings it, and the business database gets it."""
    seen = business.client.look_up(number(1), "样例0", officer="王经办")
    assert [one["region"]["code"] for one in seen.shown["elsewhere"]] == ["440104"]
    assert "mobile" in {one["item"] for one in seen.shown["missing"]}
    business.client.say_items(seen.person, {"mobile": "13800138000"}, "2026-11-30T09:00:00+08:00", officer="王经办")
    until = time.monotonic() + SECONDS
    while person(number(1))["mobile"] is None and time.monotonic() < until:
        time.sleep(0.1)
    business.data.execute("INSERT INTO person VALUES (1, ?, '样例0', NULL)", [number(1)])
    assert business.call("back-fill").wait() == 0
    assert business.data.execute("SELECT mobile FROM person").fetchall() == [("13800138000",)]


def _refused(folder: Path, port: int) -> None:
    (folder / "other").mkdir()
    stranger = Business(folder / "other", port, partner("no-agreement"))
    with pytest.raises(ClientTrouble) as refused:
        stranger.client.look_up(number(1), "样例0", officer="王")
    assert refused.value.why == "no_agreement" and "共享协议" in refused.value.says


def _audited() -> None:
    lines = asked(
        "SELECT action, decision, account, objects, details FROM audit_log WHERE starts_with(action, 'exchange.')"
    )
    seen = {(row["action"], row["decision"]) for row in lines}
    assert {("exchange.push", "allowed"), ("exchange.look_up", "allowed"), ("exchange.look_up", "refused")} <= seen
    assert ("exchange.back_fill", "allowed") in seen and ("exchange.carry_out", "allowed") in seen
    assert number(1) not in str(lines) and "样例" not in str(lines)
