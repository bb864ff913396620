"""The register's side of the contract (docs/exchange.md) in a thread, which can be made to fail in many ways."""

from __future__ import annotations

import copy
import gzip
import json
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageVerifier, InvalidSignature, MappingKeyResolver
from http_message_signatures.algorithms import ED25519

from canbao_client.keys import fingerprint

COVERED = ("@method", "@path", "@query", "content-digest")
FAULTS = ("closed", "unread", "after", "again", "away", "broken", "slow", "garbled")


class FakeRegister:
    """What one partner has pushed; `fault()` says what goes wrong with the next request, None for nothing."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.come: set[int] = set()
        self.ahead = 0.0
        self.retry_after = "0"
        self.known: dict[str, dict[str, str]] = {}
        self.asked: list[tuple[str, str, int]] = []
        self.bodies: list[dict[str, Any]] = []
        self.restored = 0
        self.proof = b"%PDF-1.7 made"
        self.fault = lambda: None
        self._nonces: set[str] = set()
        self.lock = threading.Lock()
        self._verifier = HTTPMessageVerifier(
            signature_algorithm=ED25519,
            key_resolver=MappingKeyResolver(public_keys={fingerprint(key): key}, private_keys={}),
        )
        self._verifier.max_clock_skew = timedelta(days=2)

    def snapshot(self) -> tuple[dict[str, dict[str, Any]], set[int]]:
        return copy.deepcopy(self.rows), set(self.come)

    def restore(self, snapshot: tuple[dict[str, dict[str, Any]], set[int]]) -> None:
        with self.lock:
            self.rows, self.come = copy.deepcopy(snapshot[0]), set(snapshot[1])
            self.restored += 1

    def facts(self) -> list[tuple[str, str, bool, str]]:
        """What was taken, without numbers: source, moment, end, columns."""
        return sorted(
            (row["source"], row["at"], row["ends"], json.dumps(row["row"], sort_keys=True))
            for row in self.rows.values()
        )

    def standing(self) -> dict[str, Any]:
        acknowledged = 0
        while acknowledged + 1 in self.come:
            acknowledged += 1
        gaps, last = [], acknowledged
        for seq in sorted(self.come):
            if seq > last + 1:
                gaps.append([last + 1, seq - 1])
            last = max(last, seq)
        return {"acknowledged": acknowledged, "gaps": gaps[:5], "waiting": 0}

    def signed(self, method: str, url: str, headers: Any, body: bytes) -> tuple[int, dict[str, Any]] | None:
        """What is wrong with a request's signature, if anything."""
        message = SimpleNamespace(method=method, url=url, headers=dict(headers))
        try:
            (found,) = self._verifier.verify(
                message, max_age=None, expect_tag="canbao", require_components=COVERED, body=body
            )
        except InvalidSignature as problem:
            return 401, {"why": "signature", "says": str(problem)}
        now = time.time() + self.ahead
        if abs(found.parameters["created"] - now) > 300:
            return 401, {"why": "clock", "says": "时钟不对", "now": int(now)}
        if found.nonce in self._nonces or len(found.nonce) < 16:
            return 401, {"why": "replayed", "says": "重放"}
        self._nonces.add(found.nonce)
        return None

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any] | bytes]:
        if path == "/api/v1/stream":
            rows = [json.loads(line) for line in gzip.decompress(body).splitlines()] if method == "POST" else []
            answers = [self.take(row) for row in rows]
            return 200, {**({"rows": answers} if method == "POST" else {}), **self.standing()}
        said = json.loads(body) if body else {}
        self.bodies.append(said)
        if path == "/api/v1/back-fill":
            return 200, {"people": [self._filled(one, said["items"]) for one in said["numbers"]]}
        if path == "/api/v1/persons/lookup":
            return 200, {"person": 7, "shown": {"contact": {"mobile": "13800000000"}}}
        if path == "/api/v1/persons/7/panel":
            return 200, {"address": "https://canbao.example/panel/x", "seconds": 120}
        if path == "/api/v1/persons/7/proof":
            return 200, self.proof
        if path == "/api/v1/persons/7/items":
            return 200, {"state": "kept", "says": ""}
        if path == "/api/v1/stream/outcomes":
            return 200, {"outcomes": [{"number": 7, "id": "a", "seq": 1, "state": "taken", "says": ""}], "next": 7}
        if path == "/api/v1/feed":
            return 200, {"changes": [{"id": "7-1", "person": "1", "at": "", "items": {}, "gone": False}], "next": "c2",
                         "more": len(self.bodies) < 2}  # fmt: skip
        return 404, {"why": "not_found", "says": "查无此人"}

    def take(self, row: dict[str, Any]) -> dict[str, Any]:
        said = {name: value for name, value in row.items() if name != "seq"}
        before = self.rows.get(row["id"])
        state = "kept" if before is None else "same" if before == said else "aside"
        if row["source"] == "refused":
            state = "refused"
        elif before is None:
            self.rows[row["id"]] = said
        self.come.add(row["seq"])
        return {"id": row["id"], "seq": row["seq"], "state": state, "says": "" if state != "aside" else "内容不同"}

    def _filled(self, one: dict[str, str], items: list[str]) -> dict[str, Any]:
        found = self.known.get(one["number"])
        shown = {item: found[item] for item in items if item in found} if found else {}
        return {"number": one["number"], "found": found is not None, "items": shown}


class Handler(BaseHTTPRequestHandler):
    """One request; what goes wrong does so before or after it was carried out."""

    register: FakeRegister

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def _handle(self) -> None:
        register = self.register
        fault = register.fault()
        if fault == "closed":
            return self._hang_up()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if fault == "unread":
            return self._hang_up()
        if fault in ("again", "away"):
            why = {"again": (429, "too_many"), "away": (503, "away")}[fault]
            return self._say(why[0], {"why": why[1], "says": "稍后"}, register.retry_after)
        with register.lock:
            path = self.path.partition("?")[0]
            url = f"http://{self.headers['Host']}{self.path}"
            wrong = register.signed(self.command, url, self.headers, body)
            status, said = wrong or register.answer(self.command, path, body)
            register.asked.append((self.command, self.path, status))
        if fault == "slow":
            time.sleep(0.4)
        if fault == "after":
            return self._say(500, {"why": "fault", "says": "服务器出错"})
        return self._say(status, said, cut=fault)

    def _say(self, status: int, said: dict[str, Any] | bytes, retry_after: str = "", cut: str | None = None) -> None:
        content = said if isinstance(said, bytes) else json.dumps(said).encode()
        retry = f"Retry-After: {retry_after}\r\n" if retry_after else ""
        head = f"HTTP/1.1 {status} x\r\nContent-Type: application/json\r\n{retry}Content-Length: {len(content)}\r\n\r\n"
        whole = head.encode() + content
        if cut == "broken":
            whole = whole[: random.randrange(len(whole))]
        if cut == "garbled":
            whole = head.encode() + b"?" * len(content)
        with suppress(OSError):
            self.wfile.write(whole)
        self.close_connection = True

    def _hang_up(self) -> None:
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def listening(register: FakeRegister) -> Iterator[str]:
    """The register at an address."""
    handler = type("Bound", (Handler,), {"register": register})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
