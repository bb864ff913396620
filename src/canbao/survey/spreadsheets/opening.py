"""An uploaded spreadsheet opened safely: what is no plain workbook of values is refused before any of it is read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import python_calamine

from canbao.batch.reading.contents import KINDS, WORDS
from canbao.batch.reading.xlsx_package import Sheet, TooManyRows, read_package
from canbao.batch.trouble import SourceTrouble
from canbao.survey.spreadsheets.refusal import SAVE_ANEW, UPLOADED, SheetRefused
from canbao.survey.spreadsheets.template import FIRST_LINE, MOST_ROWS

MOST_PACKED, MOST_UNPACKED = 64 << 20, 256 << 20
"""Bytes that a workbook may have, and unpack to: 20,000 rows of the longest form take a third of it."""

WIDEST = 1_000
SPARE_LINES = 1_000
"""Lines besides the rows, for columns and codes of the hidden sheet."""

RUNS = {
    "xl/vbaproject": ("带有宏", "请另存为不带宏的 .xlsx"),
    "xl/macrosheets/": ("带有宏表", "请删去宏表，另存为 .xlsx"),
    "xl/activex/": ("带有控件", "请删去控件，另存为 .xlsx"),
    "xl/embeddings/": ("嵌入了别的文件", "请删去嵌入的对象，再保存"),
    "xl/externallinks/": ("链接到别的文件", "请在“数据 → 编辑链接”里断开链接，把公式粘贴为数值，再保存"),
    "xl/connections.xml": ("带有数据连接", "请删去“数据 → 连接”里的连接，再保存"),
    "xl/querytables/": ("带有数据查询", "请删去查询，把结果粘贴为数值，再保存"),
    "xl/workbook.bin": ("是二进制工作簿（.xlsb）", "请另存为 .xlsx"),
}
"""Parts of a package that do something or fetch something, and what is said of them."""

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OPEN_DOCUMENT = "mimetype"


@dataclass(frozen=True)
class Book:
    """A workbook whose package has been looked at: its sheets by name, and what reads their cells."""

    sheets: dict[str, Sheet]
    cells: python_calamine.CalamineWorkbook

    def lines(self, name: str) -> Iterator[tuple[int, list[Any]]]:
        """The sheet's lines, numbered from 1; raises SheetRefused if it can't be read."""
        try:
            yield from enumerate(self.cells.get_sheet_by_name(name).iter_rows(), 1)
        except (python_calamine.CalamineError, ValueError, OSError) as problem:
            raise SheetRefused(f"{UPLOADED} 工作表 {name}", "读不出来", SAVE_ANEW) from problem


def opened(content: bytes | Path) -> Book:
    """The workbook in a file or its bytes; raises SheetRefused for whatever is not XLSX or holds more than values."""
    file = io.BytesIO(_bytes(content))
    _refuse_other_kinds(file)
    _refuse_what_runs(file)
    sheets = _looked_at(file)
    for sheet in sheets:
        _refuse_unfit(sheet)
    try:
        file.seek(0)
        cells = python_calamine.load_workbook(file)
    except (python_calamine.CalamineError, ValueError, OSError) as problem:
        raise SheetRefused(UPLOADED, "读不出来", SAVE_ANEW) from problem
    return Book({sheet.name: sheet for sheet in sheets}, cells)


def _bytes(content: bytes | Path) -> bytes:
    """The file's bytes, if they are not too many."""
    size = len(content) if isinstance(content, bytes) else content.stat().st_size
    if size > MOST_PACKED:
        problem = f"有 {size >> 20} MB，超过 {MOST_PACKED >> 20} MB"
        raise SheetRefused(UPLOADED, problem, "请删去图片和多余的工作表；行数多的，请按村（社区）分开上传")
    return content if isinstance(content, bytes) else content.read_bytes()


def _refuse_other_kinds(file: BinaryIO) -> None:
    head = file.read(16)
    if not head:
        raise SheetRefused(UPLOADED, "是空文件", "请核对文件，重新保存后再上传")
    found = next((kind for mark, kind in KINDS.items() if head.startswith((mark, mark.upper()))), "text")
    if found == "old":
        file.seek(0)
        if ENCRYPTED in file.read():
            raise SheetRefused(UPLOADED, "加了密码", "请用 Excel 或 WPS 打开，去掉打开密码后保存，再上传")
        raise SheetRefused(UPLOADED, "是旧版 Excel 文件（.xls、.et）", SAVE_ANEW)
    if found != "xlsx":
        raise SheetRefused(UPLOADED, f"不是 XLSX，内容像是{WORDS[found]}", SAVE_ANEW)


def _refuse_what_runs(file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError) as problem:
        raise SheetRefused(UPLOADED, "不是完整的 XLSX 工作簿", SAVE_ANEW) from problem
    names = {part.filename.lower() for part in parts}
    if OPEN_DOCUMENT in names:
        raise SheetRefused(UPLOADED, "是 ODS 表格", SAVE_ANEW)
    for beginning, (what, remedy) in RUNS.items():
        if any(name.startswith(beginning) for name in names):
            raise SheetRefused(UPLOADED, what, remedy)
    if any(part.flag_bits & 1 for part in parts):
        raise SheetRefused(UPLOADED, "加了密码", "请去掉密码后再上传")
    _refuse_size(sum(part.file_size for part in parts))


def _refuse_size(unpacked: int) -> None:
    if unpacked > MOST_UNPACKED:
        problem = f"解开后有 {unpacked >> 20} MB，超过 {MOST_UNPACKED >> 20} MB"
        raise SheetRefused(UPLOADED, problem, f"一个文件最多 {MOST_ROWS:,} 行，请按村（社区）分开上传")


def _looked_at(file: BinaryIO) -> list[Sheet]:
    try:
        return read_package(file, UPLOADED, MOST_ROWS + FIRST_LINE + SPARE_LINES)
    except TooManyRows as trouble:
        raise too_many(trouble.place) from trouble
    except SourceTrouble as trouble:
        raise SheetRefused(trouble.place, trouble.problem, SAVE_ANEW) from trouble


def too_many(place: str) -> SheetRefused:
    """The refusal of a sheet with more rows than are taken at once."""
    return SheetRefused(place, f"超过 {MOST_ROWS:,} 行", "请按村（社区）分开，每个文件不超过这个行数")


def _refuse_unfit(sheet: Sheet) -> None:
    place = f"{UPLOADED} 工作表 {sheet.name}"
    if sheet.formula:
        raise SheetRefused(f"{place} 单元格 {sheet.formula}", "是公式", "请复制后选择性粘贴为数值，再保存")
    width = sheet.extent.corner[1]
    if width > WIDEST:
        raise SheetRefused(place, f"有 {width} 列", "请删去表外的列，再保存")
