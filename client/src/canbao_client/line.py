"""The line to the server: each attempt is signed anew; what passes by itself is tried again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import requests

from canbao_client.keys import read_key
from canbao_client.signing import Signature
from canbao_client.trouble import ClientTrouble, RequestRefused, ServerAway, ServerBusy, ServerFault

GATEWAY = (502, 503, 504)
NOT_DONE = (429, 503)
"""Answers that say that nothing was done; only these let something be said again that must not happen twice."""

Sleep = Callable[[float], object]
"""Sleeps for seconds; what is true afterwards says that whoever waits wants to stop."""


class Line:
    """Asks one server; `patience` is the longest wait in seconds that is worth it, `attempts` how often to ask."""

    def __init__(
        self, address: str, key_file: Path, timeout: float, verify: bool | str, attempts: int, patience: float,
        sleep: Sleep = time.sleep,
    ) -> None:  # fmt: skip
        self._address, self._timeout, self._verify = address.rstrip("/"), timeout, verify
        self._attempts, self._patience, self._sleep = attempts, patience, sleep
        self._signature = Signature(read_key(key_file))
        self._session = requests.Session()

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None, *,
        repeatable: bool = True, **query: object,
    ) -> requests.Response:  # fmt: skip
        """Ask until there is a good answer; raises one of ClientTrouble.

        `repeatable` is False for what may have been done although no answer came, and must not be done twice.
        """
        asked = requests.Request(method, self._address + path, data=body or None, params=_given(query))
        asked.headers = {"Accept": "application/json", **(headers or {})}
        for wait in self._waits():
            try:
                return self._by_the_clock(asked)
            except ClientTrouble as trouble:
                if not self._worth_it(trouble, repeatable, wait):
                    raise
        raise AssertionError("the last wait is None, which raises")

    def _waits(self) -> Iterator[float | None]:
        """Seconds to wait after each attempt, twice as long each time and never alike; None after the last."""
        for attempt in range(self._attempts - 1):
            yield random.uniform(0.5, 1.0) * 2**attempt
        yield None

    def _worth_it(self, trouble: ClientTrouble, repeatable: bool, wait: float | None) -> bool:
        again = isinstance(trouble, ServerBusy | ServerAway) and (repeatable or trouble.status in NOT_DONE)
        if wait is None or not again or (trouble.retry_after or 0) > self._patience:
            return False
        return not self._sleep(min(max(wait, trouble.retry_after or 0), self._patience))

    def _by_the_clock(self, asked: requests.Request) -> requests.Response:
        """One attempt; a clock that differs is set once by what the server says."""
        response = self._send(asked)
        said = _said(response)
        if response.status_code == 401 and said.get("why") == "clock" and isinstance(said.get("now"), int | float):
            self._signature.set_clock(said["now"])
            response = self._send(asked)
        return _good(response)

    def _send(self, asked: requests.Request) -> requests.Response:
        request = self._session.prepare_request(asked)
        self._signature.put_on(request)
        settings = self._session.merge_environment_settings(str(request.url), {}, False, self._verify, None)
        try:
            return self._session.send(request, timeout=self._timeout, allow_redirects=False, **settings)
        except requests.exceptions.SSLError as problem:
            raise ServerFault("certificate", f"服务器的证书不可信；请核对网址和 verify：{self._address}") from problem
        except requests.RequestException as problem:
            raise ServerAway("away", f"连不上或没有按时回答：{self._address}") from problem


def _given(query: dict[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in query.items() if value is not None}


def _good(response: requests.Response) -> requests.Response:
    """The response, if it is a good answer; raises what it says otherwise."""
    status, said = response.status_code, _said(response)
    if status == 200 and not response.content:  # a line that breaks within the headers looks like that
        raise ServerAway("away", "服务器的回答没有到齐")
    if status == 200:
        return response
    why, says = str(said.get("why") or status), str(said.get("says") or f"服务器回答 {status}")
    kind: type[ClientTrouble] = RequestRefused
    if status == 429:
        kind = ServerBusy
    elif status >= 500:
        kind = ServerAway if status in GATEWAY else ServerFault
    elif status < 400:
        kind, says = ServerFault, f"服务器要转到别处（{status}）；请核对网址"
    raise kind(why, says, status, _seconds(response.headers.get("Retry-After")))


def _said(response: requests.Response) -> dict[str, Any]:
    """What the server says, if it is an object of JSON."""
    if "json" not in response.headers.get("Content-Type", ""):
        return {}
    try:
        said = response.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _seconds(written: str | None) -> float | None:
    """`Retry-After` in seconds; a date, which our server never says, counts as unknown."""
    return float(written) if written and written.isdigit() else None
