"""Rows of tasks: each has to be one that was handed out, once, with the name and number it had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from canbao.survey.spreadsheets.grid import Written, cell_error, misread
from canbao.survey.spreadsheets.refusal import CellError
from canbao.survey.spreadsheets.template import NAME, SSN, TASK, TaskRow, Template

SHOWN_LINES = 5
UNKNOWN = "本模板没有这个任务号；请把内容填到正确的行，再清空这一行"
MISMATCHED = "任务号与这一行的姓名、号码都对不上；请核对是谁，把内容填到正确的行，再清空这一行"
CHANGED = "与下载时不同；请改回原来的，姓名或号码本身有误的怎么办，见“填表说明”"


@dataclass(frozen=True)
class TaskLine:
    """An uploaded row, the task it is about (None if that is in doubt), and what is wrong with it."""

    written: Written
    task: TaskRow | None
    errors: tuple[CellError, ...]
    is_untouched: bool


def read_task_lines(template: Template, rows: Sequence[Written]) -> list[TaskLine]:
    """The uploaded rows, each held against the task that was handed out."""
    handed_out = {str(row.task): row for row in template.rows}
    lines_of: dict[str, list[int]] = {}
    for row in rows:
        lines_of.setdefault(row.texts[TASK], []).append(row.line)
    return [_task_line(template, row, handed_out.get(row.texts[TASK]), lines_of[row.texts[TASK]]) for row in rows]


def _task_line(template: Template, row: Written, task: TaskRow | None, lines: Sequence[int]) -> TaskLine:
    differs = _differs(row, task)
    errors = (*misread(template, row), *_of_another(template, row, task, differs, lines))
    told = {error.column: error for error in reversed(errors)}
    untouched = task is not None and not errors and row.answers(template) == template.before(task)
    is_known = len(differs) < len(_known(task))
    return TaskLine(row, task if is_known else None, tuple(reversed(told.values())), untouched)


def _known(task: TaskRow | None) -> dict[str, str]:
    return {} if task is None else {NAME: task.name, SSN: task.ssn}


def _differs(row: Written, task: TaskRow | None) -> list[str]:
    return [column for column, text in _known(task).items() if row.texts[column] != text]


def _of_another(
    template: Template, row: Written, task: TaskRow | None, differs: Sequence[str], lines: Sequence[int]
) -> Iterator[CellError]:
    """Where name and number both differ, it is rather the task that is not the row's: all is in doubt."""
    if task is None:
        yield cell_error(template, row.line, TASK, UNKNOWN)
    elif len(differs) == len(_known(task)):
        yield cell_error(template, row.line, TASK, MISMATCHED)
    else:
        if len(lines) > 1:
            others = "、".join(str(line) for line in lines[:SHOWN_LINES])
            yield cell_error(template, row.line, TASK, f"这个任务号在第 {others} 行重复出现；请只留一行")
        for column in differs:
            yield cell_error(template, row.line, column, CHANGED)
