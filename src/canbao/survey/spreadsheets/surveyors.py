"""The list of surveyors by spreadsheet: who they are, for which place, whose staff."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from canbao.core.text import normalise_text, without_blanks
from canbao.survey.spreadsheets.grid import Written, cell_error, misread, read_rows
from canbao.survey.spreadsheets.opening import opened
from canbao.survey.spreadsheets.refusal import CellError
from canbao.survey.spreadsheets.template import ALWAYS, Column, Template
from canbao.survey.spreadsheets.writing import workbook

LONGEST_NAME = 64
SURVEYOR_LIST = Template(
    "调查员",
    "调查员名单：一人一行，从第 4 行填起；填好后在“调查员”页上传",
    ("表头和列的次序不要改动；不要用公式、宏和外部链接。", "上传后，对的行收下，错的行标出退回，改好再传。"),
    (
        Column("name", "姓名", 14, needed=ALWAYS),
        Column("mobile", "手机号码", 16, needed=ALWAYS, hint="11 位手机号码，一人一个"),
        Column("place", "地区代码", 16, needed=ALWAYS, hint="负责的县区 6 位、镇街 9 位或村社区 12 位代码"),
        Column("organisation", "所在单位", 30, needed="选填", hint="如 某某街道办事处"),
        Column("contractor", "承接单位", 30, needed="选填", hint="受委托承接调查的单位，须已登记并存有保密协议"),
        Column("staff_number", "人员编号", 16, needed="选填", hint="已有账号的，填同一个人员编号"),
    ),
)


@dataclass(frozen=True)
class SurveyorRow:
    """One surveyor; `place` is a code of 6, 9 or 12 digits (not looked up), what may be left out is empty."""

    line: int
    name: str
    mobile: str
    place: str
    organisation: str
    contractor: str
    staff_number: str


class SurveyorSheet(NamedTuple):
    """Rows without an error, and the errors of the others."""

    rows: tuple[SurveyorRow, ...]
    errors: tuple[CellError, ...]


def surveyor_template() -> bytes:
    """An empty XLSX for the list of surveyors."""
    return workbook(SURVEYOR_LIST, (), [])


def read_surveyors(content: bytes | Path) -> SurveyorSheet:
    """Read an uploaded list; raises SheetRefused for a file that can't be trusted or has other columns."""
    rows = read_rows(opened(content), SURVEYOR_LIST)
    read = [_surveyor(row) for row in rows]
    mobiles = Counter(one.mobile for one in read)
    numbers = Counter(one.staff_number for one in read if one.staff_number)
    errors = []
    for row, one in zip(rows, read, strict=True):
        twice = (("mobile", mobiles[one.mobile]), ("staff_number", numbers[one.staff_number]))
        errors.append([*misread(SURVEYOR_LIST, row), *_wrong(one), *_repeated(row.line, twice)])
    taken = tuple(one for one, wrong in zip(read, errors, strict=True) if not wrong)
    return SurveyorSheet(taken, tuple(error for wrong in errors for error in wrong))


def _surveyor(row: Written) -> SurveyorRow:
    texts = {name: normalise_text(text) for name, text in row.texts.items()}
    for name in ("mobile", "place", "staff_number"):
        texts[name] = without_blanks(texts[name])
    return SurveyorRow(row.line, **texts)


def _wrong(one: SurveyorRow) -> Iterator[CellError]:
    if not one.name or len(one.name) > LONGEST_NAME:
        yield _error(one.line, "name", f"请填姓名，最多 {LONGEST_NAME} 个字")
    if not re.fullmatch("1[0-9]{10}", one.mobile):
        yield _error(one.line, "mobile", "请填 11 位手机号码")
    if not re.fullmatch("[0-9]{6}([0-9]{3}){0,2}", one.place):
        yield _error(one.line, "place", "请填 6 位、9 位或 12 位的地区代码")


def _repeated(line: int, twice: Sequence[tuple[str, int]]) -> Iterator[CellError]:
    for column, many in twice:
        if many > 1:
            yield _error(line, column, f"在本表中出现了 {many} 次；请只留一行")


def _error(line: int, column: str, says: str) -> CellError:
    return cell_error(SURVEYOR_LIST, line, column, says)
