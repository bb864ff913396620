"""A surveyor with a phone: bound, with tasks, and what it sends."""

from __future__ import annotations

import gzip
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from canbao.registry.models import Officer
from canbao.survey.actions import splitting
from canbao.survey.models import Campaign, Surveyor, Task
from people_of_office import PASSWORD
from survey_desk import TOWN, answers, clerk, county_officer, running, surveyor, tasks, who

APP = "1"


def moment() -> int:
    """Now, as a right clock says it, in milliseconds."""
    return int(timezone.now().timestamp() * 1000)


@dataclass
class Phone:
    """A phone as the protocol knows one; `skew` is by how many milliseconds its clock is fast."""

    device: str = ""
    secret: str = ""
    stream: str = ""
    skew: int = 0
    made: int = 0
    web: Client = field(default_factory=lambda: Client(SERVER_NAME="localhost"))

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Phone {self.device}.{self.secret}", "X-Canbao-App": APP}

    def get(self, address: str, **headers: str) -> HttpResponse:
        return self.web.get(f"/api/phone/{address}", headers={**self.headers(), **headers})

    def post(self, address: str, **said: Any) -> HttpResponse:
        return self.web.post(
            f"/api/phone/{address}", json.dumps(said), content_type="application/json", headers=self.headers()
        )

    def put(self, address: str, content: bytes) -> HttpResponse:
        return self.web.put(
            f"/api/phone/{address}", content, content_type="application/octet-stream", headers=self.headers()
        )

    def bind(self, account: str, password: str = PASSWORD, **more: str) -> HttpResponse:
        own = {"device": str(uuid4()), "secret": secrets.token_hex(32)}
        answer = self.post(
            "bind", **{"account": account, "password": password, "label": "样例手机", "app": 1, **own, **more}
        )
        if answer.status_code == 201:
            said = answer.json()
            self.device, self.secret, self.stream = said["device"], said["secret"], said["stream"]
        return answer

    def contact(self, **more: Any) -> dict[str, Any]:
        said = {"now": moment() + self.skew, "app": 1, "law": "", "pending": 0, "drafts": 0, **more}
        return self.post("contact", **said).json()

    def action(self, kind: str, task: int, body: dict[str, Any], *, seq: int | None = None, **more: Any) -> str:
        """The text of an action, numbered after those that were made before."""
        if seq is None:
            self.made += 1
            seq = self.made
        said = {
            "id": str(uuid4()), "seq": seq, "stream": self.stream, "at": moment() + self.skew, "task": task,
            "kind": kind, "body": body, **more,
        }  # fmt: skip
        return json.dumps(said, ensure_ascii=False)

    def visit(self, task: int, outcome: str = "2", **more: Any) -> str:
        body = {"way": "1", "outcome": outcome, "next_on": None, "note": "", "latitude": None, "longitude": None}
        return self.action("visit", task, {**body, **more})

    def form(self, task: int, *, based_on: int = 0, seconds: int = 300, day_is_own: bool = True, **said: str) -> str:
        body = {
            "answers": answers(**said), "reasons": {}, "based_on": based_on, "form": 1, "seconds": seconds,
            "day_is_own": day_is_own,
        }  # fmt: skip
        return self.action("submit", task, body)

    def draft(self, task: int, revision: int, *, based_on: int = 0, **said: str) -> str:
        body = {"answers": said, "reasons": {}, "based_on": based_on, "revision": revision}
        return self.action("draft", task, body, seq=0)

    def send(self, *texts: str, piece: int = 0) -> list[dict[str, Any]]:
        """Send actions as one parcel, in pieces if asked to; gives the receipts."""
        content = packed(*texts)
        name, step = name_of(content), piece or len(content)
        for at in range(0, len(content), step):
            answer = self.put(f"parcels/{name}?at={at}&of={len(content)}", content[at : at + step])
            assert answer.status_code == 200, answer.content.decode()
        return answer.json()["receipts"]

    def tasks(self, known: dict[str, int] | None = None) -> dict[str, Any]:
        return self.post("tasks", known=known or {}).json()


def packed(*texts: str) -> bytes:
    """A parcel of some actions."""
    return gzip.compress(json.dumps({"actions": texts}, ensure_ascii=False).encode(), mtime=0)


def name_of(content: bytes) -> str:
    """What a parcel or a picture is called."""
    return hashlib.sha256(content).hexdigest()


def digest(text: str) -> str:
    return name_of(text.encode())


def surveyor_with_account(place: str = TOWN, name: str = "surveyor-one") -> Surveyor:
    account: Officer = who("surveyor", place, name)
    return surveyor(place, name=f"调查员{name[-3:]}", officer=account)


def bound_phone(name: str = "surveyor-one") -> Phone:
    """A phone bound to the surveyor with an account of that name."""
    phone = Phone()
    answer = phone.bind(name)
    assert answer.status_code == 201, answer.content.decode()
    return phone


def under_way(**more: Any) -> tuple[Campaign, Surveyor, list[Task]]:
    """A campaign whose tasks of the first town are with a surveyor who has an account."""
    campaign = running(**more)
    splitting.allot_by_place(campaign=campaign, by=county_officer())
    one = surveyor_with_account()
    keys = [task.pk for task in tasks(campaign, place__startswith=TOWN)]
    splitting.assign(campaign=campaign, tasks=keys, surveyor=one, by=clerk())
    return campaign, one, tasks(campaign, surveyor=one)


def key(text: str) -> UUID:
    """The id of an action."""
    return UUID(json.loads(text)["id"])
