"""What is said to the register and what it answers, as docs/exchange.md has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Said = Mapping[str, Any]
"""A JSON object as it came; what is missing or more than expected does no harm."""


@dataclass(frozen=True)
class Row:
    """One fact to push: the partner's own `id` and running number, since when it holds (`at`), and its columns."""

    id: str
    seq: int
    at: str
    source: str
    row: Mapping[str, str]
    ends: bool = False


@dataclass(frozen=True)
class Answer:
    """What became of one row: `kept`, `same`, `refused` or `aside`; `says` has the reason."""

    id: str
    seq: int
    state: str
    says: str


@dataclass(frozen=True)
class Standing:
    """How far the register has this partner's rows: all up to `acknowledged`; `gaps` are the first missing ranges."""

    acknowledged: int
    gaps: Sequence[tuple[int, int]]
    waiting: int


@dataclass(frozen=True)
class Answers(Standing):
    """A standing, with the answer to each row of a push."""

    rows: Sequence[Answer] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of a row when it was carried out: `taken`, `older`, `aside` or `dropped`."""

    number: int
    id: str
    seq: int
    state: str
    says: str


@dataclass(frozen=True)
class Outcomes:
    """Some outcomes in order, and the number after which to ask for more."""

    outcomes: Sequence[Outcome]
    next: int


@dataclass(frozen=True)
class Change:
    """One change of a person in the register; `id` is person and version, so that a repeated one is known."""

    id: str
    person: str
    at: str
    items: Mapping[str, Any]
    gone: bool


@dataclass(frozen=True)
class Changes:
    """A page of the feed; keep `next` together with what was done with the changes."""

    changes: Sequence[Change]
    next: str
    more: bool


@dataclass(frozen=True)
class Found:
    """A person at the counter: the number to ask further with, and the agreed parts."""

    person: int
    shown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Panel:
    """A page to be shown in a frame: it works once, for so many seconds."""

    address: str
    seconds: int


@dataclass(frozen=True)
class BackFilled:
    """What the register has of the asked items of one person."""

    number: str
    found: bool
    items: Mapping[str, str]


def standing_of(said: Said) -> Standing:
    """A standing as it was answered."""
    return Standing(int(said["acknowledged"]), _gaps(said), int(said.get("waiting", 0)))


def answers_of(said: Said) -> Answers:
    """The answer to a push."""
    rows = tuple(answer_of(one) for one in said["rows"])
    return Answers(int(said["acknowledged"]), _gaps(said), int(said.get("waiting", 0)), rows)


def answer_of(said: Said) -> Answer:
    """The answer to one row."""
    return Answer(str(said.get("id", "")), int(said.get("seq") or 0), str(said["state"]), str(said.get("says", "")))


def outcomes_of(said: Said) -> Outcomes:
    """A page of outcomes."""
    listed = (Outcome(int(one["number"]), **vars(answer_of(one))) for one in said["outcomes"])
    return Outcomes(tuple(listed), int(said["next"]))


def changes_of(said: Said) -> Changes:
    """A page of the feed."""
    return Changes(tuple(map(_change_of, said["changes"])), str(said["next"]), bool(said.get("more")))


def found_of(said: Said) -> Found:
    """A person at the counter."""
    return Found(int(said["person"]), dict(said.get("shown", {})))


def panel_of(said: Said) -> Panel:
    """Where a panel is."""
    return Panel(str(said["address"]), int(said["seconds"]))


def back_filled_of(said: Said) -> BackFilled:
    """One person of a back-fill."""
    return BackFilled(str(said["number"]), bool(said["found"]), dict(said.get("items") or {}))


def _change_of(one: Said) -> Change:
    items = dict(one.get("items") or {})
    return Change(str(one["id"]), str(one["person"]), str(one.get("at", "")), items, bool(one.get("gone")))


def _gaps(said: Said) -> tuple[tuple[int, int], ...]:
    return tuple((int(first), int(last)) for first, last in said.get("gaps", ()))
