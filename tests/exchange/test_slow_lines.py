"""Lines that are slow or break off, on a real web server: nobody else is held up, and nothing is half kept."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import requests

from canbao.registry.access import working
from canbao.registry.models import Partner
from canbao.registry.server import PrivateServer
from canbao.registry.streams.keeping import standing
from partner_desk import agreed, partner, with_key
from push_desk import ONE, cover, household, row
from setting_desk import put_in
from signed_requests import System, signed_headers
from web_servers import Web, web_server

BODY = json.dumps({"rows": [{**row(cover()), "id": "a", "seq": 1}]}).encode()


@pytest.fixture
def owner(register: PrivateServer) -> Partner:
    put_in("440600", household=household((ONE, "张三")))
    made = partner()
    agreed(made)
    return made


@pytest.fixture
def system(owner: Partner) -> System:
    secret, key = with_key(owner)
    return System(secret, key.key_id)


@contextmanager
def half_sent(web: Web, system: System, lines: int, is_signed: bool) -> Iterator[None]:
    """Pushes of which only the first bytes come."""
    sockets = [socket.create_connection(("127.0.0.1", web.port)) for _ in range(lines)]
    for one in sockets:
        proof = signed_headers("POST", "/api/v1/stream", system.secret, system.key_id, BODY) if is_signed else {}
        head = {"Host": "localhost", "Content-Type": "application/json", "Content-Length": str(len(BODY)), **proof}
        written = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        one.sendall(f"POST /api/v1/stream HTTP/1.1\r\n{written}\r\n".encode() + BODY[:40])
    time.sleep(0.5)
    try:
        yield
    finally:
        for one in sockets:
            one.close()


def asked(web: Web, system: System, body: bytes = b"", timeout: float = 10) -> int:
    method = "POST" if body else "GET"
    headers = signed_headers(method, "/api/v1/stream", system.secret, system.key_id, body)
    headers |= {"Host": "localhost", "Content-Type": "application/json"}
    return requests.request(
        method, f"http://127.0.0.1:{web.port}/api/v1/stream", headers=headers, data=body, timeout=timeout
    ).status_code


@pytest.mark.parametrize("is_signed", [False, True])
def test_who_sends_slowly_holds_up_nobody_else(
    register: PrivateServer, owner: Partner, system: System, is_signed: bool
) -> None:
    with web_server(register) as web:
        with half_sent(web, system, 12, is_signed):
            headers = {"Host": "localhost"}
            for _ in range(3):
                found = requests.get(f"http://127.0.0.1:{web.port}/api/v1/openapi.json", headers=headers, timeout=15)
                assert found.status_code == 200
        with working():
            assert standing(owner).acknowledged == 0, "nothing is half kept"
        time.sleep(1)
        assert asked(web, system, BODY) == 200
        with working():
            assert standing(owner).acknowledged == 1


def test_a_hundred_megabytes_are_turned_away_while_they_come(register: PrivateServer, system: System) -> None:
    with web_server(register) as web:
        with suppress(requests.ConnectionError):  # the answer came before all was sent
            assert asked(web, system, b" " * (100 << 20), timeout=30) == 413
        assert asked(web, system) == 200
