"""A spreadsheet given back: what was wrong in it, coloured, said and listed, to be corrected and uploaded again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from xlsxwriter.utility import xl_col_to_name

from canbao.survey.spreadsheets.grid import column_number, hidden_lines, read_rows
from canbao.survey.spreadsheets.opening import Book, opened
from canbao.survey.spreadsheets.refusal import CellError
from canbao.survey.spreadsheets.sealing import unsealed
from canbao.survey.spreadsheets.surveyors import SURVEYOR_LIST
from canbao.survey.spreadsheets.tasks import TaskLine, read_task_lines
from canbao.survey.spreadsheets.template import FIRST_LINE, NAME, SSN, VILLAGE, Template
from canbao.survey.spreadsheets.writing import Shown, workbook

Told = Mapping[int, Sequence[CellError]]
"""Errors by the line of the uploaded spreadsheet."""

RESTORED = "与下载时不同，已改回原来的；核对这一行是不是同一个人，是的不用再改，姓名或号码本身有误的见“填表说明”"


def with_errors(content: bytes | Path, errors: Sequence[CellError]) -> bytes:
    """The uploaded rows that have errors, and after them the untouched ones; rows that were taken are left out.

    Wrong cells are coloured and have a comment; the sheet 错误清单 lists them. Names and numbers that were changed are
    again as they were handed out. The seal is the uploaded one, so that the file can be uploaded again as it is.
    Raises SheetRefused as the reading does.
    """
    book = opened(content)
    hidden = hidden_lines(book)
    template = unsealed(hidden, None) if hidden else SURVEYOR_LIST
    told = _by_line(errors)
    kept = [*_kept_lines(book, template, told)] if hidden else [*_kept_surveyors(book, told)]
    kept.sort(key=lambda one: not one.errors)
    kept = [_said_as_restored(one, template) for one in kept]
    moved = [replace(error, line=line) for line, one in enumerate(kept, FIRST_LINE) for error in one.errors]
    return workbook(template, [_shown(one, template) for one in kept], hidden, moved)


def _by_line(errors: Iterable[CellError]) -> Told:
    told: dict[int, list[CellError]] = {}
    for error in dict.fromkeys(errors):
        told.setdefault(error.line, []).append(error)
    return told


def _kept_lines(book: Book, template: Template, told: Told) -> Iterator[TaskLine]:
    """Rows of tasks that are wrong or untouched; what can be seen in the row itself is told as well."""
    for one in read_task_lines(template, read_rows(book, template)):
        errors = tuple(dict.fromkeys((*one.errors, *told.get(one.written.line, ()))))
        if errors or one.is_untouched:
            yield replace(one, errors=errors)


def _kept_surveyors(book: Book, told: Told) -> Iterator[TaskLine]:
    for row in read_rows(book, SURVEYOR_LIST):
        if row.line in told:
            yield TaskLine(row, None, tuple(told[row.line]), is_untouched=False)


def _restored(one: TaskLine) -> dict[str, str]:
    """What is again as it was handed out."""
    return {} if one.task is None else {NAME: one.task.name, SSN: one.task.ssn, VILLAGE: one.task.village}


def _said_as_restored(one: TaskLine, template: Template) -> TaskLine:
    restored = _restored(one)
    places = {xl_col_to_name(place) for place, column in enumerate(template.columns) if column.id in restored}
    told = (replace(error, says=RESTORED) if error.column in places else error for error in one.errors)
    return replace(one, errors=tuple(told))


def _shown(one: TaskLine, template: Template) -> Shown:
    wrong: dict[str, str] = {}
    for error in one.errors:
        column = template.columns[column_number(error.column)].id
        wrong[column] = f"{wrong[column]}；{error.says}" if column in wrong else error.says
    typed = one.written.texts
    return Shown({**typed, **_restored(one)}, wrong, typed, is_free=one.task is None)
