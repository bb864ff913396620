"""Parquet: looked at in place, as text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reading_desk import Desk

from canbao.batch.trouble import SourceTrouble


def write(desk: Desk, file: str, **columns: Any) -> None:
    pq.write_table(pa.table(columns), desk.folder / file)


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pa.array(["044", "", None]), ["044", None, None]),
        (pa.array([440106199001011234, 1]), ["440106199001011234", "1"]),
        (pa.array([1.0, 12.5, 4.40106199001011234e17, None, float("nan")]), ["1", "12.5", "4.40106E+17", None, None]),
        (pa.array([1.0], pa.float32()), ["1"]),
        (pa.array([True, False, None]), ["1", "0", None]),
        (pa.array([date(2017, 6, 30)]), ["2017-06-30"]),
        (pa.array([datetime(2017, 6, 30), datetime(2017, 6, 30, 8, 30)]), ["2017-06-30", "2017-06-30 08:30:00"]),
        (pa.array([datetime(2017, 6, 29, 16, tzinfo=UTC)], pa.timestamp("us", "UTC")), ["2017-06-30"]),
        (pa.array([Decimal("1.50"), Decimal("10.00")]), ["1.5", "10"]),
        (pa.array(["甲", "甲"]).dictionary_encode(), ["甲", "甲"]),
        (pa.array(["甲".encode()]), ["甲"]),
    ],
)
def test_values_become_text(desk: Desk, values: pa.Array, texts: list[str | None]) -> None:
    write(desk, "a.parquet", AAC002=["1"] * len(values), 姓名=["张三"] * len(values), 住址=values)
    rows = desk.rows(desk.read(desk.spec("a.parquet")))
    assert [row[4] for row in rows] == texts
    assert [row[1] for row in rows] == list(range(2, len(values) + 2))


def test_nothing_is_copied(desk: Desk) -> None:
    write(desk, "a'[1].parquet", ssn=["1", "2"], name=["张三", "李四"])
    table = desk.read(desk.spec("a'[1].parquet", where="ssn = '2'"), desk.spec("a'[1].parquet"))
    assert desk.rows(table) == [(0, 3, "2", "李四", None), (1, 2, "1", "张三", None), (1, 3, "2", "李四", None)]
    assert [(file.rows_in, file.rows_filtered) for file in table.files] == [(2, 1), (2, 0)]
    assert list((desk.folder / "work").iterdir()) == []


def test_columns_that_differ_in_case_only(desk: Desk) -> None:
    write(desk, "a.parquet", ssn=["1"], SSN=["2"], name=["张三"])
    with pytest.raises(
        SourceTrouble, match=r"a.parquet 第 1 行（表头）：有几列都是.*ssn（第 1 列）、SSN（第 2 列）；请删去一列"
    ):
        desk.read(desk.spec("a.parquet"))


def test_nested(desk: Desk) -> None:
    write(desk, "a.parquet", ssn=["1"], name=[["张", "三"]])
    with pytest.raises(SourceTrouble, match=r"a.parquet 列 name：是嵌套类型.*；请展开"):
        desk.read(desk.spec("a.parquet"))


def test_missing_column(desk: Desk) -> None:
    write(desk, "a.parquet", ssn=["1"])
    with pytest.raises(SourceTrouble, match=r"a.parquet 第 1 行（表头）：缺少必需的列 姓名（name）.*columns = "):
        desk.read(desk.spec("a.parquet"))


def test_truncated(desk: Desk) -> None:
    write(desk, "a.parquet", ssn=["1"] * 100, name=["张三"] * 100)
    content = (desk.folder / "a.parquet").read_bytes()
    desk.put("a.parquet", content[:-20])
    with pytest.raises(SourceTrouble, match=r"a.parquet：不是完整的 Parquet 文件.*；请重新导出"):
        desk.read(desk.spec("a.parquet"))


def test_damage_inside(desk: Desk) -> None:
    numbers = [str(number * 7919) for number in range(50_000)]
    pq.write_table(pa.table({"ssn": numbers, "name": numbers}), desk.folder / "a.parquet", compression="zstd")
    content = bytearray((desk.folder / "a.parquet").read_bytes())
    content[100:100_000] = b"\xff" * 99_900
    desk.put("a.parquet", bytes(content))
    with pytest.raises(SourceTrouble, match=r"a.parquet：读到一半读不下去.*；请重新导出"):
        desk.read(desk.spec("a.parquet"))


def test_garbage_with_the_right_ending(desk: Desk) -> None:
    with pytest.raises(SourceTrouble, match=r"a.parquet：扩展名是 .parquet，内容像是文本.*重新导出"):
        desk.read(desk.put("a.parquet", "nothing"))
