"""Who gets which tasks when they are spread evenly: each village's tasks in runs, so that loads come out alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Hand:
    """A surveyor with the place they work in and the tasks they have already."""

    surveyor: int
    place: str
    load: int


def spread(tasks: Sequence[tuple[int, str]], hands: Sequence[Hand]) -> dict[int, list[int]]:
    """Tasks, given as (task, village) in the order of their doors, by surveyor; some may be left over.

    A village's tasks go to those who work in it: first to who has least, each a run of neighbours, so that in the end
    they have as nearly alike as their places allow. Villages that few may enter are dealt out first.
    """
    loads = {hand.surveyor: hand.load for hand in hands}
    given: dict[int, list[int]] = {hand.surveyor: [] for hand in hands}
    for village, members in sorted(_villages(tasks).items(), key=lambda one: (len(_able(one[0], hands)), one[0])):
        able = _able(village, hands)
        if not able:
            continue
        at = 0
        for surveyor, many in shares(len(members), {one: loads[one] for one in able}).items():
            given[surveyor] += members[at : at + many]
            loads[surveyor] += many
            at += many
    return given


def shares(many: int, loads: Mapping[int, int]) -> dict[int, int]:
    """How many of `many` new tasks each one gets so that loads come out alike, those with the least first."""
    order = sorted(loads, key=lambda one: (loads[one], one))
    level = dict.fromkeys(order, 0)
    left = many
    while left:
        lowest = min(loads[one] + level[one] for one in order)
        low = [one for one in order if loads[one] + level[one] == lowest]
        above = [loads[one] + level[one] for one in order if loads[one] + level[one] > lowest]
        room = (min(above) - lowest) * len(low) if above else left
        step, rest = divmod(min(room, left), len(low))
        for place, one in enumerate(low):
            level[one] += step + (place < rest)
        left -= min(room, left)
    return level


def _villages(tasks: Sequence[tuple[int, str]]) -> dict[str, list[int]]:
    ordered = sorted(tasks, key=lambda one: one[1])
    return {village: [task for task, _ in found] for village, found in groupby(ordered, key=lambda one: one[1])}


def _able(village: str, hands: Sequence[Hand]) -> list[int]:
    return [hand.surveyor for hand in hands if village.startswith(hand.place)]
