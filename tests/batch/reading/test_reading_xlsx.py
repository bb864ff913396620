"""XLSX: the values of one sheet, and the workbooks that are refused."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from reading_desk import Desk

from canbao.batch.reading import xlsx_extent
from canbao.batch.trouble import SourceTrouble

HEADER = ["社会保障号码", "姓名", "住址"]


def workbook(path: Path, **sheets: list[list[Any]]) -> None:
    """Write sheets of values; days get a day's format."""
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, values in enumerate(rows):
            for column, value in enumerate(values):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, day)
                elif value is not None:
                    sheet.write(number, column, value)
    book.close()


def altered(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    """Write the workbook anew with one part changed."""
    with zipfile.ZipFile(path) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def test_values_become_text(desk: Desk) -> None:
    values = [
        ("044", "044"), (1, "1"), (12.5, "12.5"), (999999999999999, "999999999999999"), (-3, "-3"),
        (440106199001011234, "4.40106E+17"), (True, "1"), (False, "0"), (date(2017, 6, 30), "2017-06-30"),
        (datetime(2017, 6, 30, 8, 30), "2017-06-30 08:30:00"), ("#N/A", "#N/A"),
    ]  # fmt: skip
    workbook(desk.folder / "a.xlsx", 甲=[HEADER, *(["1", "张三", value] for value, _ in values)], 空=[])
    table = desk.read(desk.spec("a.xlsx"))
    assert [row[4] for row in desk.rows(table)] == [text for _, text in values]
    assert table.files[0].rows_in == len(values)


def test_blank_rows_are_numbered_but_no_records(desk: Desk) -> None:
    rows = [HEADER, ["1", "张三"], [None], [], ["2", "李四", "乙"], [None, None, "丙"]]
    workbook(desk.folder / "a.xlsx", 甲=rows)
    read = desk.rows(desk.read(desk.spec("a.xlsx")))
    assert read == [(0, 2, "1", "张三", None), (0, 5, "2", "李四", "乙"), (0, 6, None, None, "丙")]


def test_a_table_that_does_not_begin_in_column_a(desk: Desk) -> None:
    workbook(desk.folder / "a.xlsx", 甲=[[None, *HEADER], [None, "1", "张三", "甲"]])
    assert desk.rows(desk.read(desk.spec("a.xlsx"))) == [(0, 2, "1", "张三", "甲")]


def test_a_sheet_by_name(desk: Desk) -> None:
    workbook(desk.folder / "a.xlsx", 甲=[HEADER, ["1", "张三"]], 乙=[HEADER, ["2", "李四"]])
    table = desk.read(desk.spec("a.xlsx", sheet="乙", label="a.xlsx#乙"))
    assert [row[2] for row in desk.rows(table)] == ["2"]
    with pytest.raises(
        SourceTrouble, match=r'a.xlsx：有几张工作表都有内容：甲、乙；请在 city.toml 里写明，例如 sheet = "甲"'
    ):
        desk.read(desk.spec("a.xlsx"))
    with pytest.raises(SourceTrouble, match=r"a.xlsx：没有工作表 丙（有：甲、乙）；请核对 city.toml 的 sheet"):
        desk.read(desk.spec("a.xlsx", sheet="丙"))


def refused(desk: Desk, *said: str) -> None:
    """Reading a.xlsx is refused with these words."""
    with pytest.raises(SourceTrouble) as caught:
        desk.read(desk.spec("a.xlsx"))
    assert "a.xlsx" in caught.value.place
    for words in said:
        assert words in str(caught.value)


def test_empty_sheets(desk: Desk) -> None:
    workbook(desk.folder / "a.xlsx", 甲=[], 乙=[])
    refused(desk, "所有工作表都是空的（甲、乙）", "至少要有表头")


def test_a_title_above_the_header(desk: Desk) -> None:
    workbook(desk.folder / "a.xlsx", 甲=[[], HEADER, ["1", "张三"]])
    refused(desk, "第 1 行（表头）", "表头是空的", "删去上面的空行和标题行")


def test_merged_header(desk: Desk) -> None:
    book = xlsxwriter.Workbook(str(desk.folder / "a.xlsx"))
    sheet = book.add_worksheet("甲")
    sheet.merge_range(0, 0, 0, 2, "2017年名单")
    sheet.write_row(1, 0, HEADER)
    book.close()
    refused(desk, "工作表 甲 第 1 行（表头）", "表头有合并单元格", "请取消合并")


def test_duplicate_header(desk: Desk) -> None:
    workbook(desk.folder / "a.xlsx", 甲=[["社会保障号码", "姓名", "姓名"], ["1", "张三", "李四"]])
    refused(desk, "姓名（第 2 列）、姓名（第 3 列）", "columns")


def test_formulas(desk: Desk) -> None:
    book = xlsxwriter.Workbook(str(desk.folder / "a.xlsx"))
    sheet = book.add_worksheet("甲")
    sheet.write_row(0, 0, HEADER)
    for number in range(1, 40_000):
        sheet.write_row(number, 0, ["1", "张三", "某街道某号某室"])
    sheet.write_formula(40_000, 2, '=WEBSERVICE("http://example.invalid")', None, "x")
    book.close()
    refused(desk, "工作表 甲 单元格 C40001", "是公式", "粘贴为数值")


def test_formulas_of_another_sheet_do_not_matter(desk: Desk) -> None:
    workbook(desk.folder / "a.xlsx", 甲=[HEADER, ["1", "张三"]], 统计=[["合计", "=COUNTA(甲!A:A)"]])
    assert len(desk.rows(desk.read(desk.spec("a.xlsx", sheet="甲")))) == 1


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "docProps/app.xml"]
)
def test_external_entities(desk: Desk, part: str) -> None:
    workbook(desk.folder / "a.xlsx", 甲=[HEADER, ["1", "张三"]])
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    altered(desk.folder / "a.xlsx", part, lambda xml: xml.replace(b"?>", b"?>" + entity, 1))
    refused(desk, part, "XML 实体", "另存为")


def test_bomb(desk: Desk) -> None:
    workbook(desk.folder / "a.xlsx", 甲=[HEADER, ["1", "张三"]])
    altered(desk.folder / "a.xlsx", "docProps/app.xml", lambda xml: xml + b" " * (70 << 20))
    refused(desk, "疑为压缩炸弹", "请核对来历")


def test_two_cells_far_apart(desk: Desk) -> None:
    workbook(desk.folder / "a.xlsx", 甲=[HEADER, ["1", "张三"]])
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    altered(desk.folder / "a.xlsx", "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", cell))
    refused(desk, "工作表 甲", "1048576 行 16384 列，却几乎是空的", "删去数据区以外的单元格")


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"PK\x03\x04" + b"\0" * 1000])
def test_broken_archive(desk: Desk, content: bytes) -> None:
    desk.put("a.xlsx", content)
    refused(desk, "不是完整的 XLSX", "另存为 .xlsx")


def test_truncated(desk: Desk) -> None:
    workbook(desk.folder / "a.xlsx", 甲=[HEADER, ["1", "张三"]])
    content = (desk.folder / "a.xlsx").read_bytes()
    desk.put("a.xlsx", content[: len(content) // 2])
    refused(desk, "不是完整的 XLSX", "另存为 .xlsx")


def test_a_zip_that_is_no_workbook(desk: Desk) -> None:
    with zipfile.ZipFile(desk.folder / "a.xlsx", "w") as package:
        package.writestr("readme.txt", "x")
    refused(desk, "不是完整的 XLSX", "另存为 .xlsx")


def test_broken_sheet(desk: Desk) -> None:
    workbook(desk.folder / "a.xlsx", 甲=[HEADER, ["1", "张三"]])
    altered(desk.folder / "a.xlsx", "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) - 60])
    refused(desk, "工作表 甲", "读不出来", "另存为 .xlsx")


def test_old_or_encrypted(desk: Desk) -> None:
    desk.put("a.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    refused(desk, "旧版 Excel（.xls、.et）或加了密码", "去掉密码，另存为 .xlsx")


def test_encoding_of_a_workbook(desk: Desk) -> None:
    workbook(desk.folder / "a.xlsx", 甲=[HEADER])
    with pytest.raises(SourceTrouble, match=r"请删去 encoding"):
        desk.read(desk.spec("a.xlsx", encoding="utf-8"))


def test_too_wide(desk: Desk) -> None:
    workbook(desk.folder / "a.xlsx", 甲=[[f"c{number}" for number in range(2_001)]])
    refused(desk, "第 1 行（表头）", "表头超过 2000 列")


def test_column_letters() -> None:
    assert [xlsx_extent._column(letters) for letters in (b"A", b"Z", b"AA", b"XFD")] == [1, 26, 27, 16384]


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="B99999999999999"><v>1</v></c>', b'<c r="B1048577"><v>1</v></c>', b'<c r="XFE3"><v>1</v></c>',
        b'<c r="ZZZZZZ3"><v>1</v></c>', b'<c r="b9999999"><v>1</v></c>', b'<c t="n"r="B9999999"><v>1</v></c>',
        b"<c r='B&#57;999999'><v>1</v></c>", b'</row><row r="9999999"><c><v>1</v></c>',
    ],
)  # fmt: skip
def test_addresses_that_no_sheet_has(desk: Desk, cell: bytes) -> None:
    """Memory is taken for all cells up to there: where there is not enough of it, the process would be gone."""
    workbook(desk.folder / "a.xlsx", 甲=[HEADER, ["1", "张三"]])
    altered(
        desk.folder / "a.xlsx", SHEET, lambda text: text.replace(b"</row></sheetData>", cell + b"</row></sheetData>")
    )
    refused(desk, "工作表 甲", "地址超出了表格的范围", "另存为 .xlsx")


def test_far_cells_without_an_address(desk: Desk) -> None:
    workbook(desk.folder / "a.xlsx", 甲=[HEADER, ["1", "张三"]])
    wide = b"<c><v>1</v></c>" * 9_000 + b'</row><row r="1048576"><c><v>1</v></c></row></sheetData>'
    altered(desk.folder / "a.xlsx", SHEET, lambda text: text.replace(b"</row></sheetData>", wide))
    refused(desk, "工作表 甲", "却几乎是空的")


def test_cells_without_addresses_are_read(desk: Desk) -> None:
    workbook(desk.folder / "a.xlsx", 甲=[HEADER, ["1", "张三"]])
    altered(desk.folder / "a.xlsx", SHEET, lambda text: re.sub(rb' r="[A-Z]*[0-9]+"', b"", text))
    assert desk.rows(desk.read(desk.spec("a.xlsx"))) == [(0, 2, "1", "张三", None)]


def test_an_encoding_that_nobody_knows(desk: Desk) -> None:
    workbook(desk.folder / "a.xlsx", 甲=[HEADER])
    altered(desk.folder / "a.xlsx", "xl/workbook.xml", lambda text: text.replace(b"UTF-8", b"UTFC8"))
    refused(desk, "不是完整的 XLSX 工作簿")
