"""Which header is which column."""

from __future__ import annotations

import pytest

from canbao.batch.reading.headers import read_header
from canbao.batch.source_specs import SourceSpec
from canbao.batch.trouble import SourceTrouble
from canbao.law.reader import Law

SPEC = SourceSpec("household", "a.csv")


@pytest.mark.parametrize(
    "ssn", ["ssn", " SSN ", "社会保障号码", "社会 保障\u200b号码", "AAC002", "ａａｃ００２", "\ufeff身份证号"]
)
@pytest.mark.parametrize("name", ["name", "姓名", "姓　名", "Name"])
def test_ways_to_write_a_header(law: Law, ssn: str, name: str) -> None:
    heading = read_header(["备注", name, ssn], SPEC, law)
    assert heading.columns == {"ssn": 2, "name": 1}
    assert heading.ignored == ("备注",)


def test_configured_columns_go_first(law: Law) -> None:
    spec = SourceSpec("household", "a.csv", columns={"证件号": "ssn", "姓名": "hukou_address", "名字": "name"})
    heading = read_header(["社会保障号码", "证件号", "姓名", "名字"], spec, law)
    assert heading.columns == {"ssn": 1, "name": 3, "hukou_address": 2}
    assert heading.ignored == ("社会保障号码",)


def test_two_remarks_are_nobodys_business(law: Law) -> None:
    assert read_header(["ssn", "name", "备注", "备注", ""], SPEC, law).ignored == ("备注", "备注", "")


@pytest.mark.parametrize(
    ("names", "more", "problem"),
    [
        (["ssn", "姓名", "name"], {}, "有几列都是 姓名（name）：姓名（第 2 列）、name（第 3 列）"),
        (["ssn", "x"], {}, "缺少必需的列 姓名（name）（找过：name、姓名；文件里的列：ssn、x）"),
        (["ssn", "x"], {"columns": {"名字": "name"}}, "没有 columns 里写的列 名字（文件里的列：ssn、x）"),
        (["ssn", "名字", "名字"], {"columns": {"名字": "name"}}, "有 2 列都叫 名字"),
        (["ssn", "name"], {"where": "学段 = '1'"}, "没有 where 里写的列 学段"),
        (["", " "], {}, "表头是空的"),
        ([], {}, "表头是空的"),
        (["x"] * 2_001, {}, "表头超过 2000 列"),
        (["c" * 100] * 1_999, {}, "等 1999 列"),
    ],
)
def test_what_is_wrong_with_a_header(law: Law, names: list[str], more: dict[str, object], problem: str) -> None:
    with pytest.raises(SourceTrouble) as caught:
        read_header(names, SourceSpec("household", "a.csv", **more), law)  # type: ignore[arg-type]
    assert caught.value.place == "a.csv 第 1 行（表头）"
    assert problem in caught.value.problem
    assert caught.value.remedy
