"""A server that keeps docs/phone.md to the letter and in memory, over a line that a test may cut at any byte."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import RLock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import canbao.api
from canbao.law.moves import read_workflows
from canbao.law.survey import read_survey

MOBILE = Path(canbao.api.__file__).parent / "static" / "mobile"
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
SLOW = re.compile(rb"ROUNDS = [0-9]+;")
ABORT = struct.pack("ii", 1, 0)
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
        return 200, {"state": self.state if device == DEVICE else "revoked", "says": ""}

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


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    known: Server

    def handle_one_request(self) -> None:
        with suppress(ConnectionError, ValueError):
            super().handle_one_request()

    def do_GET(self) -> None:
        self.close_connection = True
        url = urlsplit(self.path)
        if not url.path.startswith("/api/phone/"):
            self._give_file(url.path)
            return
        path, query = url.path[len("/api/phone/") :], {key: one[0] for key, one in parse_qs(url.query).items()}
        cut = self._cut(path)
        length = int(self.headers.get("Content-Length", "0"))
        most = min(length, cut.at) if cut and cut.way == "request" else length
        body = self.rfile.read(most) if most else b""
        with self.known.lock:
            self.known.said.append(f"{self.command} {self.path}")
            status, said = self._said(path, query, body, most == length)
        if cut and cut.way == "request":
            self._break()
        else:
            self._give(status, said, cut.at if cut and cut.way == "response" else None)

    do_PUT = do_POST = do_GET

    def _said(self, path: str, query: dict[str, str], body: bytes, is_whole: bool) -> Answer:
        try:
            self.known.require(self.headers, path)
            self.known.refuse(self.command, path)
            return self.known.answer(self.command, path, query, body, is_whole)
        except RefusedAs as refused:
            return refused.status, refused.said

    def _cut(self, path: str) -> Cut | None:
        cuts = self.known.cuts
        return cuts.pop(0) if cuts and path.startswith(cuts[0].only) else None

    def _give(self, status: int, said: Any, most: int | None) -> None:
        content = said if isinstance(said, bytes) else b"" if said is None else json.dumps(said).encode()
        retry = "Retry-After: 0\r\n" if status in (429, 503) else ""
        kind = "application/octet-stream" if isinstance(said, bytes) else "application/json"
        about = f"Content-Type: {kind}\r\nContent-Length: {len(content)}\r\n{retry}Connection: close\r\n\r\n"
        whole = f"HTTP/1.1 {status} said\r\n{about}".encode() + content
        self.wfile.write(whole if most is None else whole[:most])
        if most is not None and most < len(whole):
            self._break()

    def _break(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RD)
        self.connection.close()

    def _give_file(self, path: str) -> None:
        file = (MOBILE / path.removeprefix("/mobile/")).resolve()
        is_there = file.is_file() and file.is_relative_to(MOBILE)
        content = file.read_bytes() if is_there else b"<!doctype html><meta charset=utf-8><title>phone</title>"
        if self.known.is_quick_with_pins:
            content = SLOW.sub(rb"ROUNDS = 1000;", content)
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if file.suffix == ".js" else "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving_contract(server: Server) -> Iterator[str]:
    """The address at which the server and the app's files are while it serves."""
    handler = type("Handler", (_Handler,), {"known": server})
    web = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.server_port}"
    finally:
        web.shutdown()
        thread.join()
        web.server_close()
