"""evidence.parquet: which household, card or labour row could give an item that is completed."""

from __future__ import annotations

import pyarrow.parquet as pq

from canbao.batch.steps.write import EVIDENCE_COLUMNS
from cleaning_desk import COVER, HOME, UNIT, CleaningDesk, number

ONE, TWO = number(31), number(32)
NOWHERE = {**HOME, "residence_address": "", "hukou_village_code": ""}


def held(desk: CleaningDesk) -> dict[tuple[str, int], str | None]:
    """What each row holds, by source and row counted from 1."""
    rows = desk.clean().tables["evidence"]
    return {(one["kind"], one["row"] - 1): one["holds"] for one in rows}


def test_a_row_holds_the_items_that_it_has(desk: CleaningDesk) -> None:
    desk.put(
        "household",
        {"ssn": ONE, "name": "张三", **HOME, "mobile": "13800000001"},
        {"ssn": TWO, "name": "李四", **HOME},
    )
    desk.put("card", {"ssn": ONE, "name": "张三", "mobile": "13800000002"}, {"ssn": TWO, "name": "李四"})
    desk.put(
        "labour", {"ssn": ONE, "name": "张三", "employed": "1", **UNIT}, {"ssn": TWO, "name": "李四", "employed": "0"}
    )
    desk.put("death", {"ssn": TWO, "name": "李四", "death_date": "2017-03-01"})
    assert held(desk) == {
        ("household", 1): "mobile,residence_address",
        ("household", 2): "residence_address",
        ("card", 1): "mobile",
        ("card", 2): None,
        ("labour", 1): "unit",
        ("labour", 2): None,
        ("death", 1): None,
    }


def test_of_competing_rows_only_the_one_that_stands_holds_anything(desk: CleaningDesk) -> None:
    desk.put(
        "household",
        {"ssn": ONE, "name": "张三", **NOWHERE, "mobile": "13800000001"},
        {"ssn": ONE, "name": "张三", **HOME},
    )
    desk.put(
        "card",
        {"ssn": ONE, "name": "张三", "mobile": "13800000003", "residence_address": "甲路1号"},
        {"ssn": ONE, "name": "张三", "mobile": "13800000002"},
    )
    desk.put(
        "labour",
        {"ssn": ONE, "name": "张三", "employed": "1", "registered_on": "2015-01-01", **UNIT},
        {"ssn": ONE, "name": "张三", "employed": "1", "registered_on": "2016-01-01", "unit_name": "新公司"},
    )
    assert held(desk) == {
        ("household", 1): None,
        ("household", 2): "residence_address",
        ("card", 1): None,
        ("card", 2): "mobile",
        ("labour", 1): None,
        ("labour", 2): "unit",
    }
    person = desk.clean().person(ONE)
    assert (person["mobile"], person["residence_address"], person["unit_name"]) == (
        "13800000002", HOME["residence_address"], "新公司",
    )  # fmt: skip


def test_rows_written_in_an_odd_way_hold_items_too(desk: CleaningDesk) -> None:
    desk.put("household", {"ssn": ONE.lower() + " ", "name": "张 三", **HOME, "mobile": " 13800000001"})
    desk.put("insurance", {"ssn": ONE, "name": "张三", "insurance_type": "emp_pension", **COVER})
    assert held(desk) == {("household", 1): "mobile,residence_address"}


def test_the_columns_are_those_of_the_contract(desk: CleaningDesk) -> None:
    desk.put("household", {"ssn": ONE, "name": "张三", **HOME})
    schema = pq.read_schema(desk.clean().folder / "evidence.parquet")
    assert tuple(schema.names) == EVIDENCE_COLUMNS == ("ssn", "kind", "quality", "source", "row", "holds")
