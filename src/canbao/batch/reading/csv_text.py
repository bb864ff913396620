"""A text file as UTF-8: whatever is not plain UTF-8 is rewritten in the work folder, line by line where need be."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from canbao.batch.reading.contents import WIDE_MARKS, LineCount, Measure, blocks, lines_in_blocks
from canbao.batch.source_specs import SourceSpec
from canbao.batch.trouble import SourceTrouble

NAMES = {"utf-8": "UTF-8", "gb18030": "GB18030"}
OTHER = {"utf-8": "gb18030", "gb18030": "utf-8"}
MOST_MIXED = 200_000
_NARROW = rb"[\x00-\x09\x0b-\x7f]++|[\xc2-\xdf][\x80-\xbf]"
_CHINESE = rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
CHINESE_IN_UTF8 = re.compile(rb"(?m)^(?:%b)*+(?:%b)(?:%b|%b)*+$" % (_NARROW, _CHINESE, _NARROW, _CHINESE))
"""A line of UTF-8 with Chinese in it; GB18030 text practically never looks like that from end to end."""


@dataclass(frozen=True)
class Text:
    """A UTF-8 file without NUL; `mixed` are the lines (from 1) that were not in the file's main `encoding`."""

    path: Path
    counted: LineCount
    encoding: str = "utf-8"
    mixed: tuple[int, ...] = ()


def as_utf8(spec: SourceSpec, path: Path, measured: Measure, target: Path) -> Text:
    """The file itself if it is UTF-8, else its transcription in `target`.

    Raises SourceTrouble with line and column of what can't be read, and when `encoding` is plainly not the file's.
    """
    encoding = _main_encoding(spec, path, measured)
    if encoding == "utf-8" and measured.bad_block is None:
        return Text(path, measured.counted)
    writer = _Writer(spec.label, encoding)
    with target.open("wb") as file:
        if encoding.startswith("utf-16"):
            writer.wide(file, path)
        else:
            writer.narrow(file, path)
    return Text(target, writer.counted, encoding, tuple(writer.mixed))


def _main_encoding(spec: SourceSpec, path: Path, measured: Measure) -> str:
    head = next(blocks(path, spec.label))
    if head[:2] in WIDE_MARKS:
        return "utf-16"
    if spec.encoding not in (None, *NAMES):
        return str(spec.encoding)
    found = "utf-8" if measured.bad_block is None else _better(head + b"\n" + measured.bad_block)
    if spec.encoding and spec.encoding != found and not (measured.bad_block is None and head.isascii()):
        remedy = f'请删去 encoding，或改成 encoding = "{found}"'
        raise SourceTrouble(spec.label, f"配置写的是 {NAMES[spec.encoding]}，内容却是 {NAMES[found]}", remedy)
    return found


def _better(sample: bytes) -> str:
    """The encoding that more of the sample's lines are in."""
    lines = [line for line in sample.splitlines() if not line.isascii()]
    as_utf8 = sum(CHINESE_IN_UTF8.match(line) is not None for line in lines)
    return "utf-8" if as_utf8 * 2 > len(lines) else "gb18030"


class _Writer:
    """Writes a file anew as UTF-8 and notes its lines."""

    def __init__(self, label: str, encoding: str) -> None:
        self.label, self.encoding = label, encoding
        self.counted, self.mixed = LineCount(), list[int]()

    def wide(self, file: BinaryIO, path: Path) -> None:
        """UTF-16, of which no byte says where a line ends."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        for block in (*blocks(path, self.label), b""):
            try:
                decoded = decoder.decode(block, final=not block)
            except UnicodeDecodeError as problem:
                raise self._undecodable(
                    self.counted.newlines + 1, None, block[problem.start : problem.start + 2]
                ) from problem
            self._write(file, decoded)

    def narrow(self, file: BinaryIO, path: Path) -> None:
        """Encodings in which a newline is one byte."""
        for block in lines_in_blocks(path, self.label):
            decoded = self._whole(block)
            self._write(file, decoded if decoded is not None else "".join(self._lines(block)))

    def _whole(self, block: bytes) -> str | None:
        """The block at once, or None if some of its lines need a closer look."""
        if self.encoding == "gb18030" and CHINESE_IN_UTF8.search(block):
            return None
        try:
            return block.decode(self.encoding)
        except UnicodeDecodeError:
            return None

    def _lines(self, block: bytes) -> Iterator[str]:
        return (self._line(number, line) for number, line in enumerate(_split(block), self.counted.newlines + 1))

    def _line(self, number: int, line: bytes) -> str:
        main = self.encoding
        stripped = line.rstrip(b"\r\n")
        other = OTHER.get(main)
        likely = other == "utf-8" and CHINESE_IN_UTF8.match(stripped) is not None
        for encoding in (other, main) if likely else (main, other):
            if encoding is None:
                continue
            try:
                decoded = line.decode(encoding)
            except UnicodeDecodeError:
                continue
            self._note(number, encoding)
            return decoded
        raise self._bad_byte(number, line)

    def _note(self, number: int, encoding: str) -> None:
        if encoding != self.encoding:
            self.mixed.append(number)
        if len(self.mixed) > MOST_MIXED:
            remedy = "请统一转成 UTF-8 后再导出"
            raise SourceTrouble(self.label, f"有 {MOST_MIXED} 多行的编码与其余部分不同", remedy)

    def _bad_byte(self, number: int, line: bytes) -> SourceTrouble:
        try:
            line.decode(self.encoding)
        except UnicodeDecodeError as problem:
            column = len(line[: problem.start].decode(self.encoding, "replace")) + 1
            return self._undecodable(number, column, line[problem.start : problem.start + 1])
        raise AssertionError("a line that can be decoded is not bad")

    def _undecodable(self, line: int, column: int | None, byte: bytes) -> SourceTrouble:
        place = f"{self.label} 第 {line} 行" + (f"第 {column} 列" if column else "附近")
        main = self.encoding
        tried = " 和 ".join(NAMES.get(name, name) for name in (main, OTHER.get(main)) if name)
        remedy = "请用文本编辑器改正这一行并另存为 UTF-8，或在 city.toml 里写明 encoding"
        return SourceTrouble(place, f"字节 0x{byte.hex().upper()} 用 {tried} 都解不出来", remedy)

    def _write(self, file: BinaryIO, decoded: str) -> None:
        if "\0" in decoded:
            line = self.counted.newlines + 1 + decoded[: decoded.index("\0")].count("\n")
            raise SourceTrouble(f"{self.label} 第 {line} 行", "有空字节（NUL），文件可能已损坏", "请重新导出")
        if self.counted.last == b"":
            decoded = decoded.removeprefix("\ufeff")
        encoded = decoded.encode("utf-8")
        file.write(encoded)
        if encoded:
            self.counted.add(encoded)


def _split(block: bytes) -> list[bytes]:
    lines = block.split(b"\n")
    ended = [line + b"\n" for line in lines[:-1]]
    return [*ended, lines[-1]] if lines[-1] else ended
