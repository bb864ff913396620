"""Choosing a place from the province down, within the officer's own area; whatever lies outside can't be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from canbao.law.places import PROVINCE, Place
from canbao.registry.places_now import places

LABELS = {"city": "市", "county": "县（市、区）", "town": "街道（乡镇）", "village": "社区（村）"}


@dataclass(frozen=True)
class Step:
    """One list of the choice: its level, what can be chosen, and what is."""

    level: str
    label: str
    options: tuple[Place, ...]
    chosen: str


@dataclass(frozen=True)
class Choice:
    """The officer's own place, and the steps below it."""

    own: Place
    steps: tuple[Step, ...]

    @property
    def place(self) -> Place:
        """The smallest place that is chosen; the officer's own if none is."""
        chosen = [step.chosen for step in self.steps if step.chosen]
        return places().by_code[chosen[-1]] if chosen else self.own

    @property
    def digits(self) -> str:
        """The place as leading digits, or an empty text for the officer's own."""
        return digits_of(self.place.code) if self.place != self.own else ""


def choice(area: str, said: Mapping[str, str]) -> Choice | None:
    """The choice as far as `said` (a code by level) goes; None for an area that is no place.

    A code that is no child of the place chosen above it counts as not chosen.
    """
    tree = places()
    own = tree.by_code.get(area.ljust(6, "0"))
    if own is None:
        return None
    steps: list[Step] = []
    here: Place | None = own
    while here is not None and tree.children(here.code):
        options = tree.children(here.code)
        level = options[0].level
        here = next((one for one in options if one.code == said.get(level)), None)
        steps.append(Step(level, LABELS[level], options, here.code if here else ""))
    return Choice(own, tuple(steps))


def digits_of(code: str) -> str:
    """The leading digits that a place's people share: 440600 is 4406, 东莞 (its own county) is 441900."""
    if code == PROVINCE:
        return PROVINCE[:2]
    return code[:4] if len(code) == 6 and code.endswith("00") and not places().is_county(code) else code


def said_of(digits: str) -> dict[str, str]:
    """The codes by level that lead to a place."""
    tree = places()
    found: dict[str, str] = {}
    here = tree.by_code.get(digits.ljust(6, "0"))
    while here is not None and here.level != "province":
        found[here.level] = here.code
        here = tree.by_code.get(here.parent)
    return found
