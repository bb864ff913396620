"""An XLSX before it is opened: how large it really is, and what its sheets hold, from one pass over the XML."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree import ElementTree

from canbao.batch.reading.xlsx_extent import ADDRESS, ROW, BeyondTheSheet, Extent
from canbao.batch.trouble import SourceTrouble

BLOCK = 1 << 20
LARGEST = 4 << 30
LARGE, STEEPEST = 64 << 20, 300
MOST_PARTS = 10_000
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
FORBIDDEN = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)[\s>]")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, ElementTree.ParseError, RuntimeError,
)  # fmt: skip
SAVE_ANEW = "请用 Excel 或 WPS 打开核对后，另存为 .xlsx 或 UTF-8 CSV"


class TooManyRows(SourceTrouble):
    """A sheet has more rows than are wanted; the rest of it has not been looked at."""


@dataclass
class Sheet:
    """What one pass saw of a sheet: how far it reaches, and the address of its first formula.

    `rows` are those in which a value stands, counted if there is a limit; `row_counts` says whether the row that was
    read last is among them.
    """

    name: str
    extent: Extent = field(default_factory=Extent)
    rows: int = 0
    row_counts: bool = False
    formula: str | None = None


def read_package(path: Path | BinaryIO, label: str, most_rows: int | None = None) -> list[Sheet]:
    """The sheets of a workbook in their order; reading ends where a sheet has more rows with values than `most_rows`.

    Raises TooManyRows there, and SourceTrouble for what is no workbook, is protected by a password, unpacks to too much
    or declares XML entities (which a reader might fetch from elsewhere).
    """
    try:
        with zipfile.ZipFile(path) as package:
            _refuse_bombs(package, label)
            names = _sheet_parts(package, label)
            sheets = [Sheet(name) for name in names.values()]
            of_part = dict(zip(names, sheets, strict=True))
            for part in sorted(package.infolist(), key=lambda part: part.filename not in of_part):
                _scan(package, part, label, of_part.get(part.filename), most_rows)
    except UNREADABLE as problem:
        raise SourceTrouble(label, "不是完整的 XLSX 工作簿，或加了密码", SAVE_ANEW) from problem
    for sheet in sheets:
        _refuse_emptiness(sheet, label)
    return sheets


def _refuse_bombs(package: zipfile.ZipFile, label: str) -> None:
    parts = package.infolist()
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST or (unpacked > LARGE and unpacked > STEEPEST * packed):
        problem = f"解压后有 {unpacked >> 20} MB（{len(parts)} 个部件），压缩前后相差过大，疑为压缩炸弹"
        raise SourceTrouble(label, problem, "请核对来历；确是数据的，请分成几个文件或另存为 CSV")


def _sheet_parts(package: zipfile.ZipFile, label: str) -> dict[str, str]:
    """Part of each worksheet to its name, in the workbook's order."""
    targets = {
        link.get("Id"): _part_name(str(link.get("Target")))
        for link in _tree(package, "xl/_rels/workbook.xml.rels", label)
    }
    book = _tree(package, "xl/workbook.xml", label)
    sheets = (element for element in book.iter() if element.tag.endswith("}sheet"))
    return {str(targets.get(sheet.get(RELATION))): str(sheet.get("name")) for sheet in sheets}


def _part_name(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _tree(package: zipfile.ZipFile, part: str, label: str) -> Any:
    """A small part as a tree, after making sure that it declares no entities."""
    content = package.read(part)
    _refuse_entities(content, label, part)
    return ElementTree.fromstring(content)


def _scan(
    package: zipfile.ZipFile, part: zipfile.ZipInfo, label: str, sheet: Sheet | None, most_rows: int | None
) -> None:
    """Unpack a part to its end, so that its length and checksum are known to be true, and look at its XML."""
    markup = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    for piece in _pieces(package, part):
        if markup:
            _refuse_entities(piece, label, part.filename)
        if sheet is not None:
            _note_cells(sheet, piece, label)
            if most_rows is not None:
                _note_rows(sheet, piece, label, most_rows)


def _pieces(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that end before a tag begins, so that no tag is cut."""
    rest = b""
    with package.open(part) as stream:
        while block := stream.read(BLOCK):
            joined = rest + block
            cut = max(joined.rfind(b"<"), 0) if len(joined) < 4 * BLOCK else len(joined)
            yield joined[:cut]
            rest = joined[cut:]
    yield rest


def _refuse_entities(content: bytes, label: str, part: str) -> None:
    if FORBIDDEN.search(content) or content.startswith(WIDE_MARKS):
        problem = f"部件 {part} 里声明了 XML 实体（DOCTYPE 或 ENTITY）或不是 UTF-8，可能引用外部文件"
        raise SourceTrouble(label, problem, SAVE_ANEW)


def _note_cells(sheet: Sheet, piece: bytes, label: str) -> None:
    formula = FORMULA.search(piece) if sheet.formula is None else None
    if formula:
        before = [one for one in ADDRESS.findall(piece[: formula.start()]) if one[0]]
        sheet.formula = b"".join(before[-1]).decode() if before else sheet.extent.last
    try:
        sheet.extent.note(piece)
    except BeyondTheSheet as problem:
        raise SourceTrouble(f"{label} 工作表 {sheet.name}", "有单元格的地址超出了表格的范围", SAVE_ANEW) from problem


def _note_rows(sheet: Sheet, piece: bytes, label: str, most_rows: int) -> None:
    """Count the rows with a value; what stands before the piece's first row belongs to the row before."""
    for place, text in enumerate(ROW.split(piece)):
        if place:
            sheet.row_counts = False
        if not sheet.row_counts and VALUE.search(text):
            sheet.row_counts = True
            sheet.rows += 1
    if sheet.rows > most_rows:
        raise TooManyRows(f"{label} 工作表 {sheet.name}", f"超过 {most_rows:,} 行", "请分成几个文件")


def _refuse_emptiness(sheet: Sheet, label: str) -> None:
    """A few cells far apart would take the memory of all cells between them."""
    if sheet.extent.is_nearly_empty:
        height, width = sheet.extent.corner
        problem = f"工作表 {sheet.name} 有 {height} 行 {width} 列，却几乎是空的"
        raise SourceTrouble(f"{label} 工作表 {sheet.name}", problem, "请删去数据区以外的单元格（格式也算），再保存")
