"""XLSX: one sheet of a workbook that holds values only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine

from canbao.batch.reading.contents import measure
from canbao.batch.reading.headers import read_header
from canbao.batch.reading.rows import Row, keep_rows, kept_query
from canbao.batch.reading.tables import Reading
from canbao.batch.reading.xlsx_package import SAVE_ANEW, Sheet, read_package
from canbao.batch.source_specs import SourceSpec
from canbao.batch.trouble import SourceTrouble
from canbao.law.reader import Law

WHOLE_BELOW = 1e15
"""Excel keeps 15 digits; a larger number has lost some and must not look as if it had not."""


def read_xlsx_file(spec: SourceSpec, path: Path, kept: Path, law: Law) -> Reading:
    """Read the sheet that `spec` names, or the only one with content; row 1 is the header, blank rows are no records.

    Raises SourceTrouble for a workbook that can't be trusted or read, a sheet that is missing or not named, formulas,
    and merged cells in the header.
    """
    sheet = _chosen(read_package(path, spec.label), spec)
    if sheet.formula:
        place = f"{spec.label} 工作表 {sheet.name} 单元格 {sheet.formula}"
        remedy = "请把公式选择性粘贴为数值后再保存"
        raise SourceTrouble(place, "是公式，值可能已过时", remedy)
    names, rows = _content(path, spec, sheet)
    heading = read_header(names, spec, law)
    target = kept.with_suffix(".parquet")
    positions = list(heading.kept.values())
    rows_in = keep_rows(target, list(heading.kept), _picked(rows, positions))
    measured = measure(path, spec.label, text=False)
    return Reading(heading, kept_query(target, heading.kept), rows_in, measured.size, measured.sha256)


def _chosen(sheets: list[Sheet], spec: SourceSpec) -> Sheet:
    filled = [sheet for sheet in sheets if sheet.extent.cells]
    names = "、".join(sheet.name for sheet in sheets) or "无"
    if spec.sheet is not None:
        named = [sheet for sheet in sheets if sheet.name == spec.sheet]
        if not named:
            raise SourceTrouble(spec.label, f"没有工作表 {spec.sheet}（有：{names}）", "请核对 city.toml 的 sheet")
        return named[0]
    if not filled:
        raise SourceTrouble(spec.label, f"所有工作表都是空的（{names}）", "请重新导出，至少要有表头")
    if len(filled) > 1:
        several = "、".join(sheet.name for sheet in filled)
        remedy = f'请在 city.toml 里写明，例如 sheet = "{filled[0].name}"'
        raise SourceTrouble(spec.label, f"有几张工作表都有内容：{several}", remedy)
    return filled[0]


def _content(path: Path, spec: SourceSpec, chosen: Sheet) -> tuple[list[str], Iterator[tuple[int, list[Any]]]]:
    """The header, and the rows below it with their numbers in the sheet."""
    try:
        sheet = python_calamine.load_workbook(path).get_sheet_by_name(chosen.name)
        _refuse_merged(sheet, spec, chosen)
        rows = enumerate(sheet.iter_rows(), 1)
        header = next(islice(rows, 1), (1, []))[1]
    except (python_calamine.CalamineError, ValueError, OSError) as problem:
        raise SourceTrouble(f"{spec.label} 工作表 {chosen.name}", "读不出来", SAVE_ANEW) from problem
    return [cell_text(value) or "" for value in header], rows


def _refuse_merged(sheet: python_calamine.CalamineSheet, spec: SourceSpec, chosen: Sheet) -> None:
    for (first_row, _), _ in sheet.merged_cell_ranges or ():
        if first_row == 0:
            place = f"{spec.label} 工作表 {chosen.name} 第 1 行（表头）"
            raise SourceTrouble(place, "表头有合并单元格", "请取消合并，删去标题行，让第 1 行每格一个列名")


def _picked(rows: Iterator[tuple[int, list[Any]]], positions: Sequence[int]) -> Iterator[Row]:
    for number, values in rows:
        if any(value != "" for value in values):
            yield number, [cell_text(values[place]) for place in positions]


def cell_text(value: Any) -> str | None:
    """A cell as the text that a person would have typed; whole numbers without a point, days in ISO form."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        return _number(float(value))
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat(*([" "] if value.time() != time() else []))
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value: float) -> str:
    if abs(value) >= WHOLE_BELOW:
        return f"{value:.5E}"
    return str(int(value)) if value.is_integer() else repr(value)
