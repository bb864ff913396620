"""附件5 《全民参保登记表》: one person's form, prefilled; what it asks is data from the caller's form definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from canbao.paper.documents.contents import Leaf, check_table, code

COLUMNS = 12
"""A row of the form is as wide as twelve columns; each question takes `span` of them."""


@dataclass(frozen=True)
class Option:
    """An answer to tick; `code` is the digit a clerk types."""

    code: str
    label: str
    ticked: bool = False


@dataclass(frozen=True)
class Answer:
    """What is known already: text, or options to tick; both empty leaves room to write."""

    text: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Question:
    """A label with its answer; `span` is its width, 1 to 12 columns; neighbours share a row as long as they fit."""

    label: str
    answer: Answer = Answer()
    span: int = 6
    required: bool = False


@dataclass(frozen=True)
class Grid:
    """Questions as a table, e.g. seven insurances by status, day and place; `widths` are shares of the page."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Answer, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class Section:
    """Questions under a heading, then a table, if there is one."""

    title: str
    questions: tuple[Question, ...] = ()
    grid: Grid | None = None


@dataclass(frozen=True)
class RegistrationForm:
    """One task's form: `number` is what people read and type, `task` what the QR code says."""

    number: str
    task: str
    county: str
    town: str
    village: str
    sections: tuple[Section, ...]
    signatures: tuple[str, ...] = ("被调查人（代答人）", "与本人关系", "日期", "调查员", "调查证编号", "日期")


def leaves(form: RegistrationForm, wording: Mapping[str, str]) -> Iterator[Leaf]:
    """The form, one page for the usual number of questions."""
    yield {
        "title": wording["title"],
        "hint": wording["hint"],
        "statement": wording["statement"],
        "number": form.number,
        "code": code(form.task),
        "places": [form.county, form.town, form.village],
        "sections": [_section(section) for section in form.sections],
        "signatures": list(form.signatures),
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "rows": [_row(row) for row in _side_by_side(section.questions)],
        "grid": _grid(section.grid) if section.grid else None,
    }


def _side_by_side(questions: Sequence[Question]) -> Iterator[list[Question]]:
    row: list[Question] = []
    for question in questions:
        if not 1 <= question.span <= COLUMNS:
            raise ValueError(f"题目“{question.label}”的宽度 {question.span} 不在 1 到 {COLUMNS} 之间")
        if row and sum(one.span for one in row) + question.span > COLUMNS:
            yield row
            row = []
        row.append(question)
    if row:
        yield row


def _row(row: Sequence[Question]) -> list[dict[str, Any]]:
    """Questions of one row; the last is widened to the edge."""
    spans = [one.span for one in row]
    spans[-1] += COLUMNS - sum(spans)
    return [
        {"label": one.label, "required": one.required, "span": span, "answer": _answer(one.answer)}
        for one, span in zip(row, spans, strict=True)
    ]


def _grid(grid: Grid) -> dict[str, Any]:
    check_table(grid.columns, grid.rows, grid.widths)
    rows = [[_answer(cell) for cell in row] for row in grid.rows]
    return {"columns": list(grid.columns), "rows": rows, "widths": list(grid.widths)}


def _answer(answer: Answer) -> dict[str, Any]:
    return {"text": answer.text, "options": [[one.code, one.label, one.ticked] for one in answer.options]}
