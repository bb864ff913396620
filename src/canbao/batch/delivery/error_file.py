"""The file of errors that a refused package goes back with: XLSX, text in every cell, nothing that could calculate."""

from __future__ import annotations

import itertools
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from canbao.batch.delivery.row_error import RULES, TABLE_LABELS, RowError, field_label
from canbao.batch.package.manifest import Manifest
from canbao.batch.trouble import OutOfRoom
from canbao.core.cells import TEXT_ONLY, inert
from canbao.law.places import read_places

LIMIT = 100_000
SHEET_ROWS = 1_048_575
"""Rows of a sheet besides its header."""

PLAIN_TEXT = {**TEXT_ONLY, "constant_memory": True}
HEADERS = ("表", "行", "社会保障号码", "项目", "值", "规则", "问题与处理")
WIDTHS = (12, 10, 22, 26, 30, 22, 90)
LONGEST_CELL = 1_000


def write_error_file(errors: Iterable[RowError], path: Path, *, manifest: Manifest, limit: int = LIMIT) -> int:
    """Write the errors to an XLSX file at `path` and return how many there are; at most `limit` are listed.

    The first sheet says which package it is, how many errors there are of which rule and what to do, the second lists
    them. The file appears when all of it is there; raises OutOfRoom if it can't be written.
    """
    counted: Counter[tuple[str, str]] = Counter()
    with _appearing(path) as book:
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        bold = book.add_format({"num_format": "@", "bold": True})
        first, second = book.add_worksheet("说明"), book.add_worksheet("错误清单")
        _write_rows(second, _listed(errors, counted, min(limit, SHEET_ROWS)), text, bold)
        _write_summary(first, manifest, counted, min(limit, SHEET_ROWS), text, bold)
    return counted.total()


def neutral(text: str) -> str:
    """The text made harmless as a cell: a beginning that a spreadsheet may calculate has an apostrophe before it.

    What can't be printed is shown as its code point.
    """
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in inert(text)[:LONGEST_CELL])


def _listed(errors: Iterable[RowError], counted: Counter[tuple[str, str]], limit: int) -> Iterator[tuple[str, ...]]:
    """The rows of the list; every error is counted, listed or not."""
    for error in errors:
        counted[error.table, error.rule] += 1
        if counted.total() <= limit:
            yield _cells(error)


def _cells(error: RowError) -> tuple[str, ...]:
    row = "" if error.row is None else str(error.row)
    field = f"{field_label(error.field)} {error.field}" if error.field else ""
    table = f"{TABLE_LABELS[error.table]} {error.table}"
    return table, row, error.ssn or "", field, error.value or "", RULES[error.rule].label, error.message


def _write_rows(sheet: Worksheet, rows: Iterator[tuple[str, ...]], text: object, bold: object) -> None:
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 0)
    for place, cells in enumerate(itertools.chain([HEADERS], rows)):
        _write_cells(sheet, place, cells, text if place else bold)


def _write_summary(
    sheet: Worksheet, manifest: Manifest, counted: Counter[tuple[str, str]], limit: int, text: object, bold: object
) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 40)
    sheet.set_column(2, 2, 14)
    by_rule = [(TABLE_LABELS[table], RULES[rule].label, str(many)) for (table, rule), many in counted.most_common()]
    lines = [*_about(manifest, counted.total(), limit), (), ("表", "规则", "错误数"), *by_rule, (), *TO_DO]
    for place, cells in enumerate(lines):
        heading = place == 0 or cells[:1] in (("表",), ("怎么办",))
        _write_cells(sheet, place, cells, bold if heading else text)


TO_DO = (
    ("怎么办", "整个数据包没有收，库中没有任何变动。"),
    ("1", "“错误清单”逐条写明了表、行、项目、值和处理办法；“来源 … 第 … 行”是本市来源文件中的位置。"),
    ("2", "在来源系统或来源文件中改正，不要改动 canbao clean 写出的结果文件。"),
    ("3", "重新运行 canbao clean 和 canbao pack，再上传新的数据包。"),
)


def _about(manifest: Manifest, errors: int, limit: int) -> list[tuple[str, ...]]:
    division = f"{manifest.division} {read_places().name(manifest.division)}".strip()
    listed = f"；清单只列前 {limit} 条" if errors > limit else ""
    return [
        ("退回的数据包", manifest.file_name),
        ("报送地区", division),
        ("清理基准日", manifest.as_of.isoformat()),
        ("序号", str(manifest.serial)),
        ("错误总数", f"{errors}{listed}"),
    ]


def _write_cells(sheet: Worksheet, row: int, cells: tuple[str, ...], style: object) -> None:
    for column, cell in enumerate(cells):
        sheet.write_string(row, column, neutral(cell), style)


@contextmanager
def _appearing(path: Path) -> Iterator[xlsxwriter.Workbook]:
    """A workbook that has its name only when all of it is written; nothing else is left, whatever happens."""
    try:
        with tempfile.TemporaryDirectory(prefix=".errors-", dir=path.parent) as work:
            book = xlsxwriter.Workbook(str(Path(work) / "errors.xlsx"), {**PLAIN_TEXT, "tmpdir": work})
            yield book
            book.close()
            (Path(work) / "errors.xlsx").replace(path)
    except (OSError, xlsxwriter.exceptions.XlsxFileError) as problem:
        raise OutOfRoom(f"{path}：错误清单写不下", "请腾出空间或核对写入权限后再试") from problem
