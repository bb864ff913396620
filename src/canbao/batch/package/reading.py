"""The one reader of packages: from the first byte to the last, never back, believing nothing that it has not counted.

Whoever checks and whoever extracts reads through here, so that both see the same contents. Headers are compared with
those that `layout` would write; members are stored, so no content can be larger than the bytes that were sent.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from canbao.batch.package.layout import (
    CENTRAL_MARK,
    LOCAL,
    LOCAL_EXTRA,
    LOCAL_MARK,
    Stored,
    directory,
    local_header,
)
from canbao.batch.package.manifest import LIMITS, ORDER
from canbao.batch.package.mismatch import directory_fault, header_fault
from canbao.batch.package.names import LONGEST, name_fault, shown
from canbao.batch.package.refusal import PackageFault

CHUNK = 1 << 20
Receive = Callable[[str, bytes], None]
"""Told of each piece of a member's content, in order: name and bytes (at most CHUNK); first of an empty piece."""


@dataclass(frozen=True)
class Read:
    """A member that was read to its end: where its content lies, in bytes, and its SHA-256."""

    name: str
    start: int
    size: int
    sha256: str


def read_members(handle: BinaryIO, receive: Receive) -> Iterator[Read]:
    """Read an unencrypted package; gives each member once all its content has been received.

    Raises PackageFault at the first byte that may not be there. Only when the last member has been given and the
    iteration has ended is the structure good as a whole.
    """
    stream = _Stream(handle)
    stored: list[Stored] = []
    mark = stream.take(4)
    while mark == LOCAL_MARK:
        member = _header(stream, [entry.name.decode() for entry in stored])
        yield _content(stream, member, receive)
        stored.append(member)
        mark = stream.take(4)
    if mark != CENTRAL_MARK or not stored:
        raise PackageFault(_stray(stream.position - 4))
    _end(stream, stored)


class _Stream:
    """Bytes in order, counted; a request beyond the end is refused before anything is read for it."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self.left = handle.seek(0, 2)
        self.position = handle.seek(0)

    def take(self, count: int) -> bytes:
        piece = self._handle.read(count) if count <= self.left else b""
        if len(piece) != count:
            raise PackageFault(f"第 {self.position} 字节之后内容不全；文件被截断，请重新传送")
        self.position += count
        self.left -= count
        return piece


def _stray(position: int) -> str:
    if position == 0:
        return "开头不是数据包（文件不对，或前面多了别的内容）；请重新传送 canbao pack 写出的文件"
    return f"第 {position} 字节处有不属于任何成员的内容；请用 canbao pack 重新打包"


def _header(stream: _Stream, seen: list[str]) -> Stored:
    offset = stream.position - len(LOCAL_MARK)
    head = LOCAL_MARK + stream.take(LOCAL.size - len(LOCAL_MARK))
    name_length, extra_length = LOCAL.unpack(head)[9:]
    if name_length > LONGEST:
        raise PackageFault(f"第 {offset} 字节处成员的名称有 {name_length} 字节，过长；请用 canbao pack 重新打包")
    name = stream.take(name_length)
    fault = name_fault(name, seen) or header_fault(head, shown(name)) or _order_fault(name.decode(), seen)
    if fault:
        raise PackageFault(fault)
    extra = stream.take(extra_length)
    member = Stored(name, LOCAL_EXTRA.unpack(extra)[2], LOCAL.unpack(head)[6], offset)
    if head + name + extra != local_header(member):
        raise PackageFault(f"成员 {name.decode()}：文件头不是规定的写法；请用 canbao pack 重新打包")
    if member.size > LIMITS.get(name.decode(), stream.left):
        raise PackageFault(f"成员 {name.decode()}：声称有 {member.size} 字节，超过上限或超出文件；请重新打包并传送")
    return member


def _order_fault(name: str, seen: list[str]) -> str | None:
    expected = ORDER[len(seen)]
    return None if name == expected else f"应有成员 {expected} 的位置是 {name}；缺少成员或次序不对，请重新打包"


def _content(stream: _Stream, member: Stored, receive: Receive) -> Read:
    name, left = member.name.decode(), member.size
    crc, digest = 0, hashlib.sha256()
    receive(name, b"")
    while left:
        piece = stream.take(min(left, CHUNK))
        crc = zlib.crc32(piece, crc)
        digest.update(piece)
        receive(name, piece)
        left -= len(piece)
    if crc != member.crc:
        raise PackageFault(f"成员 {name}：校验和（CRC-32）不符；内容在传送中损坏，请重新传送")
    return Read(name, member.start, member.size, digest.hexdigest())


def _end(stream: _Stream, stored: list[Stored]) -> None:
    expected = directory(stored)
    rest = CENTRAL_MARK + stream.take(min(stream.left, len(expected) - len(CENTRAL_MARK)))
    if rest != expected:
        raise PackageFault(directory_fault(rest, stored))
    if stream.left:
        raise PackageFault(f"末尾多出 {stream.left} 字节；请重新传送 canbao pack 写出的文件")
