"""A batch of papers: what was asked for, and the records of it, read piece by piece as they are printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, overload

from canbao.registry.access import acting
from canbao.registry.models import Officer
from canbao.survey.models import Campaign

MOST = 20_000
"""Papers, and people on them, in one batch: a file that a browser and a printer still take."""
PIECE = 200
"""Records that are in memory at once."""
Key = Any
"""What one paper is of: a task, a surveyor, a volume, or a place with its tasks or volumes; as JSON keeps it."""


@dataclass(frozen=True)
class Wish:
    """What an officer wants printed: a kind, for a place (leading digits), of which tasks, or of which surveyors."""

    kind: str
    place: str
    which: str = ""
    surveyor: int | None = None
    surveyors: tuple[int, ...] = ()


@dataclass(frozen=True)
class Setting:
    """What all papers of a batch have in common; `seal` is the city's as a picture, if it has one.

    `batch` is the printing's key, None while somebody only looks at a paper: then nobody gets a code.
    """

    campaign: Campaign
    by: Officer
    place: str
    day: date
    issuer: str
    seal: bytes | None = None
    batch: int | None = None


@dataclass(frozen=True)
class Made:
    """A record as the paper room takes it; `named` says whose it is (a task's number, a card's), each with its text."""

    record: Any
    named: tuple[tuple[str, str], ...]

    def told(self, character: str) -> list[str]:
        """Whose text has a character: the one named, or those of many."""
        return [name for name, text in self.named if character in text] or [name for name, _ in self.named[:1]]


@dataclass(frozen=True)
class Maker:
    """How a kind is made: `chosen` gives the keys, `people` the tasks whose people are named on them, `seen` the keys
    that the officer may still see, `made` a paper for each of some keys. All within the officer's own view."""

    chosen: Callable[[Setting, Wish], list[Key]]
    seen: Callable[[Setting, Sequence[Key]], list[Key]]
    made: Callable[[Setting, Sequence[Key]], list[Made]]
    people: Callable[[Sequence[Key]], list[int]]
    choices: tuple[tuple[str, str], ...] = ()


class Gone(Exception):
    """Somebody of the batch may not be seen any more: it is begun anew without them."""


@dataclass
class Batch(Sequence[Any]):
    """The records of some keys in their order, as the officer sees them; read piece by piece as they are printed."""

    maker: Maker
    setting: Setting
    keys: list[Key]
    _from: int = -1
    _piece: list[Made] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> list[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        """The record that is printed there."""
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        return self.made(index).record

    def made(self, index: int) -> Made:
        """The record with whose it is; raises Gone, and IndexError."""
        if not 0 <= index < len(self.keys):
            raise IndexError(index)
        first = index // PIECE * PIECE
        if first != self._from:
            self._piece, self._from = self._read(self.keys[first : first + PIECE]), first
        return self._piece[index - first]

    def _read(self, keys: list[Key]) -> list[Made]:
        with acting(self.setting.by.area, self.setting.by):
            made = self.maker.made(self.setting, keys)
        if len(made) != len(keys):
            raise Gone("批次里有人员刚变为不可查看")
        return made
