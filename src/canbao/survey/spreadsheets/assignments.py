"""Who goes to whom, by spreadsheet: a surveyor's card number for each task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from canbao.core.text import normalise_text
from canbao.survey.spreadsheets.grid import cell_error, read_rows, read_template
from canbao.survey.spreadsheets.opening import opened, too_many
from canbao.survey.spreadsheets.refusal import CellError
from canbao.survey.spreadsheets.tasks import TaskLine, read_task_lines
from canbao.survey.spreadsheets.template import MOST_ROWS, WHO_AND_WHERE, Column, Stamp, TaskRow, Template
from canbao.survey.spreadsheets.writing import written

SHEET, CARD = "分派", "card"
RULES = (
    "只填“调查员证号”一列，从下拉列表选或只填证号；其余各列、表头和隐藏的行不要改动。",
    "不改的行保持原样，上传时会跳过。要收回任务的，不要清空证号，请在系统里收回。",
    "不要用公式、宏和外部链接。上传后，对的行收下，错的行标出退回，改好再传。",
    "姓名或号码有误的，不要在这里改，由调查员在登记表上写明。",
)


@dataclass(frozen=True)
class AssignmentSheet:
    """What came back: the card number of the surveyor for each task whose row was changed, and what is wrong."""

    stamp: Stamp
    cards: Mapping[int, str]
    errors: tuple[CellError, ...]
    untouched: tuple[int, ...]
    lines: Mapping[int, int]
    template: Template

    def error_at(self, task: int, says: str) -> CellError:
        """An error found with a task's card, at its cell; raises KeyError for a task that is not in `cards`."""
        return cell_error(self.template, self.lines[task], CARD, says)


def assignment_template(
    rows: Sequence[TaskRow], surveyors: Sequence[tuple[str, str]], stamp: Stamp, mark: str, *, key: bytes
) -> bytes:
    """An XLSX to assign surveyors in; `surveyors` are card number and name of those who may be chosen.

    A row's `prefill["card"]` is the surveyor it has now. Raises SheetRefused for more than MOST_ROWS tasks.
    """
    if len(rows) > MOST_ROWS:
        raise too_many("本次下载")
    names = dict(surveyors)
    options = tuple(f"{card} {name}" for card, name in surveyors)
    card = Column(CARD, "调查员证号", 30, hint="从下拉列表选，或只填证号", options=options)
    shown = [replace(row, prefill={CARD: _shown(row.prefill.get(CARD, ""), names)}) for row in rows]
    return written(Template(SHEET, mark, RULES, (*WHO_AND_WHERE, card), stamp, tuple(shown)), key)


def read_assignments(content: bytes | Path, *, key: bytes) -> AssignmentSheet:
    """Read an uploaded spreadsheet that `assignment_template` made with the same key.

    Raises SheetRefused for a file that can't be trusted or is not ours; a row with an error is not taken, others are.
    """
    book = opened(content)
    stamp, template = read_template(book, key, SHEET)
    cards: dict[int, str] = {}
    lines: dict[int, int] = {}
    errors: list[CellError] = []
    untouched: list[int] = []
    for one in read_task_lines(template, read_rows(book, template)):
        card = _card(template, one.written.texts[CARD])
        wrong = [*one.errors, *_wrong(template, one, card)]
        errors += wrong
        if one.task is None or wrong:
            continue
        if one.is_untouched:
            untouched.append(one.task.task)
        else:
            cards[one.task.task], lines[one.task.task] = card, one.written.line
    return AssignmentSheet(stamp, cards, tuple(errors), tuple(untouched), lines, template)


def _shown(card: str, names: Mapping[str, str]) -> str:
    return f"{card} {names[card]}" if card in names else card


def _card(template: Template, text: str) -> str:
    """The card number that is meant, empty for one that was not among those to be chosen."""
    said = normalise_text(text)
    for option in template.columns[-1].options:
        card = option.split(" ", 1)[0]
        if said in (card, option, normalise_text(option)):
            return card
    return ""


def _wrong(template: Template, one: TaskLine, card: str) -> Iterator[CellError]:
    if card or one.is_untouched:
        return
    if one.written.texts[CARD]:
        yield cell_error(template, one.written.line, CARD, "没有这个调查员证号；请从下拉列表选")
    else:
        yield cell_error(template, one.written.line, CARD, "证号被清空了；要收回任务，请在系统里办理")
