"""What a change of places may be, what follows from it, and what a code was on another day's map."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canbao.core.place_changes import ChangeRefused, Row, checked, follow, successors, today_of, tree_after
from canbao.core.place_changes.comparing import compare, read_list
from canbao.core.place_changes.mapping import before, origins
from canbao.core.place_changes.proposing import proposed
from canbao.law.places import Places, read_places

TOWN, OTHER, NEW = "440604010", "440604011", "440604013"
TREE = read_places()
VILLAGES = [one.code for one in TREE.children(TOWN)]


def changed(*kinds_and_rows: tuple[str, list[Row]]) -> tuple[Places, list[tuple[Row, ...]]]:
    """The tree after some changes, and their rows written out."""
    tree, written = TREE, []
    for kind, rows in kinds_and_rows:
        written.append(checked(kind, rows, tree))
        tree = tree_after(written[-1], tree, "2026-12-01")
    return tree, written


@pytest.mark.parametrize(
    ("kind", "rows", "said"),
    [
        ("rename", [Row("440604099", NEW, "甲")], "没有区划 440604099"),
        ("rename", [Row(TOWN, "44060401", "甲")], "不是区划代码"),
        ("rename", [Row(TOWN, "440604010001", "甲")], "级别不同"),
        ("rename", [Row(TOWN, "440699010", "甲")], "上级 440699 不存在"),
        ("rename", [Row(TOWN, "440605090", "甲"), Row("440605", "440620", "乙")], "在这次变更中撤销"),
        ("rename", [Row(TOWN, "440103090", "甲")], "不能跨市"),
        ("rename", [Row("440600", "440601", "甲")], "市级"),
        ("rename", [Row(TOWN, TOWN, "石湾镇街道办事处")], "都没有变"),
        ("rename", [Row(TOWN, TOWN)], "都没有变"),
        ("rename", [Row(TOWN, OTHER)], "已是张槎街道办事处的代码"),
        ("rename", [Row(TOWN, OTHER), Row(OTHER, TOWN)], "成环或对调"),
        ("rename", [Row(TOWN, NEW), Row(NEW, TOWN)], "成环或对调|没有区划"),
        ("merge", [Row(TOWN, NEW, "甲"), Row(TOWN, OTHER)], "写了两次"),
        ("merge", [Row(TOWN, "")], "没有写承继"),
        ("merge", [Row(TOWN, OTHER)], "请给 440604010001 换一个代码|得到同一个代码"),
        ("merge", [Row(TOWN, NEW, "甲"), Row(OTHER, NEW)], "得到同一个代码"),
        ("merge", [Row(TOWN, OTHER, "新名字")], "要同时改名"),
        ("new", [Row("", NEW)], "请写新的区划"),
        ("new", [Row("", TOWN, "甲")], "已是"),
        ("new", [Row("", "440604013001", "甲")], "上级 440604013 不存在"),
        ("split", [Row(TOWN, NEW, "甲"), Row("", "440604014", "乙"), Row(VILLAGES[0], NEW + "001")], "没有归属"),
        ("transfer", [Row(VILLAGES[0], "440604011001")], "已是"),
        ("nothing", [Row(TOWN, NEW, "甲")], "不知道这是哪一种"),
        ("new", [], "没有要变更的"),
        ("new", [Row("", NEW, "甲" * 61)], "太长"),
    ],
)
def test_what_cannot_be_is_refused_with_code_and_remedy(kind, rows, said):
    with pytest.raises(ChangeRefused, match=said):
        checked(kind, rows, TREE)


def test_codes_that_are_gone_are_neither_changed_nor_given_again():
    tree, _ = changed(("rename", [Row(TOWN, NEW, "甲街道")]))
    with pytest.raises(ChangeRefused, match="已在 2026-12-01 变更为 440604013"):
        checked("rename", [Row(TOWN, "440604014")], tree)
    with pytest.raises(ChangeRefused, match="撤销的代码不再用"):
        checked("rename", [Row(NEW, TOWN)], tree)


def test_a_renamed_county_takes_all_below_along():
    tree, (rows,) = changed(("rename", [Row("440604", "440611", "新禅城区")]))
    assert len(rows) == 1 + sum(len(tree.children(one.code)) + 1 for one in tree.children("440611"))
    assert [one.name for one in tree.children("440600")][-1] == "新禅城区"
    assert tree.by_code["440611010001"].parent == "440611010"
    assert (
        tree.name("440604010001") == tree.name("440611010001") == "澜石社区居民委员会".replace("居民委员会", "居委会")
    )
    assert tree.former["440604"].successors == ("440611",) and tree.children("440604") == ()


def test_successors_of_what_is_divided_are_all_told():
    rows = checked("split", [Row("", NEW, "甲"), Row(VILLAGES[0], NEW + "001")], TREE)
    assert successors(rows)[TOWN] == (TOWN, NEW) and successors(rows)["440604"] == ("440604",)


def test_proposed_codes_keep_their_last_digits_where_these_are_free():
    found = proposed(VILLAGES, OTHER, TREE)
    assert len({*found.values()} | {one.code for one in TREE.children(OTHER)}) == len(VILLAGES) + len(
        TREE.children(OTHER)
    )
    assert proposed(VILLAGES, NEW, TREE) == {code: NEW + code[9:] for code in VILLAGES}


def test_the_map_of_an_earlier_day_is_told_as_far_as_it_can_be():
    villages = proposed(VILLAGES, OTHER, TREE)
    _, written = changed(("merge", [Row(TOWN, OTHER), *(Row(old, new) for old, new in villages.items())]))
    origin = origins((code for code in TREE.by_code if code.startswith("440604")), follow(written))
    assert before(villages[VILLAGES[0]], origin) == (VILLAGES[0],)
    assert before("440604011001", origin) == ("440604011001",)
    assert before(OTHER, origin) == (TOWN, OTHER)
    assert before("440604100999", origin) == ("440604100999",)


@settings(max_examples=20)
@given(st.permutations(VILLAGES[:3]), st.integers(1, 9))
def test_any_chain_of_moves_and_names_ends_where_the_last_one_says(order, many):
    """Villages wander between towns and get names; what has become of each is what going step by step gives."""
    tree, written, at = TREE, [], {code: code for code in order}
    for step in range(many):
        old = order[step % len(order)]
        parent = NEW if step % 2 else OTHER
        rows = [] if parent in tree.by_code else [Row("", parent, "甲街道")]
        (new,) = proposed([at[old]], parent, tree).values()
        kind = "split" if rows else "transfer"
        written.append(checked(kind, [*rows, Row(at[old], new, f"第{step}社区")], tree))
        tree = tree_after(written[-1], tree, "2026-12-01")
        at[old] = new
    now = follow(written)
    assert {code: today_of(code, now).code for code in order} == at
    assert all(today_of(code, now).name in ("", tree.name(new)) for code, new in at.items())


def listed(*, without: str = "", **other: str) -> bytes:
    """The list of 禅城区 as CSV, with twelve digits."""
    names = {code: one.name for code, one in TREE.by_code.items() if code.startswith("440604")}
    names = {code: name for code, name in names.items() if not (without and code.startswith(without))}
    names |= {code.removeprefix("c"): name for code, name in other.items()}
    return ("代码,名称\n" + "".join(f"{code.ljust(12, '0')},{name}\n" for code, name in names.items())).encode()


def test_a_yearly_list_is_compared_and_successors_are_proposed():
    moved = {f"c{NEW}{code[9:]}": TREE.name(code) for code in VILLAGES}
    text = listed(without=TOWN, **{f"c{NEW}": "石湾镇街道办事处", f"c{OTHER}": "新张槎街道"}, **moved)
    found = compare(read_list(text), TREE, "440604")
    assert found.renamed == {OTHER: "新张槎街道"} and len(found.gone) == len(VILLAGES) + 1
    assert found.heirs == {TOWN: NEW, **{code: NEW + code[9:] for code in VILLAGES}}
    rows = found.rows(found.heirs)
    assert all(row.new for row in rows) and not any(row.old == "" for row in rows)
    tree = tree_after(checked("list", rows, TREE), TREE, "2026-12-01")
    assert {code: one.name for code, one in tree.by_code.items() if code.startswith("440604") and len(code) > 6} == {
        code: name for code, name in read_list(text).items() if len(code) > 6
    }


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"a,b\n440604,x\n", "表头"),
        ("代码,名称\n440604\n".encode(), "第 2 行：应有"),
        ("代码,名称\n44060,甲\n".encode(), "不是 6、9 或 12 位"),
        ("代码,名称\n440604,甲\n440604000000,乙\n".encode(), "第 3 行：代码 440604 出现了两次"),
        (b"\xff\xfe\xff", "不是 UTF-8"),
        ("代码,名称\n440605,甲\n".encode("gb18030"), "不在 440604 之内"),
        ("代码,名称\n440604,禅城区\n".encode(), "没有街道"),
    ],
)
def test_an_odd_list_is_refused_with_its_line(raw, said):
    with pytest.raises(ChangeRefused, match=said):
        compare(read_list(raw), TREE, "440604")
