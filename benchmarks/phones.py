"""`./run bench-phones [--tasks 2000] [--forms 500]`: what a phone's sync costs the server, and takes on a slow line.

Measured through the whole office (middlewares, routes, verbs, audit rows) in one process on a private register; the
line is reckoned: bytes as they go over it, at 1 Mbit/s each way.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.register import ms, timed

TOWN = "440604012"
BITS_A_SECOND = 1_000_000
DEVICES, SYNCS_A_DAY, PEAK_HOURS = 60_000, 2, 4
"""30 to 60 thousand surveyors, each twice a day, most of them around noon and in the evening."""
ANSWERS = {
    "survey_outcome": "1", "survey_way": "1", "respondent": "1", "signed": "1", "identity_right": "1",
    "residence_address": "某路新址", "employment_status": "2", "no_unit_type": "3", "covered_elsewhere": "0",
    "uninsured_reason": "10",
}  # fmt: skip


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=2_000)
    parser.add_argument("--forms", type=int, default=500)
    chosen = parser.parse_args()
    state = Path(tempfile.mkdtemp(prefix="canbao-bench-"))
    state.chmod(0o711)
    try:
        for line in measured(state, chosen.tasks, chosen.forms):
            print(line, flush=True)
    finally:
        from canbao.registry.server import PrivateServer

        PrivateServer(state / "database").stop()
        shutil.rmtree(state)
    return 0


def measured(state: Path, tasks: int, forms: int) -> Iterator[str]:
    """The lines of the table."""
    from canbao.commands.serving import HOST, connect, migrate_with, prepared

    environment = prepared(state, HOST)
    migrate_with(environment)
    connect({**environment, "CANBAO_HOSTS": "testserver", "CANBAO_TRIAL": "1"})
    from canbao.survey.phones.carrying import carry_out_rest

    by = _surveyor()
    keys = _tasks(by, tasks)
    phone = _Phone(by)
    _analyse()
    yield f"{os.uname().machine}, {os.cpu_count()} cores, {date.today()}; {tasks:,} tasks, {forms:,} forms"
    yield from ("", "| what | seconds | kB on the line | with 1 Mbit/s |", "|---|---|---|---|")
    yield _row(f"first download of {tasks:,} tasks", *phone.counted(phone.download))
    yield _row("law, forms and guide", *phone.counted(lambda: phone.get("law")))
    direct = timed(lambda: _directly(keys[forms : 2 * forms], by))
    took, size = phone.counted(lambda: phone.send(keys[:forms]))
    yield _row(f"{forms} visits and {forms} forms go up, till all have receipts", took, size)
    rest = timed(carry_out_rest)
    took += rest
    yield f"| what the requests left is carried out | {rest:.1f} | | |"
    yield f"| the same by the office's verbs alone | {direct:.1f} | | ratio {took / direct:.2f} |"
    phone.download()
    taken = [timed(phone.idle) for _ in range(40)]
    yield f"| a sync with nothing new, p50 / p95 | {ms(taken, 50)} / {ms(taken, 95)} ms | | |"
    usual = sorted(taken)[20] + 20 * took / forms
    cores = DEVICES * SYNCS_A_DAY * usual / (PEAK_HOURS * 3600)
    when = f"{SYNCS_A_DAY} syncs a day of 20 forms, in {PEAK_HOURS} hours"
    yield f"\n{DEVICES:,} phones, {when}: {cores:.0f} processes busy"


def _row(what: str, seconds: float, size: int) -> str:
    return f"| {what} | {seconds:.1f} | {size / 1000:,.0f} | {seconds + size * 8 / BITS_A_SECOND:.1f} s |"


def _surveyor() -> Any:
    from canbao.law.duties import read_duties
    from canbao.registry.models import Officer
    from canbao.survey.models import Surveyor

    duties = read_duties().duties
    duties["surveyor"] = duties["surveyor"].model_copy(update={"tasks_a_day": 10_000_000})
    said = {"duty": "surveyor", "area": TOWN, "must_change_password": False}
    by = Officer.objects.create(username="surveyor", display_name="调查员", **said)
    today = date.today()
    Surveyor.objects.create(
        city=TOWN[:4], place=TOWN, name="调查员", mobile="13800138000", officer=by, card_number="1", added_by=by,
        valid_from=today, valid_to=today + timedelta(days=90),
    )  # fmt: skip
    return by


def _tasks(by: Any, many: int) -> list[int]:
    """Tasks of made people, all with the surveyor."""
    from canbao.registry.access import working
    from canbao.survey import training
    from canbao.survey.models import Campaign, FormVersion, Surveyor, Task

    today = date.today()
    training.PEOPLE = many
    with working():
        campaign = Campaign.objects.create(
            area=TOWN[:6], name="量一量", starts_on=today - timedelta(days=9), ends_on=today + timedelta(days=9),
            state="running", attempts=3, entry_days=7, is_training=True, drawn_up_by=by,
        )  # fmt: skip
        FormVersion.objects.create(campaign=campaign, number=1, by=by)
        training.make_tasks(campaign, by)
        Task.objects.update(place=f"{TOWN}001", state="assigned", surveyor=Surveyor.objects.get())
        return list(Task.objects.order_by("pk").values_list("pk", flat=True))


def _analyse() -> None:
    """As the database does by itself after a while."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def _directly(keys: list[int], by: Any) -> None:
    from django.utils import timezone

    from canbao.survey.actions.entries import Attempt, submit, visit

    day = date.today().isoformat()
    for task in keys:
        visit(task_id=task, attempt=Attempt(at=timezone.now(), way="1", outcome="2"), by=by)
        written = {**ANSWERS, "surveyed_on": day, "mobile": f"139{task % 10**8:08d}"}
        submit(task_id=task, written=written, reasons={}, based_on=0, by=by, method="3")


class _Phone:
    """A phone that counts what goes over the line."""

    def __init__(self, by: Any) -> None:
        from django.test import Client

        from canbao.registry.access import working
        from canbao.survey.models import Device, Stream, Surveyor
        from canbao.survey.phones.devices import _digest

        self.key, self.secret, self.stream, self.made, self.bytes = uuid4(), "0" * 64, "0" * 32, 0, 0
        with working():
            device = Device.objects.create(
                key=self.key, surveyor=Surveyor.objects.get(), officer=by, place=TOWN, digest=_digest(self.secret)
            )
            Stream.objects.create(surveyor=device.surveyor, place=TOWN, key=self.stream)
        self.web = Client()
        self.headers = {
            "Authorization": f"Phone {self.key}.{self.secret}", "X-Canbao-App": "1", "Accept-Encoding": "gzip",
        }  # fmt: skip
        self.known: dict[str, int] = {}

    def counted(self, work: Callable[[], object]) -> tuple[float, int]:
        """Seconds that something takes, and bytes that go over the line for it."""
        self.bytes = 0
        return timed(work), self.bytes

    def get(self, address: str) -> Any:
        return self._said(self.web.get(f"/api/phone/{address}", headers=self.headers))

    def post(self, address: str, said: dict[str, Any]) -> Any:
        text = json.dumps(said)
        self.bytes += len(text)
        return self._said(
            self.web.post(f"/api/phone/{address}", text, content_type="application/json", headers=self.headers)
        )

    def download(self) -> None:
        """All tasks, page by page."""
        while True:
            said = self.post("tasks", {"known": self.known})
            self.known |= {str(task["id"]): task["version"] for task in said["tasks"]}
            for gone in said["gone"]:
                self.known.pop(str(gone["id"]), None)
            if not said["more"]:
                return

    def idle(self) -> None:
        """A contact, and whether there are new tasks."""
        self.post("contact", {"now": int(time.time() * 1000), "app": 1})
        self.post("tasks", {"known": self.known})

    def send(self, keys: list[int]) -> None:
        """A visit and a form of each task, in parcels of a hundred actions."""
        texts = [text for task in keys for text in (self._visit(task), self._form(task))]
        for at in range(0, len(texts), 100):
            content = gzip.compress(json.dumps({"actions": texts[at : at + 100]}, ensure_ascii=False).encode())
            name = hashlib.sha256(content).hexdigest()
            self.bytes += len(content)
            address = f"/api/phone/parcels/{name}?at=0&of={len(content)}"
            said = self._said(
                self.web.put(address, content, content_type="application/octet-stream", headers=self.headers)
            )
            assert all(one["state"] in ("taken", "kept") for one in said["receipts"]), said["receipts"][0]

    def _visit(self, task: int) -> str:
        return self._action("visit", task, {"way": "1", "outcome": "2", "note": "敲门没有人"})

    def _form(self, task: int) -> str:
        answers = {**ANSWERS, "surveyed_on": date.today().isoformat(), "mobile": f"138{task % 10**8:08d}"}
        said = {"answers": answers, "reasons": {}, "based_on": 0, "form": 1, "seconds": 300, "day_is_own": True}
        return self._action("submit", task, said)

    def _action(self, kind: str, task: int, body: dict[str, Any]) -> str:
        self.made += 1
        said = {
            "id": str(uuid4()), "seq": self.made, "stream": self.stream, "at": int(time.time() * 1000), "task": task,
            "kind": kind, "body": body,
        }  # fmt: skip
        return json.dumps(said, ensure_ascii=False)

    def _said(self, answer: Any) -> Any:
        assert answer.status_code == 200, (answer.status_code, answer.content[:300])
        self.bytes += len(answer.content)
        content = answer.content
        return json.loads(gzip.decompress(content) if answer.headers.get("Content-Encoding") == "gzip" else content)


if __name__ == "__main__":
    sys.exit(main())
