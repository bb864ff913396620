"""kill -9 in the middle of taking a package out, and of people following a place: begun again, it is done whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from made_delivery import Said, admitted

from canbao.core.place_changes import Row
from canbao.registry.actions.packages import finish_withdrawal
from canbao.registry.actions.withdrawals import ask_withdrawal
from canbao.registry.comparing import verify
from cleaning_desk import number
from place_desk import decided, today
from register_desk import asked
from setting_desk import REASON, approved, first, second

PEOPLE, PIECE = 120, 10
KILLS = int(os.environ.get("CANBAO_KILLS", "3"))
SEED = int(os.environ.get("CANBAO_SEED", "20170509"))
HERE = Path(__file__).parent
BEFORE = {number(n): Said("样例甲", "440604010001", "", "某路1号") for n in range(1, PEOPLE + 1)}
AFTER = {number(n): Said("样例甲", "440604010001", "", "某路2号") for n in range(PEOPLE // 3, PEOPLE + 20)}
FACTS = "SELECT ssn, hukou_address, since, named_since, package_id FROM person_fact ORDER BY ssn"


def environment(register) -> dict[str, str]:
    """Of somebody who works on this register, piece by small piece."""
    addresses = {
        "CANBAO_DATABASE_URL": register.url("canbao_app"),
        "CANBAO_OWNER_DATABASE_URL": register.url("canbao_owner"),
    }
    return {**os.environ, **addresses, "CANBAO_ADMISSION_PIECE": str(PIECE)}


def killed(register, chance: random.Random, *words: str) -> bool:
    """Begin the work, kill it at some moment; answers whether it was over before."""
    work = subprocess.Popen(
        [sys.executable, HERE / "work_alone.py", *words], env=environment(register), stdout=subprocess.PIPE
    )
    assert work.stdout is not None and work.stdout.readline() == b"begun\n"
    time.sleep(chance.uniform(0.02, 0.6))
    os.kill(work.pid, signal.SIGKILL)
    work.communicate()
    return work.returncode == 0


def to_the_end(register, *words: str) -> None:
    """Kill the work some times, then let it come to its end."""
    chance = random.Random(f"{SEED}{words}")
    for _ in range(KILLS):
        if killed(register, chance, *words):
            return
    environment = {
        **os.environ,
        "CANBAO_DATABASE_URL": register.url("canbao_app"),
        "CANBAO_ADMISSION_PIECE": str(PIECE),
    }
    subprocess.run([sys.executable, HERE / "work_alone.py", *words], env=environment, check=True, timeout=120)


def test_a_withdrawal_is_done_whole(register):
    admitted("440600", "440604", BEFORE, first())
    before = asked(FACTS)
    package = admitted("440600", "440604", AFTER, first())
    approved(ask_withdrawal(package=package, reason=REASON, by=first()))
    to_the_end(register, "withdraw", str(package.pk))
    finish_withdrawal(package=package, by=second())
    assert asked(FACTS) == before
    assert asked("SELECT * FROM statement_past") == []
    assert verify(records=True, facts=True).faults == []


def test_people_follow_a_place_whole(register):
    admitted("440600", "440604", BEFORE, first())
    decided("transfer", Row("440604010001", "440604011099"), day=today())
    to_the_end(register, "follow", today().isoformat())
    assert asked("SELECT DISTINCT home FROM person") == [{"home": "440604011099"}]
    assert asked("SELECT state FROM registry_placechange") == [{"state": "in_force"}]
    assert verify(records=True, facts=True).faults == []
