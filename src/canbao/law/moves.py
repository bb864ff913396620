"""Legal moves: from which state a thing may go to which; one table for the button, the refusal and the log."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError

from canbao.law.models import Cited, Strict
from canbao.law.reader import HOME, LawError, read_law, read_yaml


class Move(Strict):
    """One legal move; without `from` it is how the thing begins."""

    id: str
    label: str
    from_: frozenset[str] = Field(alias="from", default=frozenset())
    to: str


class Workflow(Cited):
    """The states of one kind of thing, and the moves between them."""

    of: str
    label: str
    states: dict[str, str]
    moves: tuple[Move, ...]


@cache
def read_workflows(home: Path = HOME) -> dict[str, Workflow]:
    """Every workflow by what it is of; raises LawError for one that names a state or instrument not written down."""
    try:
        flows = {flow.of: flow for flow in (Workflow.model_validate(one) for one in read_yaml(home / "moves.yaml"))}
    except ValidationError as problem:
        raise LawError(f"moves.yaml：读不懂（{problem}）；请补全后再试") from problem
    for flow in flows.values():
        named = {state for move in flow.moves for state in (*move.from_, move.to)}
        if named != flow.states.keys():
            raise LawError(f"moves.yaml 的 {flow.of}：状态与走法不一致（{named ^ flow.states.keys()}）")
        if flow.source not in read_law().instruments:
            raise LawError(f"moves.yaml 的 {flow.of}：依据 {flow.source} 不在 instruments.yaml 中")
    return flows
