"""Supervision: from how much on something is marked, and from what a forecast is made; all cited."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from canbao.law.models import Cited, Strict
from canbao.law.reader import HOME, LawError, read_law, read_whole

BOUNDS: dict[str, tuple[str, ...]] = {
    "returned": (), "check_differs": (), "passed": (), "unsigned": (), "too_fast": ("seconds",),
    "shared_mobile": ("people",), "all_alike": ("forms",), "odd_hours": ("from", "to"), "faked": (),
    "same_position": ("doors",), "far_away": ("metres", "others"),
}  # fmt: skip
"""The marks that the program knows how to set, and the bounds that each needs."""


class PaceRules(Strict):
    """A forecast looks at the last `days` and needs `least` forms in them; a task is stuck after `stuck_days` without
    a move, and a form waits too long for its review after `unseen_hours`."""

    days: int = Field(ge=1, le=60)
    least: int = Field(ge=1)
    stuck_days: int = Field(ge=1)
    unseen_hours: int = Field(ge=1)


class MarkRule(Cited):
    """A mark (质量标记) on a form or a visit: what it says, with its bounds. It points to a task and blocks nothing."""

    id: str
    group: Literal["form", "visit"]
    label: str
    says: str
    bounds: dict[str, int] = Field(default_factory=dict)

    @property
    def words(self) -> str:
        """What it says, with the bounds in it."""
        return self.says.format(**self.bounds)


class SupervisionLaw(Cited):
    """The whole of supervision.yaml."""

    pace: PaceRules
    marks: tuple[MarkRule, ...]

    @property
    def by_id(self) -> dict[str, MarkRule]:
        """All marks by id, in their order."""
        return {one.id: one for one in self.marks}


@cache
def read_supervision(home: Path = HOME) -> SupervisionLaw:
    """Read and check `supervision.yaml`; raises LawError naming the entry that can't be trusted."""
    supervision = read_whole(home / "supervision.yaml", SupervisionLaw)
    if sorted(one.id for one in supervision.marks) != sorted(BOUNDS):
        raise LawError(f"supervision.yaml：标记应为 {'、'.join(BOUNDS)} 各一条；请补上缺的、删去多的")
    known = read_law().instruments
    for one in supervision.marks:
        if sorted(one.bounds) != sorted(BOUNDS[one.id]) or min(one.bounds.values(), default=0) < 0:
            raise LawError(f"supervision.yaml 的标记 {one.id}：尺度应为 {'、'.join(BOUNDS[one.id]) or '空'}，不小于 0")
    for cited in (supervision, *supervision.marks):
        if cited.source not in known:
            raise LawError(f"supervision.yaml：依据 {cited.source} 不在 instruments.yaml 中")
    return supervision
