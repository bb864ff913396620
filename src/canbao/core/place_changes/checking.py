"""Whether a change can be: what is refused, with the code and the remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from canbao.core.place_changes.rows import Row, expanded, new_names
from canbao.law.places import Places, parent_of

KINDS = {
    "new": "新设", "rename": "更名、改码", "merge": "撤并", "split": "拆分", "transfer": "划转社区（村）",
    "list": "年度代码表",
}  # fmt: skip
"""What a change is called; the law of all is the same."""
LARGEST_NAME = 60
JOINING = ("merge", "list")
"""Kinds in which a place may become part of one that is there already."""


class ChangeRefused(ValueError):
    """The change can't be; the message names the code and the remedy."""


def checked(kind: str, rows: Sequence[Row], places: Places) -> tuple[Row, ...]:
    """The rows written out (`expanded`), if the change can be on this tree; raises ChangeRefused."""
    if kind not in KINDS:
        raise ChangeRefused("不知道这是哪一种区划变更；请从新建页面重新选择")
    if not rows:
        raise ChangeRefused("没有要变更的区划；请至少写一行")
    for row in rows:
        _require_codes(row)
        _require_old(row, places)
    _require_one_city(rows)
    _require_no_ring(rows)
    written = expanded(rows, places)
    may_join = _may_join(kind, rows)
    _require_new(written, rows, may_join, places)
    _require_parents(written, places)
    _require_apart(written, may_join)
    if kind == "split":
        _require_all_settled(rows, places)
    return written


def _require_codes(row: Row) -> None:
    for code in filter(None, (row.old, row.new)):
        if not (len(code) in (6, 9, 12) and code.isascii() and code.isdigit()):
            raise ChangeRefused(f"{code} 不是区划代码；县级 6 位、街道（乡镇）9 位、社区（村）12 位")
        if len(code) == 6 and code.endswith("00"):
            raise ChangeRefused(
                f"{code} 是市级或省级；本系统不办市级以上区划的变更，请联系省级维护人员换用新的区划版本"
            )
    if not row.new:
        raise ChangeRefused(f"{row.old} 没有写承继的区划；撤销的区划必须写明由谁承继，否则里面的人没有去处")
    if row.old and len(row.old) != len(row.new):
        raise ChangeRefused(f"{row.old} 与 {row.new} 级别不同；承继的区划应与原来的同级")


def _require_old(row: Row, places: Places) -> None:
    if row.old in places.former:
        gone = places.former[row.old]
        heirs = "、".join(gone.successors)
        raise ChangeRefused(f"{row.old}（{gone.name}）已在 {gone.valid_to} 变更为 {heirs}，不能再变；请用现在的代码")
    if row.old and row.old not in places.by_code:
        raise ChangeRefused(f"没有区划 {row.old}；请从“区划”页查到代码后填写")
    if row.old == row.new and row.name in ("", places.by_code[row.old].name):
        raise ChangeRefused(f"{row.old} 的代码和名称都没有变；请删去这一行")
    if len(row.name) > LARGEST_NAME or any(not one.isprintable() for one in row.name):
        raise ChangeRefused(f"{row.new} 的名称太长或有看不见的字符；请写公布的名称，最多 {LARGEST_NAME} 个字")


def _require_one_city(rows: Iterable[Row]) -> None:
    cities = {code[:4] for row in rows for code in (row.old, row.new) if code}
    if len(cities) > 1:
        raise ChangeRefused(f"一次变更不能跨市（{'、'.join(sorted(cities))}）；跨市的调整请联系省级维护人员")


def _require_no_ring(rows: Sequence[Row]) -> None:
    twice = [code for code, many in Counter(row.old for row in rows if row.old).items() if many > 1]
    if twice:
        raise ChangeRefused(f"{twice[0]} 写了两次；一个区划只写一行，其余的按社区（村）分别写")
    moving = {row.old for row in rows if row.is_move}
    for row in rows:
        if row.new in moving and row.is_move:
            raise ChangeRefused(f"{row.old} → {row.new}，而 {row.new} 自己也要变更：成环或对调的变更不办；请改用新代码")


def _may_join(kind: str, said: Sequence[Row]) -> set[str]:
    """The old codes that may become part of another place: those that the change is about; in a yearly list, all."""
    level = min(len(row.new) for row in said)
    return {row.old for row in said if row.old and kind in JOINING and (kind == "list" or len(row.new) == level)}


def _require_new(written: Sequence[Row], said: Sequence[Row], may_join: set[str], places: Places) -> None:
    """A new code is one that nobody has had, or, where places are joined, one that is there and stays."""
    names = new_names(said, places)
    renamed = {row.new for row in said if row.old == row.new}
    for row in written:
        if row.new in places.former:
            raise ChangeRefused(f"{row.new} 曾是{places.former[row.new].name}的代码，撤销的代码不再用；请换一个")
        there = places.by_code.get(row.new)
        if there is None and not (names.get(row.new) or row.old):
            raise ChangeRefused(f"请写新的区划 {row.new} 的名称")
        if there is None or row.old == row.new:
            continue
        if row.old not in may_join or not row.is_said:
            raise ChangeRefused(f"{row.new} 已是{there.name}的代码；请给 {row.old or '新的区划'} 换一个代码")
        if row.new not in renamed and names[row.new] != there.name:
            raise ChangeRefused(f"{row.new} 现名{there.name}；要同时改名，请另写一行 {row.new} 改名")


def _require_parents(written: Sequence[Row], places: Places) -> None:
    gone = {row.old for row in written if row.is_move}
    coming = {row.new for row in written}
    for row in written:
        above = parent_of(row.new)
        if above in coming or (above in places.by_code and above not in gone):
            if above.endswith("00") and len(row.new) == 9 and not places.is_county(above):
                raise ChangeRefused(f"{row.new} 应在县级区划之下；请核对代码的前六位")
            continue
        why = "在这次变更中撤销" if above in gone else "不存在"
        raise ChangeRefused(f"{row.new} 的上级 {above} {why}；请核对代码的前几位，或先写明上级")


def _require_apart(written: Sequence[Row], may_join: set[str]) -> None:
    """Two places become one only where somebody says so, not because their last digits are the same."""
    first: dict[str, Row] = {}
    for row in written:
        other = first.setdefault(row.new, row)
        if other is not row and other.old and row.old and not {other.old, row.old} <= may_join:
            raise ChangeRefused(f"{other.old} 和 {row.old} 会得到同一个代码 {row.new}；请给其中一个另写一行新代码")


def _require_all_settled(rows: Sequence[Row], places: Places) -> None:
    """Whoever lies in a place that is split and gone must be told where to."""
    said = {row.old for row in rows}
    level = min(len(row.new) for row in rows)
    for row in (one for one in rows if one.is_move and len(one.old) == level):
        left = [one for one in places.children(row.old) if one.code not in said]
        if left:
            names = "、".join(f"{one.code} {one.name}" for one in left[:3])
            raise ChangeRefused(f"{row.old} 拆分撤销后还有 {len(left)} 个下级没有归属（{names} 等）；请逐个写明归属")
