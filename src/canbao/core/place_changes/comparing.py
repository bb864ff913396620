"""A yearly list of codes beside the tree: what is new, renamed or gone, and where that may be now."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from canbao.core.place_changes.checking import ChangeRefused
from canbao.core.place_changes.rows import Row
from canbao.law.places import Places, parent_of

MOST = 40_000
HEADERS = (["code", "name"], ["代码", "名称"], ["统计用区划代码", "名称"])


@dataclass(frozen=True)
class Comparison:
    """Codes with names; `heirs` proposes a code of the list for one that is gone, empty where nothing is like it."""

    new: dict[str, str]
    renamed: dict[str, str]
    gone: dict[str, str]
    heirs: dict[str, str]

    def rows(self, heirs: Mapping[str, str]) -> tuple[Row, ...]:
        """The change that makes the tree the list, with a successor for each code that is gone."""
        taken = set(heirs.values())
        return (
            *(Row(old, heirs.get(old, ""), self.new.get(heirs.get(old, ""), "")) for old in self.gone),
            *(Row(code, code, name) for code, name in self.renamed.items()),
            *(Row("", code, name) for code, name in self.new.items() if code not in taken),
        )


def read_list(raw: bytes) -> dict[str, str]:
    """The codes and names of a CSV file with two columns (code, name), in UTF-8 or GB 18030.

    Codes are cut to their level: 440604010000 is the town 440604010. Raises ChangeRefused with the line.
    """
    rows = csv.reader(io.StringIO(_text(raw)))
    header = [one.strip() for one in next(rows, [])]
    if header not in HEADERS:
        raise ChangeRefused("第 1 行：表头应为 code,name 或 代码,名称；请另存为 CSV 后再上传")
    names: dict[str, str] = {}
    for row in rows:
        if not any(one.strip() for one in row):
            continue
        if len(row) != 2 or not row[1].strip():
            raise ChangeRefused(f"第 {rows.line_num} 行：应有代码和名称两列；请改正")
        code = _level_code(row[0].strip(), rows.line_num)
        if code in names:
            raise ChangeRefused(f"第 {rows.line_num} 行：代码 {code} 出现了两次；请删去一处")
        names[code] = row[1].strip()
        if len(names) > MOST:
            raise ChangeRefused(f"超过 {MOST} 行；请按市分开上传")
    return names


def _text(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ChangeRefused("文件不是 UTF-8 或 GB 18030 的文本；请另存为 CSV（UTF-8）后再上传")


def _level_code(code: str, line: int) -> str:
    if not (len(code) in (6, 9, 12) and code.isascii() and code.isdigit()):
        raise ChangeRefused(f"第 {line} 行：{code[:20]} 不是 6、9 或 12 位的区划代码；请改正")
    if code[6:] == "0" * len(code[6:]):
        return code[:6]
    return code[:9] if code[9:] == "000" else code


def compare(listed: Mapping[str, str], places: Places, area: str) -> Comparison:
    """The list of an area (6 digits and more; 4 for a city) beside the tree; raises ChangeRefused for other places."""
    listed = {code: name for code, name in listed.items() if not (len(code) == 6 and code.endswith("00"))}
    outside = next((code for code in listed if not code.startswith(area)), "")
    if outside or not listed:
        why = f"{outside} 不在 {area} 之内；请只上传这个地方的代码表" if outside else "表里没有区划；请重新选择"
        raise ChangeRefused(why)
    there = {
        code: place.name
        for code, place in places.by_code.items()
        if code.startswith(area) and len(code) > len(area) and place.level in ("county", "town", "village")
    }
    _require_complete(listed, there)
    new = {code: name for code, name in listed.items() if code not in places.by_code}
    renamed = {code: name for code, name in listed.items() if code in there and there[code] != name}
    gone = {code: name for code, name in there.items() if code not in listed}
    return Comparison(new, renamed, gone, _heirs(gone, listed, new))


def _require_complete(listed: Mapping[str, str], there: Mapping[str, str]) -> None:
    for digits, level in ((9, "街道（乡镇）"), (12, "社区（村）")):
        if any(len(code) == digits for code in there) and not any(len(code) == digits for code in listed):
            raise ChangeRefused(f"表里没有{level}；请上传完整的代码表，否则现有的都会当作撤销")


def _heirs(gone: Mapping[str, str], listed: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """The code of the same name under the same parent or what it has become; a new code before others."""
    by_name: dict[tuple[str, str], list[str]] = {}
    for code in sorted(listed, key=lambda one: one not in new):
        by_name.setdefault((parent_of(code), listed[code]), []).append(code)
    heirs: dict[str, str] = {}
    for code in sorted(gone, key=len):
        parent = parent_of(code)
        found = by_name.get((heirs.get(parent) or parent, gone[code]), [])
        heirs[code] = found[0] if found else ""
    return heirs
