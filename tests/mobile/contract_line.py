"""The contract's server on a loopback port, the app's files beside it, over a line that a test may cut anywhere."""

from __future__ import annotations

import json
import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from contract_server import Answer, Cut, RefusedAs, Server

import canbao.api

MOBILE = Path(canbao.api.__file__).parent / "static" / "mobile"
SLOW = re.compile(rb"ROUNDS = [0-9]+;")
ABORT = struct.pack("ii", 1, 0)


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
