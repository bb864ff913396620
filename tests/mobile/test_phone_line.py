"""Over a line that breaks, repeats and reorders, with the server killed meanwhile, the register is as it would be.

`CANBAO_PHONES=100 CANBAO_PHONE_TASKS=125` is the night's size: 100 phones with 500 actions each.
"""

from __future__ import annotations

import json
import os
import random
import time
from threading import Thread

import pytest
from phone_line import Sender

from canbao.registry.access import working
from canbao.survey import training
from canbao.survey.actions import splitting
from canbao.survey.models import Entry, PhoneAction, Task, Visit
from canbao.survey.phones.carrying import carry_out_rest
from cut_line import Line
from phone_desk import Phone, bound_phone, digest, surveyor_with_account
from survey_desk import TOWN, VILLAGES, clerk, running, tasks
from web_servers import web_server

PHONES = int(os.environ.get("CANBAO_PHONES", "5"))
EACH = int(os.environ.get("CANBAO_PHONE_TASKS", "10"))
SEED = int(os.environ.get("CANBAO_SEED", "7"))
KILLS = 3
SECONDS = 120 + PHONES * EACH


@pytest.fixture
def phones(people, monkeypatch) -> list[tuple[Phone, list[Task]]]:
    """Phones with tasks of their own, of people made for training: there may be any number of those."""
    monkeypatch.setattr(training, "PEOPLE", PHONES * EACH)
    campaign = running(is_training=True)
    with working():
        Task.objects.filter(campaign=campaign).update(place=VILLAGES[0], state="town")
    mine, found = tasks(campaign), []
    for at in range(PHONES):
        name = f"surveyor-{at:03d}"
        one = surveyor_with_account(TOWN, name)
        own = mine[at * EACH : (at + 1) * EACH]
        splitting.assign(campaign=campaign, tasks=[task.pk for task in own], surveyor=one, by=clerk())
        found.append((bound_phone(name), own))
    return found


def work(phone: Phone, own: list[Task]) -> list[str]:
    """Some days' work: of each task two visits, a draft and the form."""
    texts: list[str] = []
    for task in own:
        texts += [phone.visit(task.pk, note="头一次"), phone.visit(task.pk, note="第二次")]
        texts += [phone.draft(task.pk, 1, remark="一半"), phone.form(task.pk, remark=f"任务{task.pk}")]
    return texts


def test_nothing_is_lost_nothing_doubled_nothing_else_there(phones, register):
    done = {phone.device: work(phone, own) for phone, own in phones}
    with web_server(register) as web:
        line = Line(web.port, SEED, whole=0.3)
        senders = [
            Sender(phone, line, random.Random(SEED + at), done[phone.device]) for at, (phone, _) in enumerate(phones)
        ]
        until = time.monotonic() + SECONDS
        threads = [Thread(target=one.run, args=(until,)) for one in senders]
        for thread in threads:
            thread.start()
        whole = sum(len(texts) for texts in done.values())
        while any(thread.is_alive() for thread in threads):
            time.sleep(0.05)
            if web.kills < KILLS and sum(len(one.receipts) for one in senders) > whole * (web.kills + 1) / (KILLS + 1):
                web.kill()
                web.start()
        line.close()
    print(f"seed {SEED}: {line.cuts} cuts, {web.kills} kills, {sum(one.tries for one in senders)} requests")
    assert line.cuts > PHONES * 5 and web.kills == KILLS
    _is_as_undisturbed(phones, done, senders)


def _is_as_undisturbed(phones, done: dict[str, list[str]], senders: list[Sender]) -> None:
    carry_out_rest()
    with working():
        assert PhoneAction.objects.count() == sum(len(texts) for texts in done.values())
        assert set(PhoneAction.objects.values_list("state", flat=True)) <= {"taken", "ignored"}
        for phone, own in phones:
            for task in own:
                notes = list(Visit.objects.filter(task=task).order_by("pk").values_list("note", flat=True))
                assert notes == ["头一次", "第二次"]
                entry = Entry.objects.get(task=task)
                assert entry.answers["remark"] == f"任务{task.pk}" and entry.method == "3"
                now = Task.objects.get(pk=task.pk)
                assert (now.state, now.failed, now.entries) == ("submitted", 2, 1)
            ids = {json.loads(text)["id"]: digest(text) for text in done[phone.device]}
            kept = PhoneAction.objects.filter(device__key=phone.device).values_list("key", "sha256")
            assert {str(key): sha256 for key, sha256 in kept} == ids
    for one in senders:
        assert set(one.receipts) == {digest(text) for text in one.texts}
