"""A server that keeps docs/phone.md to the letter and in memory, whatever a test does to its line."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from canbao.law.moves import read_workflows
from canbao.law.survey import read_survey

DEVICE, SECRET, STREAM, CARD = "6b1f3a52-8f5e-4c39-9c3e-2f7a1d4c5b60", "5e" * 32, "a1" * 16, "DC440100-007"
LIMITS = {
    "pin_digits": 6, "wrong_pins": 5, "lock_seconds": 120, "offline_days": 14, "picture_bytes": 100_000,
    "piece_bytes": 700, "parcel_bytes": 20_000, "parcel_actions": 10,
}  # fmt: skip
ACTION = {"id", "seq", "stream", "at", "task", "kind", "body"}
BODIES = {
    "visit": {"way", "outcome", "next_on", "note", "latitude", "longitude", "is_position_faked"},
    "submit": {"answers", "reasons", "based_on", "form", "seconds", "day_is_own"},
    "draft": {"answers", "reasons", "based_on", "revision"},
}
Answer = tuple[int, Any]


@dataclass
class Cut:
    """Where the line breaks: after so many bytes of a request's body, or of the answer; or, with `none`, doesn't."""

    way: str
    at: int
    only: str = ""


@dataclass
class Kept:
    """An action that has arrived, under its id and digest."""

    text: str
    action: dict[str, Any]
    state: str = "kept"
    says: str = ""


class RefusedAs(Exception):
    """An answer of 400 or above."""

    def __init__(self, status: int, why: str, **more: Any) -> None:
        super().__init__(why)
        self.status, self.said = status, {"why": why, "says": f"（{why}）", **more}


@dataclass
class Server:
    """What the server knows; `wrongs` are the phone's breaches of the contract, which a test wants to be none."""

    tasks: dict[int, dict[str, Any]] = field(default_factory=dict)
    state: str = "bound"
    skew: int = 0
    limits: dict[str, int] = field(default_factory=lambda: dict(LIMITS))
    page: int = 200
    oldest_app: int = 1
    kept: dict[tuple[str, str], Kept] = field(default_factory=dict)
    next: dict[str, int] = field(default_factory=dict)
    parcels: dict[str, bytearray] = field(default_factory=dict)
    whole: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    pictures: dict[str, bytearray] = field(default_factory=dict)
    drafts: dict[int, dict[str, Any]] = field(default_factory=dict)
    arrivals: list[str] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)
    refuse: Callable[[str, str], None] = lambda *_: None
    is_done_at_once: bool = False
    is_carried_out_late: bool = False
    is_quick_with_pins: bool = True
    emptied: int = 0
    contacts: list[dict[str, Any]] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)

    def answer(self, method: str, path: str, query: dict[str, str], body: bytes, is_whole: bool) -> Answer:
        """What is said to a request, of which `body` is what has come."""
        name = path.split("/")[0]
        found = getattr(self, f"_{method.lower()}_{name}", None)
        if found is None:
            self.wrongs.append(f"no such request: {method} {path}")
            raise RefusedAs(400, "wrong")
        if not is_whole and name not in ("parcels", "pictures"):
            raise RefusedAs(400, "wrong")
        return found(path.partition("/")[2], query, body)

    def now(self) -> int:
        """The server's clock."""
        return int(time.time() * 1000) + self.skew

    def require(self, headers: Any, path: str) -> None:
        """The app's number, and the secret of a device that may speak."""
        if int(headers.get("X-Canbao-App", "0")) < self.oldest_app:
            raise RefusedAs(426, "old")
        if path == "bind" or path.startswith("standing/"):
            if "Authorization" in headers:
                self.wrongs.append(f"a secret was said at {path}")
            return
        if headers.get("Authorization") != f"Phone {DEVICE}.{SECRET}":
            raise RefusedAs(401, "unknown")
        if self.state == "revoked" and path != "emptied":
            raise RefusedAs(410, "revoked")

    def _post_bind(self, _: str, query: dict[str, str], body: bytes) -> Answer:
        said = json.loads(body)
        if said["password"] != "right":
            raise RefusedAs(403, "refused")
        officer = {
            "name": "梁测试",
            "card": CARD,
            "place": "440104001",
            "place_name": "测试街",
            "valid_to": "2099-12-31",
        }
        return 201, {
            "device": DEVICE, "secret": SECRET, "stream": STREAM, "now": self.now(), "officer": officer,
            "limits": self.limits, "replaced": False,
        }  # fmt: skip

    def _get_standing(self, device: str, query: dict[str, str], body: bytes) -> Answer:
        state = self.state if device == DEVICE else "revoked"
        return 200, {"state": state, "says": "" if state == "bound" else f"（{state}）"}

    def _post_contact(self, _: str, query: dict[str, str], body: bytes) -> Answer:
        said = json.loads(body)
        self.contacts.append(said)
        known = [self.kept.get((key, digest)) for key, digest in said["open"]]
        return 200, {
            "now": self.now(), "state": self.state, "law": "law-1", "limits": self.limits, "next": self.next,
            "settled": [_receipt(one) for one in known if one],
        }  # fmt: skip

    def _get_law(self, _: str, query: dict[str, str], body: bytes) -> Answer:
        flow = read_workflows()["task"]
        moves = [{"id": one.id, "label": one.label, "from": sorted(one.from_), "to": one.to} for one in flow.moves]
        survey = {"returns": [], "failed_outcomes": list(read_survey().failed_outcomes)}
        return 200, {
            "law": "law-1", "profile": "base", "survey": survey,
            "moves": {"label": flow.label, "states": flow.states, "moves": moves},
        }  # fmt: skip

    def _post_tasks(self, _: str, query: dict[str, str], body: bytes) -> Answer:
        if self.state != "bound":
            raise RefusedAs(410, self.state)
        known = {int(key): version for key, version in json.loads(body)["known"].items()}
        held = {key: one for key, one in self.tasks.items() if "why" not in one}
        new = [one for key, one in sorted(held.items()) if known.get(key) != one["version"]]
        gone = [key for key in known if key not in held]
        told = [{"id": key, "why": self.tasks.get(key, {}).get("why", "taken_back"), "says": "已收回"} for key in gone]
        campaign = {"id": 3, "name": "试点", "starts_on": "2020-01-01", "ends_on": "2030-12-31", "attempts": 2}
        return 200, {
            "tasks": [{**one, "draft": self.drafts.get(one["id"])} for one in new[: self.page]],
            "gone": told, "more": len(new) > self.page,
            "forms": {"3:1": FORM}, "campaigns": {"3": campaign},
        }  # fmt: skip

    def _put_parcels(self, digest: str, query: dict[str, str], body: bytes) -> Answer:
        if digest in self.whole:
            return self._get_parcels(digest, query, body)
        has = self.parcels.setdefault(digest, bytearray())
        length = self._add(has, query, body, self.limits["parcel_bytes"])
        if len(has) == length:
            self._end(digest, bytes(has))
        return self._get_parcels(digest, query, body)

    def _get_parcels(self, digest: str, query: dict[str, str], body: bytes) -> Answer:
        if digest not in self.whole:
            return 200, {"have": len(self.parcels.get(digest, b""))}
        receipts = [_receipt(self.kept[name]) for name in self.whole[digest]]
        return 200, {"have": len(self.parcels[digest]), "receipts": receipts}

    def _put_pictures(self, digest: str, query: dict[str, str], body: bytes) -> Answer:
        has = self.pictures.setdefault(digest, bytearray())
        length = self._add(has, query, body, self.limits["picture_bytes"])
        if len(has) == length and hashlib.sha256(has).hexdigest() != digest:
            self.wrongs.append("a picture is another one than was said")
        return 200, {"have": len(has)}

    def _get_pictures(self, digest: str, query: dict[str, str], body: bytes) -> Answer:
        return 200, {"have": len(self.pictures.get(digest, b""))}

    def _post_emptied(self, _: str, query: dict[str, str], body: bytes) -> Answer:
        self.emptied += 1
        return 204, None

    def _post_diagnosis(self, _: str, query: dict[str, str], body: bytes) -> Answer:
        said = json.loads(body)
        if any(not re.fullmatch(r"[a-z0-9_.-]{1,40}", one["code"]) for one in said["errors"]):
            self.wrongs.append("a fault has no code")
        return 204, None

    def _get_line(self, _: str, query: dict[str, str], body: bytes) -> Answer:
        return 200, bytes(int(query["bytes"]))

    def _post_line(self, _: str, query: dict[str, str], body: bytes) -> Answer:
        return 200, {"have": len(body)}

    def _add(self, has: bytearray, query: dict[str, str], body: bytes, most: int) -> int:
        at, length = int(query["at"]), int(query["of"])
        if length > most or len(body) > self.limits["piece_bytes"]:
            self.wrongs.append(f"too large: {len(body)} of {length}")
            raise RefusedAs(413, "too_large")
        if at != len(has) or len(has) + len(body) > length:
            raise RefusedAs(409, "offset", have=len(has))
        has += body
        return length

    def _end(self, digest: str, content: bytes) -> None:
        if hashlib.sha256(content).hexdigest() != digest:
            self.wrongs.append("a parcel is another one than was said")
        parcel = json.loads(gzip.decompress(content))
        if len(parcel["actions"]) > self.limits["parcel_actions"]:
            self.wrongs.append("too many actions in a parcel")
        names = [self._keep(parcel["stream"], text) for text in parcel["actions"]]
        self.whole[digest] = names
        if not self.is_carried_out_late:
            self.carry_out()

    def _keep(self, stream: str, text: str) -> tuple[str, str]:
        action = json.loads(text)
        if set(action) != ACTION or set(action["body"]) != BODIES[action["kind"]] or action["stream"] != stream:
            self.wrongs.append(f"no action of ours: {sorted(action)} {sorted(action['body'])}")
        name = (action["id"], hashlib.sha256(text.encode()).hexdigest())
        self.arrivals.append(action["id"])
        if any(key == name[0] and digest != name[1] for key, digest in self.kept):
            self.wrongs.append("an id came with two texts")
        self.kept.setdefault(name, Kept(text, action))
        return name

    def carry_out(self) -> None:
        """Whatever's turn it is: drafts at once, others by number."""
        for one in sorted(self.kept.values(), key=lambda one: one.action["seq"]):
            stream, seq = one.action["stream"], one.action["seq"]
            if one.state == "kept" and seq in (0, self.next.get(stream, 1)):
                one.state, one.says = self._outcome(one.action)
                if seq:
                    self.next[stream] = seq + 1

    def _outcome(self, action: dict[str, Any]) -> tuple[str, str]:
        task, body = self.tasks.get(action["task"]), action["body"]
        if action["kind"] == "draft":
            known = self.drafts.get(action["task"])
            if known and known["revision"] >= body["revision"]:
                return "ignored", ""
            self.drafts[action["task"]] = body
            return "taken", ""
        if task is None or "why" in task or self.state != "bound":
            return "dispute", "任务已经不在这位调查员手里"
        task["version"] += 1
        if action["kind"] == "visit":
            task.update(
                failed=task["failed"] + 1, state="in_field", visits=[*task["visits"], {"at": action["at"], **body}]
            )
            return "taken", ""
        if body["based_on"] != task["entries"]:
            return "dispute", "这份表刚有别人提交过"
        task.update(entries=task["entries"] + 1, state="submitted")
        if self.is_done_at_once:
            task["why"] = "done"
        return "taken", ""


def _receipt(one: Kept) -> dict[str, str]:
    digest = hashlib.sha256(one.text.encode()).hexdigest()
    return {"id": one.action["id"], "sha256": digest, "state": one.state, "says": one.says}


def _question(name: str, label: str, **more: Any) -> dict[str, Any]:
    known = {"kind": "text", "options": [], "longest": 64, "field": "", "needed": None, "shown": None}
    return {"id": name, "label": label, **known, **more}


ALWAYS, IS_DONE = {"always": True}, {"survey_outcome": ["1"]}
OUTCOMES = [["1", "完成"], ["5", "无法联系"]]
QUESTIONS = [
    _question("survey_outcome", "调查结果", kind="code", options=OUTCOMES, needed=ALWAYS),
    _question("surveyed_on", "调查日期", kind="day", needed=ALWAYS),
    _question("residence_address", "常住地址", needed=IS_DONE, shown=IS_DONE, longest=150),
    _question("mobile", "手机", kind="mobile", shown=IS_DONE),
    _question("remark", "备注", longest=200),
]


def _finding(name: str, question: str, severity: str, **when: Any) -> dict[str, Any]:
    return {"id": name, "question": question, "severity": severity, "says": f"（{name}）", "when": when}


FORM = {
    "sections": [{"id": "one", "label": "一", "shown": None, "questions": QUESTIONS}],
    "findings": [
        _finding("SF04", "survey_outcome", "block", all=[{"survey_outcome": ["5"]}, {"attempts_enough": ["0"]}]),
        _finding("SF06", "surveyed_on", "block", day_is_outside=["1"]),
        _finding("SF11", "mobile", "warn", mobile_is_shared=["1"]),
    ],
}


def task_of(number: int, **more: Any) -> dict[str, Any]:
    """A made task of a made person: name, number, address and mobile are none of anybody's."""
    person = {
        "ssn": f"44010419900101{number:04d}", "name": f"欧阳试{number:04d}", "sex": "1", "birth_date": "1990-01-01",
        "hukou_address": f"测试街示范路{number}号", "residence_address": None, "mobile": f"199{number:08d}",
    }  # fmt: skip
    return {
        "id": number, "version": 1, "campaign": 3, "form": 1, "state": "assigned", "place": "440104001001",
        "place_name": "示范社区", "reason": "", "failed": 0, "returned": 0, "entries": 0, "next_on": None,
        "person": person, "prefill": {"survey_outcome": "1"}, "visits": [], "returned_for": None,
        "answers": None, "draft": None, **more,
    }  # fmt: skip
