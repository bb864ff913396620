"""What becomes of each form of a village in the archive: every task is counted once, so that the counts add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from canbao.survey.moving import DONE, OPEN

PAPER = "2"
"""law's registration_method: entered from a paper form."""
SORTING = frozenset({"sorting", "refused"})
"""The states of a volume in which the town sorts it."""
SETTLED_DOWN = frozenset({"accepted", "destroyed"})
"""The states of a volume that the county has."""

FATES = {
    "there": "在卷",
    "absent": "缺",
    "missing": "没有着落",
    "late": "待补收",
    "taken_out": "已抽出",
    "mobile": "手机录入，没有纸表",
    "data": "数据已解决，不用表",
    "undone": "没有办完",
}
"""What can become of a form, in words."""
WITHOUT = ("mobile", "data", "undone")
"""Those of which no paper is needed."""


@dataclass(frozen=True)
class Form:
    """A task as the archive looks at it: its state, how its latest form was entered (empty: none was), whether any
    paper of it has come in, and how often it was sent back."""

    task: int
    state: str
    method: str = ""
    has_paper: bool = False
    returned: int = 0

    @property
    def needs_paper(self) -> bool:
        """Whether its paper form has to be in the volume."""
        return self.state in DONE and self.method == PAPER


def fate(form: Form, state: str, there: Iterable[int], absent: Iterable[int]) -> str:
    """What became of a form in a volume of this state (empty: not opened): one of FATES."""
    if state in SETTLED_DOWN and form.state == "loaded":
        return "late"
    if form.task in there:
        return "there" if not _was_sent_back(form) else "undone" if state in SORTING else "taken_out"
    if form.task in absent and form.needs_paper:
        return "absent"
    if form.needs_paper:
        return "late" if state in SETTLED_DOWN else "missing"
    if form.state in DONE:
        return "mobile"
    return "undone" if form.state in OPEN else "data"


def _was_sent_back(form: Form) -> bool:
    """It is with a surveyor again, and so is not where it was."""
    return form.state in OPEN and form.returned > 0


@dataclass(frozen=True)
class Counts:
    """How many forms had which fate; together they are the tasks."""

    of: Mapping[str, int]

    @property
    def tasks(self) -> int:
        """All tasks of the village."""
        return sum(self.of.values())

    @property
    def without(self) -> int:
        """Those of which no paper is needed."""
        return sum(self.of[one] for one in WITHOUT)

    def said(self, sheets: int) -> str:
        """The counts in words, as they stand in the volume's history."""
        there, absent = self.of["there"], self.of["absent"]
        return (
            f"汇总表 {sheets} 张，登记表 {there} 份，缺 {absent} 份，不用纸表 {self.without} 个，共 {self.tasks} 个任务"
        )


def counted(fates: Iterable[str]) -> Counts:
    """The counts of some forms' fates."""
    found = dict.fromkeys(FATES, 0)
    for one in fates:
        found[one] += 1
    return Counts(found)
