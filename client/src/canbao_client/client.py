"""The register's interface for partners (docs/exchange.md), a method for each thing that can be said or asked."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from canbao_client import answers as said
from canbao_client.answers import Answer, Answers, BackFilled, Changes, Found, Outcomes, Panel, Row, Standing
from canbao_client.batches import cut, line_of, packed
from canbao_client.line import Line, Sleep
from canbao_client.trouble import RequestRefused, ServerFault

PEOPLE = 500
ROWS = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
JSON = {"Content-Type": "application/json"}
PDF = b"%PDF-"
HALVED = (400, 413)
Shape = TypeVar("Shape")


class Client:
    """Speaks for one partner. All methods raise ClientTrouble.

    `verify` is True, or the path of the office's own certificates. Times are in seconds: `timeout` of one attempt,
    `patience` the longest single wait before another of `attempts`.
    """

    def __init__(
        self, address: str, key_file: Path | str, timeout: float = 30, verify: bool | str = True, *,
        attempts: int = 5, patience: float = 60, sleep: Sleep = time.sleep,
    ) -> None:  # fmt: skip
        self._line = Line(address, Path(key_file), timeout, verify, attempts, patience, sleep)

    def push(self, rows: Iterable[Row]) -> Answers:
        """Push rows, in as many requests as they need; they are kept durably when this returns."""
        taken: list[Answer] = []
        last = None
        for batch in cut(map(line_of, rows)):
            last = self.push_lines(batch)
            taken += last.rows
        end: Standing = last or self.standing()
        return Answers(end.acknowledged, end.gaps, end.waiting, tuple(taken))

    def push_lines(self, lines: Sequence[str]) -> Answers:
        """Push one batch of rows written as lines; one that the server can't take whole is sent in halves."""
        try:
            response = self._line.ask("POST", "/api/v1/stream", packed(lines), ROWS)
        except RequestRefused as refused:
            if refused.status not in HALVED or len(lines) == 1:
                raise
            middle = len(lines) // 2
            first, second = self.push_lines(lines[:middle]), self.push_lines(lines[middle:])
            return Answers(second.acknowledged, second.gaps, second.waiting, (*first.rows, *second.rows))
        return _read(response, said.answers_of)

    def standing(self) -> Standing:
        """How far the register has this partner's rows."""
        return _read(self._line.ask("GET", "/api/v1/stream"), said.standing_of)

    def outcomes(self, after: int = 0) -> Outcomes:
        """What became of rows, after an outcome's number."""
        return _read(self._line.ask("GET", "/api/v1/stream/outcomes", after=after), said.outcomes_of)

    def changes(self, after: str | None = None, limit: int = 500) -> Iterator[Changes]:
        """Pages of the feed from a cursor (None: from the beginning; "now": from now on) up to its end for now."""
        more = True
        while more:
            page = _read(self._line.ask("GET", "/api/v1/feed", after=after, limit=limit), said.changes_of)
            yield page
            after, more = page.next, page.more

    def look_up(self, number: str, name: str, officer: str, office: str = "", purpose: str = "counter") -> Found:
        """A person by number and name; RequestRefused with `not_found` where there is none to be shown."""
        asked = {"number": number, "name": name, **_by(officer, office, purpose)}
        return self._post("/api/v1/persons/lookup", asked, said.found_of)

    def say_items(self, person: int, items: Mapping[str, str], at: str, officer: str) -> Answer:
        """Say what the counter has collected of a person that was looked up."""
        asked = {"items": dict(items), "at": at, "officer": officer}
        return self._post(f"/api/v1/persons/{person}/items", asked, said.answer_of)

    def back_fill(
        self, people: Iterable[tuple[str, str]], items: Sequence[str], officer: str
    ) -> list[BackFilled]:  # fmt: skip
        """What the register has of the items of people, each a number and a name; asked in pieces of 500."""
        numbers = [{"number": number, "name": name} for number, name in people]
        found: list[BackFilled] = []
        for first in range(0, len(numbers), PEOPLE):
            asked = {"numbers": numbers[first : first + PEOPLE], "items": list(items), "officer": officer}
            found += self._post("/api/v1/back-fill", asked, _people)
        return found

    def proof(self, person: int, officer: str, office: str = "", purpose: str = "counter") -> bytes:
        """A printable proof of a person that was looked up (PDF); each call issues another one."""
        body = _body(_by(officer, office, purpose))
        answer = self._line.ask("POST", f"/api/v1/persons/{person}/proof", body, JSON, repeatable=False)
        if not answer.content.startswith(PDF):
            raise ServerFault("answer", "服务器的回答不是 PDF；请核对网址和版本")
        return answer.content

    def panel(self, person: int, officer: str, office: str = "", purpose: str = "counter") -> Panel:
        """An address that shows a person that was looked up, once, in a frame of an agreed origin's page."""
        return self._post(f"/api/v1/persons/{person}/panel", _by(officer, office, purpose), said.panel_of)

    def _post(self, path: str, asked: Mapping[str, Any], shape: Callable[[said.Said], Shape]) -> Shape:
        return _read(self._line.ask("POST", path, _body(asked), JSON), shape)


def _body(asked: Mapping[str, Any]) -> bytes:
    return json.dumps(asked, ensure_ascii=False).encode()


def _by(officer: str, office: str, purpose: str) -> dict[str, str]:
    return {"officer": officer, "office": office, "purpose": purpose}


def _people(answer: said.Said) -> list[BackFilled]:
    return [said.back_filled_of(one) for one in answer["people"]]


def _read(response: Any, shape: Callable[[said.Said], Shape]) -> Shape:
    """An answer in its shape; what can't be read so is the server's fault."""
    try:
        return shape(response.json())
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise ServerFault("answer", "服务器的回答不合约定；请核对网址和版本") from problem
