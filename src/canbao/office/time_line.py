"""The moves that were made with something, as parts/time_line.html draws them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from canbao.law.moves import read_workflows


def time_line(workflow: str, moves: Iterable[Any], *, has_notes: bool = True) -> list[dict[str, Any]]:
    """When, what, by whom (nobody where time did it) and, unless they stand elsewhere on the page, the notes."""
    labels = {move.id: move.label for move in read_workflows()[workflow].moves}
    return [
        {
            "at": one.at,
            "label": labels.get(one.move, one.move),
            "by": one.by.display_name if one.by else "",
            "note": one.note if has_notes else "",
        }
        for one in moves
    ]
