"""Answers by spreadsheet: a village's prefilled sheet, and what comes back; 粤人社办〔2017〕96号 三（三）."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from canbao.core.survey_form import Form, options_of
from canbao.law.reader import Law
from canbao.law.survey import Question
from canbao.survey.spreadsheets.grid import cell_error, read_rows, read_template
from canbao.survey.spreadsheets.opening import opened, too_many
from canbao.survey.spreadsheets.refusal import CellError
from canbao.survey.spreadsheets.tasks import read_task_lines
from canbao.survey.spreadsheets.template import MOST_ROWS, WHO_AND_WHERE, Column, Stamp, TaskRow, Template
from canbao.survey.spreadsheets.wording import when_asked, when_needed
from canbao.survey.spreadsheets.writing import written

SHEET = "登记"
RULES = (
    "只填白色的格子；灰色的序号、任务号、姓名、号码和社区不要改动，表头、列的次序和隐藏的行也不要改动。",
    "有代码的，从下拉列表选，或只填代码（如 1）；日期写成 2026-06-30；带星号的每人都要填。",
    "还没有调查的人，整行保持原样，上传时会跳过。可以分几次上传。",
    "不要用公式、宏和外部链接。上传后，对的行收下，错的行标出退回，改好再传。",
    "姓名或号码有误的，不要直接改，在“姓名和号码核对无误”填 0，并写明哪里不对。",
)
HINTS = {
    "code": "从下拉列表选，或只填代码",
    "day": "填日期，如 2026-06-30",
    "mobile": "填 11 位手机号码",
    "phone": "填电话号码，如 0757-12345678",
}
WIDTHS = {"code": 13, "day": 12, "mobile": 13, "phone": 15}


@dataclass(frozen=True)
class EntryRow:
    """A row that is taken: the answers as they were typed, by question, `1 完成` for a code; empty ones left out."""

    line: int
    task: int
    answers: Mapping[str, str]


@dataclass(frozen=True)
class EntrySheet:
    """What came back: rows to be read by `core.survey_form.read_answers`, errors of rows that are not taken.

    `untouched` are the tasks whose rows are as they were handed out; they are neither taken nor wrong.
    """

    stamp: Stamp
    rows: tuple[EntryRow, ...]
    errors: tuple[CellError, ...]
    untouched: tuple[int, ...]
    template: Template

    def error_at(self, line: int, question: str, says: str) -> CellError:
        """An error found in an answer, at its cell; raises KeyError for a question that has no column."""
        if question not in {column.id for column in self.template.columns}:
            raise KeyError(question)
        return cell_error(self.template, line, question, says)


def entry_template(form: Form, law: Law, stamp: Stamp, rows: Sequence[TaskRow], mark: str, *, key: bytes) -> bytes:
    """An XLSX to write answers in, one row for each task, sealed with `key`; `mark` says who took it.

    Raises SheetRefused for more than MOST_ROWS tasks.
    """
    if len(rows) > MOST_ROWS:
        raise too_many("本次下载")
    columns = (*WHO_AND_WHERE, *_columns(form, law))
    labels = {name: dict(options_of(question, law)) for name, question in form.questions.items()}
    shown = tuple(replace(row, prefill=_prefilled(row, form, labels)) for row in rows)
    return written(Template(SHEET, mark, RULES, columns, stamp, shown), key)


def read_entries(content: bytes | Path, *, key: bytes) -> EntrySheet:
    """Read an uploaded spreadsheet that `entry_template` made with the same key.

    Raises SheetRefused for a file that can't be trusted or is not ours; a row with an error is not taken, others are.
    """
    book = opened(content)
    stamp, template = read_template(book, key, SHEET)
    lines = read_task_lines(template, read_rows(book, template))
    rows = [
        EntryRow(one.written.line, one.task.task, one.written.answers(template))
        for one in lines
        if one.task is not None and not one.errors and not one.is_untouched
    ]
    errors = tuple(error for one in lines for error in one.errors)
    untouched = tuple(one.task.task for one in lines if one.task is not None and one.is_untouched)
    return EntrySheet(stamp, tuple(rows), errors, untouched, template)


def _columns(form: Form, law: Law) -> Iterator[Column]:
    for section in form.sections:
        for question in section.questions:
            options = tuple(f"{code} {label}" for code, label in options_of(question, law))
            yield Column(
                question.id,
                question.label,
                _width(question),
                section=section.label,
                needed=when_needed(question, form, law),
                asked=when_asked(section, question, form, law),
                hint=HINTS.get(question.kind, f"最多 {question.longest} 个字"),
                options=options,
            )


def _width(question: Question) -> int:
    """Characters; a Chinese one takes the room of two. A long heading is wrapped."""
    return WIDTHS.get(question.kind, 12 if question.longest < 50 else 20 if question.longest < 150 else 30)


def _prefilled(row: TaskRow, form: Form, labels: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What is known, as the cell shows it: a code with its label."""
    shown = {}
    for name in form.questions:
        value = row.prefill.get(name, "")
        if value:
            label = labels[name].get(value)
            shown[name] = f"{value} {label}" if label else value
    return shown
