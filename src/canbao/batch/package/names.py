"""Names of members: only ours, and a reason for each that is refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from canbao.batch.package.manifest import ORDER

LONGEST = 64


def name_fault(raw: bytes, seen: Collection[str]) -> str | None:
    """Why a member may not have the name `raw` after those `seen`, in Chinese; None for a good one."""
    name = raw.decode("utf-8", "backslashreplace")
    if name in ORDER:
        return f"成员 {name} 出现了两次" if name in seen else None
    return f"成员 {shown(raw)}：{_reason(name)}；数据包里只许有规定的成员，请用 canbao pack 重新打包"


def _reason(name: str) -> str:
    reasons = {
        "名称是空的": not name,
        "名称里有 NUL 或控制字符": any(unicodedata.category(character) == "Cc" for character in name),
        "是文件夹": name.endswith("/"),
        "名称是绝对路径": name.startswith(("/", "\\")),
        "名称带盘符或冒号": ":" in name,
        "名称里有反斜杠": "\\" in name,
        "名称里有 ..": ".." in name,
        "名称里有文件夹": "/" in name,
        "名称与规定的成员只差大小写或字形": folded(name) in {folded(ours) for ours in ORDER},
    }
    return next((reason for reason, holds in reasons.items() if holds), "不在规定的成员之列")


def folded(name: str) -> str:
    """A name as a file system that ignores case and form would see it."""
    compatible = unicodedata.normalize("NFKC", name).casefold()
    visible = "".join(character for character in compatible if unicodedata.category(character) != "Cf")
    return unicodedata.normalize("NFKC", visible).rstrip(". ")


def shown(raw: bytes) -> str:
    """A stranger's name made harmless for a terminal, a log or a page, and short."""
    text = raw[:LONGEST].decode("utf-8", "backslashreplace")
    kept = "".join(
        character if character.isalnum() or character in "._-/\\:" else f"\\u{ord(character):04x}" for character in text
    )
    return f"“{kept[:LONGEST]}”"
