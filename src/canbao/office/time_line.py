"""The moves that were made with something, as parts/time_line.html draws them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from canbao.law.moves import read_workflows

Said = Callable[[Any], str]
"""What is said of a move."""


def officer_of(move: Any) -> str:
    """Who made a move, nobody where time did it."""
    return move.by.display_name if move.by else ""


def time_line(
    workflow: str, moves: Iterable[Any], *, by: Said = officer_of, note: Said = attrgetter("note")
) -> list[dict[str, Any]]:
    """When, what, by whom and with which note; `by` and `note` say the last two of a move."""
    labels = {move.id: move.label for move in read_workflows()[workflow].moves}
    return [
        {
            "at": one.at,
            "label": labels.get(one.move, one.move),
            "by": by(one),
            "note": note(one),
        }
        for one in moves
    ]
