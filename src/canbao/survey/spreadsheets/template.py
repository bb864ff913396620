"""What a spreadsheet was when it was handed out: for whom, with which columns, for which tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

MOST_ROWS = 20_000
"""Rows of one spreadsheet; a village has a few thousand people."""

MARK_LINE, IDS_LINE, LABELS_LINE, FIRST_LINE = 1, 2, 3, 4
"""Lines of a sheet: who took it, the columns' ids (hidden), their headings, and the first row."""

SERIAL, TASK, NAME, SSN, VILLAGE = "SERIAL", "TASK", "NAME", "SSN", "VILLAGE"
"""Columns that say who it is; in capitals, since a city may name a question as it likes in small letters."""

ALWAYS = "必填"


@dataclass(frozen=True)
class Stamp:
    """Which campaign and place (its code) a spreadsheet is for, under which form, who took it and when."""

    campaign: int
    place: str
    form_version: int
    officer: int
    taken_at: datetime


@dataclass(frozen=True)
class TaskRow:
    """A person to be asked; `prefill` has what is known already, by question, codes as bare codes."""

    task: int
    name: str
    ssn: str
    village: str
    prefill: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """A column: only an `is_open` one is written in; `options` are a drop-down's lines, `1 完成`.

    `needed` and `asked` say in Chinese when it has to be filled, and when it is asked at all; `hint` says how.
    """

    id: str
    label: str
    width: int = 18
    is_open: bool = True
    section: str = ""
    needed: str = ""
    asked: str = ""
    hint: str = ""
    options: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The label, with a star if it always has to be filled."""
        return f"{self.label} *" if self.needed == ALWAYS else self.label


WHO_AND_WHERE = (
    Column(SERIAL, "序号", 6, is_open=False),
    Column(TASK, "任务号", 9, is_open=False),
    Column(NAME, "姓名", 10, is_open=False),
    Column(SSN, "社会保障号码", 20, is_open=False),
    Column(VILLAGE, "户口所在社区", 16, is_open=False),
)


@dataclass(frozen=True)
class Template:
    """A spreadsheet as it is handed out; `sheet` is its first sheet's name, `rules` what is to be known of all of it.

    `rows` are the tasks, with `prefill` as it stands in the cells; a list that anybody may begin has none and no stamp.
    """

    sheet: str
    mark: str
    rules: tuple[str, ...]
    columns: tuple[Column, ...]
    stamp: Stamp | None = None
    rows: tuple[TaskRow, ...] = ()

    @cached_property
    def open_columns(self) -> tuple[Column, ...]:
        """The columns that are written in."""
        return tuple(column for column in self.columns if column.is_open)

    def cells(self, serial: int, row: TaskRow) -> dict[str, str]:
        """What a task's row holds when it is handed out, by column."""
        who = {SERIAL: str(serial), TASK: str(row.task), NAME: row.name, SSN: row.ssn, VILLAGE: row.village}
        known = {**row.prefill, **who}
        return {column.id: known.get(column.id, "") for column in self.columns}

    def before(self, row: TaskRow) -> dict[str, str]:
        """What stands in the open columns of a task when it is handed out, by column; empty cells are left out."""
        return {column.id: row.prefill[column.id] for column in self.open_columns if row.prefill.get(column.id)}
