"""A fact as a business system tells it: a row of the contract that has no number yet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Fact:
    """What a pushed row says, and its `id`."""

    id: str
    at: str
    source: str
    ends: bool
    row: Mapping[str, str]

    def written(self) -> str:
        """As one line of JSON, without a number."""
        return _json(asdict(self))


def fact(source: str, keys: Sequence[str], at: str, ends: bool, row: Mapping[str, str]) -> Fact:
    """A fact whose `id` follows from all that it says: the same row read again is the same, a changed one is not."""
    digest = hashlib.sha256(_json([source, list(keys), at, ends, dict(row)]).encode()).hexdigest()
    return Fact(digest, at, source, ends, row)


def numbered(seq: int, written: str) -> str:
    """A written fact with its number."""
    return f'{{"seq":{seq},{written[1:]}'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
