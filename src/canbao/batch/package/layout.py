"""The one layout of a package: a ZIP whose every byte outside the contents follows from names, sizes and checksums.

Members are stored (Parquet is compressed already), one after the other from the first byte, with ZIP64 sizes in the
local header and nothing after them; then the central directory, then the end, then nothing (APPNOTE.TXT 6.3, 4.3).
Writer and reader build the same bytes from here, so a reader that finds others refuses them.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

LOCAL_MARK, CENTRAL_MARK = b"PK\x03\x04", b"PK\x01\x02"
LOCAL = struct.Struct("<4s5H3I2H")
LOCAL_EXTRA = struct.Struct("<2H2Q")
CENTRAL = struct.Struct("<4s6H3I5H2I")
CENTRAL_EXTRA = struct.Struct("<2H3Q")
END64 = struct.Struct("<4sQ2H2I4Q")
LOCATOR = struct.Struct("<4sIQI")
END = struct.Struct("<4s4H2IH")

VERSION, UNIX = 45, 3 << 8
MIDNIGHT, FIRST_OF_1980 = 0, 0x21
IN_EXTRA = 0xFFFFFFFF
ZIP64 = 1
REGULAR_FILE = 0o100600 << 16


@dataclass(frozen=True)
class Stored:
    """A member as it lies in the package; `crc` is the CRC-32 and `offset` that of the local header, in bytes."""

    name: bytes
    size: int
    crc: int
    offset: int

    @property
    def start(self) -> int:
        """Where the content begins."""
        return self.offset + LOCAL.size + len(self.name) + LOCAL_EXTRA.size

    @property
    def end(self) -> int:
        """Where the next member begins."""
        return self.start + self.size


def local_header(member: Stored) -> bytes:
    """What stands before a member's content."""
    head = LOCAL.pack(
        LOCAL_MARK, VERSION, 0, 0, MIDNIGHT, FIRST_OF_1980, member.crc, IN_EXTRA, IN_EXTRA,
        len(member.name), LOCAL_EXTRA.size,
    )  # fmt: skip
    return head + member.name + LOCAL_EXTRA.pack(ZIP64, 16, member.size, member.size)


def central_record(member: Stored) -> bytes:
    """What the central directory says of a member."""
    head = CENTRAL.pack(
        CENTRAL_MARK, VERSION | UNIX, VERSION, 0, 0, MIDNIGHT, FIRST_OF_1980, member.crc, IN_EXTRA, IN_EXTRA,
        len(member.name), CENTRAL_EXTRA.size, 0, 0, 0, REGULAR_FILE, IN_EXTRA,
    )  # fmt: skip
    return head + member.name + CENTRAL_EXTRA.pack(ZIP64, 24, member.size, member.size, member.offset)


def directory(members: Sequence[Stored]) -> bytes:
    """Everything after the last member's content, to the end of the package."""
    start = members[-1].end if members else 0
    records = b"".join(central_record(member) for member in members)
    count = len(members)
    end64 = END64.pack(b"PK\x06\x06", END64.size - 12, VERSION | UNIX, VERSION, 0, 0, count, count, len(records), start)
    locator = LOCATOR.pack(b"PK\x06\x07", 0, start + len(records), 1)
    return records + end64 + locator + END.pack(b"PK\x05\x06", 0, 0, count, count, IN_EXTRA, IN_EXTRA, 0)
