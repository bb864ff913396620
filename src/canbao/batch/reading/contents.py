"""A file's bytes: read block by block, measured, and told apart by how they begin."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from canbao.batch.source_specs import SourceSpec
from canbao.batch.trouble import SourceTrouble, refused

BLOCK = 1 << 20
LONGEST_LINE = 64 << 20
WIDE_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
ENDINGS = {
    ".csv": "text", ".txt": "text", ".tsv": "text", ".xlsx": "xlsx", ".xlsm": "xlsx", ".parquet": "parquet",
    ".pq": "parquet",
}  # fmt: skip
KINDS = {
    b"PAR1\x15": "parquet",
    b"PK\x03\x04": "xlsx",
    b"\xd0\xcf\x11\xe0": "old",
    b"<html": "markup",
    b"<!doctype": "markup",
    b"<table": "markup",
    b"<?xml": "markup",
}
WORDS = {
    "text": "文本（CSV）",
    "xlsx": "XLSX（或 ZIP）",
    "parquet": "Parquet",
    "old": "旧版 Excel（.xls、.et）或加了密码的工作簿",
    "markup": "网页或 XML",
}
REMEDIES = {
    "text": "请把扩展名改成 .csv；如果本来不是文本，文件已损坏，请重新导出",
    "xlsx": "请把扩展名改成 .xlsx，或换成正确的文件",
    "parquet": "请把扩展名改成 .parquet，或换成正确的文件",
    "old": "请用 Excel 或 WPS 打开，去掉密码，另存为 .xlsx 或 UTF-8 CSV",
    "markup": "请用 Excel 或 WPS 打开，另存为 .xlsx 或 UTF-8 CSV",
}


@dataclass
class LineCount:
    """Counts a text's lines block by block, blank ones at the end left out."""

    newlines: int = 0
    trailing: int = 0
    returns: int = 0
    pairs: int = 0
    last: bytes = b""

    def add(self, block: bytes) -> None:
        """Count one more block."""
        stripped = block.rstrip(b"\r\n")
        ending = block[len(stripped) :].count(b"\n")
        self.trailing = ending if stripped else self.trailing + ending
        self.newlines += block.count(b"\n")
        self.returns += block.count(b"\r")
        self.pairs += block.count(b"\r\n") + (self.last == b"\r" and block[:1] == b"\n")
        self.last = block[-1:]

    @property
    def lines(self) -> int:
        """Physical lines."""
        return self.newlines - self.trailing + 1

    @property
    def is_uniform(self) -> bool:
        """Whether all lines end in the same way, and nothing but a line's end is a carriage return."""
        return self.returns == self.pairs and self.pairs in (0, self.newlines)


@dataclass(frozen=True)
class Measure:
    """Size in bytes and SHA-256 of a file; for a text its lines, and the first block that is not UTF-8 (or None)."""

    size: int
    sha256: str
    counted: LineCount
    bad_block: bytes | None


def blocks(path: Path, label: str, size: int = BLOCK) -> Iterator[bytes]:
    """The file's bytes; raises SourceTrouble when it can't be opened or read."""
    try:
        with path.open("rb") as file:
            while block := file.read(size):
                yield block
    except FileNotFoundError as problem:
        raise SourceTrouble(label, "文件不见了", "请核对路径") from problem
    except IsADirectoryError as problem:
        raise SourceTrouble(label, "是文件夹，不是文件", "请写成 文件夹/*.csv 或列出文件") from problem
    except OSError as problem:
        raise refused(problem.errno, label, "读不出来", "请检查文件权限和磁盘") from problem


def lines_in_blocks(path: Path, label: str) -> Iterator[bytes]:
    """The file's bytes in blocks that end where a line ends; raises SourceTrouble for an endless line."""
    rest = b""
    for block in blocks(path, label):
        whole, newline, tail = block.rpartition(b"\n")
        if newline:
            yield rest + whole + newline
            rest = tail
        else:
            rest += block
        if len(rest) > LONGEST_LINE:
            raise SourceTrouble(label, f"有一行超过 {LONGEST_LINE >> 20} MB", "请检查换行是否正确")
    if rest:
        yield rest


def kind_of(spec: SourceSpec, path: Path) -> str:
    """`text`, `xlsx` or `parquet`.

    Raises SourceTrouble for an empty file, a format that we don't read, an ending that says something else, and
    `sheet` or `encoding` for a file that has none.
    """
    if not path.is_file():
        raise SourceTrouble(spec.label, "不是普通文件", "请核对路径")
    head = next(blocks(path, spec.label, 16), b"")
    if not head:
        raise SourceTrouble(spec.label, "是空文件", "请重新导出，至少要有表头")
    found = next((kind for mark, kind in KINDS.items() if head.startswith((mark, mark.upper()))), "text")
    said = ENDINGS.get(path.suffix.lower(), found)
    if found not in ("text", "xlsx", "parquet") or said != found:
        problem = (f"扩展名是 {path.suffix}，" if said != found else "") + f"内容像是{WORDS[found]}"
        raise SourceTrouble(spec.label, problem, REMEDIES[found])
    if spec.sheet and found != "xlsx":
        raise SourceTrouble(spec.label, "不是 XLSX，没有工作表", "请删去 sheet")
    if spec.encoding and found != "text":
        raise SourceTrouble(spec.label, "不是 CSV，不用写编码", "请删去 encoding")
    return found


def measure(path: Path, label: str, text: bool, wide: bool = False) -> Measure:
    """Read the file once; a `text` file is also checked for UTF-8 and its lines are counted.

    Raises SourceTrouble with the line of a NUL byte, unless the file is UTF-16: `wide`, or marked so.
    """
    sum_, size, counted = hashlib.sha256(), 0, LineCount()
    decoder, bad = codecs.getincrementaldecoder("utf-8")(), None
    for block in blocks(path, label):
        wide = wide or (size == 0 and block[:2] in WIDE_MARKS)
        sum_.update(block)
        size += len(block)
        if not text or wide:
            continue
        if bad is None and not _decodes(decoder, block):
            bad = block
        if b"\0" in block:
            raise _nul(label, counted.newlines + 1 + block[: block.index(b"\0")].count(b"\n"))
        counted.add(block)
    if bad is None and (wide or not _decodes(decoder, b"", final=True)):
        bad = b""
    return Measure(size, sum_.hexdigest(), counted, bad)


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _nul(label: str, line: int) -> SourceTrouble:
    remedy = '请重新导出；如果文件是 UTF-16，请另存为 UTF-8 CSV 或写 encoding = "utf-16-le"'
    return SourceTrouble(f"{label} 第 {line} 行", "有空字节（NUL），文件可能已损坏", remedy)
