"""The state that a thing comes to by a move, and the moves that are open to it."""

from __future__ import annotations

from canbao.law.moves import Move, Workflow


class IllegalMove(ValueError):
    """The move is not open from here; the message says in Chinese what state the thing is in."""


def after(flow: Workflow, state: str | None, move: str) -> str:
    """The state after `move` from `state` (None: not begun); raises IllegalMove if the law has no such move."""
    found = next((one for one in flow.moves if one.id == move), None)
    if found is None or not _is_open(found, state):
        label = found.label if found else move
        where = flow.states[state] if state else "还没有开始"
        raise IllegalMove(f"{flow.label}现在是“{where}”，不能“{label}”；请刷新页面后再看")
    return found.to


def open_moves(flow: Workflow, state: str | None) -> tuple[Move, ...]:
    """The moves that can be made from `state`."""
    return tuple(move for move in flow.moves if _is_open(move, state))


def _is_open(move: Move, state: str | None) -> bool:
    return state in move.from_ if state else not move.from_
