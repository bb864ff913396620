"""Surveyors and assignments by spreadsheet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from canbao.survey.spreadsheets import (
    SheetRefused,
    SurveyorRow,
    assignment_template,
    read_assignments,
    read_entries,
    read_surveyors,
    surveyor_template,
    with_errors,
)
from spreadsheet_desk import KEY, MARK, PEOPLE, STAMP, cells_of, changed, entries, workbook_of

SURVEYORS = [("0757-0001", "王五"), ("0757-0002", "赵六")]
ROWS = [
    replace(PEOPLE[0], prefill={"card": "0757-0001"}),
    replace(PEOPLE[1], prefill={}),
    replace(PEOPLE[2], prefill={}),
]
ASSIGNMENTS = assignment_template(ROWS, SURVEYORS, STAMP, MARK, key=KEY)
LIST = surveyor_template()


def with_surveyors(*rows: tuple[object, ...]) -> bytes:
    return changed(
        LIST,
        {f"{'ABCDEF'[place]}{line}": value for line, row in enumerate(rows, 4) for place, value in enumerate(row)},
        "调查员",
    )


def test_an_empty_list_of_surveyors() -> None:
    assert read_surveyors(LIST) == ((), ())
    assert cells_of(LIST)["调查员"][2] == ["姓名 *", "手机号码 *", "地区代码 *", "所在单位", "承接单位", "人员编号"]


def test_surveyors_are_read() -> None:
    content = with_surveyors(
        ("王五", 13900139000, "440106001001", "天河街道办", None, "S1"),
        (" 赵六 ", "１３８００１３８０００", 440106, None, "某公司", None)
    )  # fmt: skip
    assert read_surveyors(content) == (
        (
            SurveyorRow(4, "王五", "13900139000", "440106001001", "天河街道办", "", "S1"),
            SurveyorRow(5, "赵六", "13800138000", "440106", "", "某公司", ""),
        ),
        (),
    )


def test_wrong_surveyors_are_named_and_others_taken() -> None:
    content = with_surveyors(
        (None, "139", "4401", "某街道办"), ("钱七", "13700137000", "440106", None, None, "S2"),
        ("孙八", "13600136000", "440106", None, None, "S2"), ("王五", "13900139000", "440106"),
        ("李四", "13700137000", "440106"),
    )  # fmt: skip
    rows, errors = read_surveyors(content)
    assert [row.name for row in rows] == ["王五"]
    assert [(one.line, one.column, one.label) for one in errors] == [
        (4, "A", "姓名"), (4, "B", "手机号码"), (4, "C", "地区代码"), (5, "B", "手机号码"), (5, "F", "人员编号"),
        (6, "F", "人员编号"), (8, "B", "手机号码"),
    ]  # fmt: skip
    assert errors[2].says == "请填 6 位、9 位或 12 位的地区代码"
    assert errors[3].says == "在本表中出现了 2 次；请只留一行"
    given_back = with_errors(content, errors)
    assert [line[0] for line in cells_of(given_back)["调查员"][3:]] == ["", "钱七", "孙八", "李四"]
    assert [one.line for one in read_surveyors(given_back).errors] == [4, 4, 4, 5, 5, 6, 7]


def test_a_list_with_other_columns() -> None:
    with pytest.raises(SheetRefused, match=r"第 3 行 B 列：表头应为“手机号码”，现在是别的文字"):
        read_surveyors(changed(LIST, {"B3": "电话"}, "调查员"))
    with pytest.raises(SheetRefused, match="没有工作表“调查员”（有：登记、填表说明、印记）"):
        read_surveyors(entries())


def test_assignments_are_read() -> None:
    assert cells_of(ASSIGNMENTS)["分派"][3][5] == "0757-0001 王五"
    untouched = read_assignments(ASSIGNMENTS, key=KEY)
    assert (untouched.cards, untouched.errors, untouched.untouched) == ({}, (), (11, 12, 13))
    content = changed(ASSIGNMENTS, {"F4": "0757-0002", "F5": "0757-0002 赵六"}, "分派")
    read = read_assignments(content, key=KEY)
    assert (read.stamp, dict(read.cards), read.errors, read.untouched) == (
        STAMP, {11: "0757-0002", 12: "0757-0002"}, (), (13,)
    )  # fmt: skip
    assert (read.error_at(12, "证已过期").line, read.error_at(12, "证已过期").column) == (5, "F")


def test_wrong_assignments_are_named_and_others_taken() -> None:
    content = changed(ASSIGNMENTS, {"F4": None, "F5": "0757-0009", "F6": "0757-0001"}, "分派")
    read = read_assignments(content, key=KEY)
    assert dict(read.cards) == {13: "0757-0001"}
    assert [(one.line, one.column, one.says) for one in read.errors] == [
        (4, "F", "证号被清空了；要收回任务，请在系统里办理"), (5, "F", "没有这个调查员证号；请从下拉列表选")
    ]  # fmt: skip
    given_back = with_errors(content, read.errors)
    assert [line[1] for line in cells_of(given_back)["分派"][3:]] == ["11", "12"]
    again = read_assignments(changed(given_back, {"F4": "0757-0001 王五", "F5": "0757-0002"}, "分派"), key=KEY)
    assert (dict(again.cards), again.untouched, again.errors) == ({12: "0757-0002"}, (11,), ())


def test_a_changed_name_is_no_assignment() -> None:
    read = read_assignments(changed(ASSIGNMENTS, {"C4": "陈壹", "F4": "0757-0002"}, "分派"), key=KEY)
    assert (dict(read.cards), [one.label for one in read.errors]) == ({}, ["姓名"])


def test_one_sheet_for_another() -> None:
    with pytest.raises(SheetRefused, match="是“分派”的表，这里要的是“登记”的表；请到相应的页面上传"):
        read_entries(ASSIGNMENTS, key=KEY)
    with pytest.raises(SheetRefused, match="是“登记”的表，这里要的是“分派”的表"):
        read_assignments(entries(), key=KEY)
    renamed = workbook_of({"分派" if name == "登记" else name: rows for name, rows in cells_of(entries()).items()})
    with pytest.raises(SheetRefused, match="是“登记”的表"):
        read_assignments(renamed, key=KEY)
