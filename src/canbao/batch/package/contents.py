"""What a member must be, whatever its digest: a Parquet table with its rows, a summary, a page of text."""

from __future__ import annotations

import codecs
import io
import json
import os
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from canbao.batch.package.manifest import LIMITS, SUMMARY
from canbao.batch.package.refusal import PackageFault

PARQUET = b"PAR1"
LARGEST_FOOTER = 16 << 20
LONGEST_LIST = 100_000
RATIO, FREE_BYTES, FREE_ROWS = 50, 64 << 20, 1 << 20
CHUNK = 1 << 20
UNPRINTABLE = frozenset(range(32)) - frozenset(b"\t\n\v\f\r")


class Span(io.RawIOBase):
    """A part of an open file as a file of its own; reading it leaves the whole one's position alone."""

    def __init__(self, handle: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = handle.fileno(), start, size, 0

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def seekable(self) -> bool:
        """Any place can be read."""
        return True

    def tell(self) -> int:
        """The place to be read next, in bytes from the part's beginning."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place; one outside is read as empty."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, origin + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` as far as the part goes; returns how many bytes."""
        room = max(0, min(len(buffer), self._size - self._at))
        piece = os.pread(self._file, room, self._start + self._at)
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def table_rows(table: Span, name: str) -> int:
    """How many rows the Parquet file `table` has, from its footer alone: no page is decoded.

    Raises PackageFault if it isn't one, if its row groups don't add up, or if it would unfold to more than 50 times
    its size. Columns are not asked for: some wrong footers end the whole process there, without an exception.
    """
    size = table.seek(0, os.SEEK_END)
    _frame(table, size, name)
    try:
        file = pq.ParquetFile(table, thrift_string_size_limit=LARGEST_FOOTER, thrift_container_size_limit=LONGEST_LIST)
        return _counted(file.metadata, size, name)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as problem:
        if isinstance(problem, PackageFault):
            raise
        raise _broken(name) from problem


def read_summary_member(summary: Span) -> dict[str, Any]:
    """The content of summary.json; raises PackageFault if it isn't an object with a `run`."""
    try:
        content = json.loads(_text(summary, SUMMARY))
    except (ValueError, RecursionError) as problem:
        raise PackageFault(f"成员 {SUMMARY}：不是可读的 JSON；请重新运行 canbao clean 并打包") from problem
    if not isinstance(content, dict) or not isinstance(content.get("run"), dict):
        raise PackageFault(f"成员 {SUMMARY}：没有 run 一节；请重新运行 canbao clean 并打包")
    return content


def check_text(text: Span, name: str) -> None:
    """Raises PackageFault unless all of `text` is UTF-8 without control characters: a page can hold no archive."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := text.read(CHUNK):
            decoder.decode(piece)
            if not UNPRINTABLE.isdisjoint(piece):
                raise PackageFault(f"成员 {name}：里面有控制字符，不是网页；请重新运行 canbao clean 并打包")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as problem:
        raise PackageFault(f"成员 {name}：不是 UTF-8 文本；请重新运行 canbao clean 并打包") from problem


def _text(text: Span, name: str) -> bytes:
    content: bytes = text.read(LIMITS[name] + 1)
    if len(content) > LIMITS[name]:
        raise PackageFault(f"成员 {name}：超过 {LIMITS[name]} 字节；请重新运行 canbao clean 并打包")
    return content


def _broken(name: str) -> PackageFault:
    return PackageFault(f"成员 {name}：不是可读的 Parquet 表；请重新运行 canbao clean 并打包")


def _frame(table: Span, size: int, name: str) -> None:
    table.seek(0)
    head = table.read(4)
    table.seek(max(0, size - 8))
    tail = table.read(8)
    if size < 12 or head != PARQUET or tail[4:] != PARQUET:
        raise _broken(name)
    footer = int.from_bytes(tail[:4], "little")
    if footer > min(LARGEST_FOOTER, size - 12):
        raise PackageFault(f"成员 {name}：Parquet 表尾声称有 {footer} 字节，过大；请重新运行 canbao clean 并打包")


def _counted(footer: Any, size: int, name: str) -> int:
    groups = [footer.row_group(place) for place in range(footer.num_row_groups)]
    rows: int = sum(group.num_rows for group in groups)
    if rows != footer.num_rows or any(group.num_rows < 0 for group in groups):
        raise PackageFault(f"成员 {name}：各行组的行数加起来不是总行数；请重新运行 canbao clean 并打包")
    unfolded = sum(max(0, group.total_byte_size) for group in groups)
    if unfolded > max(FREE_BYTES, RATIO * size) or rows > max(FREE_ROWS, RATIO * size):
        raise PackageFault(f"成员 {name}：展开后超过自身的 {RATIO} 倍，疑为压缩炸弹；已拒收")
    return rows
