"""Phones that talk over a line that breaks (cut_line) till the end."""

from __future__ import annotations

import http.client
import json
import random
import time
from dataclasses import dataclass, field
from typing import Any

from cut_line import Line
from phone_desk import Phone, digest, name_of, packed

PIECE = 350
"""Bytes a request: small, so that a parcel takes several."""


@dataclass
class Sender:
    """A phone that sends over a line what it has, in whatever order and however often, till it has all receipts."""

    phone: Phone
    line: Line
    dice: random.Random
    texts: list[str]
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    tries: int = 0

    def run(self, until: float) -> None:
        while time.monotonic() < until:
            waiting = [text for text in self.texts if digest(text) not in self.receipts]
            if not waiting:
                return
            again = self.dice.sample(self.texts, min(2, len(self.texts)))
            chosen = self.dice.sample(waiting, min(len(waiting), self.dice.randint(1, 12))) + again
            self._send(packed(*self.dice.sample(chosen, len(chosen))))
        raise TimeoutError(f"{len(self.texts) - len(self.receipts)} actions without receipt")

    def _send(self, content: bytes) -> None:
        name, at = name_of(content), 0
        for _ in range(200):
            piece = content[at : at + PIECE]
            said = self._ask("PUT", f"parcels/{name}?at={at}&of={len(content)}", piece)
            if said is None:
                said = self._ask("GET", f"parcels/{name}")
            if said is None:
                time.sleep(0.02 + self.dice.random() * 0.2)
                continue
            at = said["have"]
            if "receipts" in said:
                self.receipts.update({one["sha256"]: one for one in said["receipts"]})
                return
        # Given up for now: another parcel may have more luck.

    def _ask(self, method: str, address: str, content: bytes | None = None) -> dict[str, Any] | None:
        """What the server says, or None if the line broke."""
        self.tries += 1
        line = http.client.HTTPConnection("127.0.0.1", self.line.port, timeout=15)
        try:
            line.request(method, f"/api/phone/{address}", content, self.phone.headers())
            answer = line.getresponse()
            said = answer.read()
            return json.loads(said) if answer.status in (200, 409) else None
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            line.close()
