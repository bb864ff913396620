"""What is wrong with a header that is not as it should be: these words help whoever looks for the cause."""

from __future__ import annotations

import stat
from collections.abc import Sequence

from canbao.batch.package.layout import CENTRAL, LOCAL, LOCAL_EXTRA, Stored, central_record
from canbao.batch.package.names import shown

ENCRYPTED, COUNTED_LATER = 0x1, 0x8
FOLDER = 0x10
REMEDY = "请用 canbao pack 重新打包"


def header_fault(head: bytes, name: str) -> str | None:
    """Why a local header (its 30 bytes) is refused, in Chinese; None if its fields may be read on."""
    _, _, flags, method, *_, extra_length = LOCAL.unpack(head)
    reasons = {
        "用 ZIP 口令加密": flags & ENCRYPTED,
        "大小写在内容之后": flags & COUNTED_LATER,
        f"有不认识的标志 {flags:#06x}": flags,
        f"压缩方式 {method} 不收，只收不压缩的": method,
        "附加字段不是规定的": extra_length != LOCAL_EXTRA.size,
    }
    return next((f"成员 {name}：{reason}；{REMEDY}" for reason, holds in reasons.items() if holds), None)


def directory_fault(found: bytes, stored: Sequence[Stored]) -> str:
    """Why `found`, what stands after the members, is refused, in Chinese."""
    position = 0
    for member in stored:
        expected = central_record(member)
        record = found[position : position + len(expected)]
        if len(record) < len(expected):
            return "中央目录不全；文件被截断，请重新传送"
        if record != expected:
            return f"成员 {member.name.decode()}：{_record_reason(record, member)}；{REMEDY}"
        position += len(expected)
    return f"中央目录多出成员、结尾记录不是规定的写法，或文件被截断；请重新传送，仍不行则{REMEDY}"


def _record_reason(record: bytes, member: Stored) -> str:
    fields = CENTRAL.unpack(record[: CENTRAL.size])
    name = record[CENTRAL.size : CENTRAL.size + fields[10]]
    mode = fields[15] >> 16
    reasons = {
        "中央目录的记录不是规定的写法": record[:4] != central_record(member)[:4],
        f"中央目录里的名称却是 {shown(name)}": name != member.name,
        "是符号链接": stat.S_ISLNK(mode),
        "是文件夹": stat.S_ISDIR(mode) or fields[15] & FOLDER,
        "文件属性不是普通文件": mode != 0o100600,
        "用 ZIP 口令加密": fields[3] & ENCRYPTED,
        "位置与本地文件头不一致（成员重叠）": record[-8:] != member.offset.to_bytes(8, "little"),
    }
    return next((reason for reason, holds in reasons.items() if holds), "中央目录与本地文件头不一致")
