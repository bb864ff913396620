"""Spreadsheets that are refused as a whole: each says where, what and what to do, and nothing personal."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from time import process_time

import pytest
import xlsxwriter

from canbao.survey.spreadsheets import MOST_ROWS, SheetRefused, opening, read_entries
from spreadsheet_desk import KEY, PEOPLE, cells_of, changed, column_of, entries, with_part, workbook_of

CONTENT = entries()
OUTCOME = column_of(CONTENT, "survey_outcome")
SHEET = "xl/worksheets/sheet1.xml"


def refused(content: bytes, *said: str, key: bytes = KEY) -> None:
    """Reading is refused with these words; nobody's name or number is among them."""
    with pytest.raises(SheetRefused) as caught:
        read_entries(content, key=key)
    for words in said:
        assert words in str(caught.value)
    assert caught.value.place.startswith("上传的表格")
    assert caught.value.remedy.startswith(("请", "一个文件"))
    for person in PEOPLE:
        assert person.name not in str(caught.value)
        assert person.ssn not in str(caught.value)


def packed(**parts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, text in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return content.getvalue()


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", ("是空文件",)),
        ("任务号,姓名\n11,陈一\n".encode(), ("不是 XLSX，内容像是文本（CSV）", "另存为 .xlsx")),
        (b"<html><table><tr><td>1</td></tr></table></html>", ("内容像是网页或 XML", "另存为 .xlsx")),
        (b"<!DOCTYPE html><html></html>", ("内容像是网页或 XML",)),
        (OLD, ("是旧版 Excel 文件（.xls、.et）", "另存为 .xlsx")),
        (OLD + "EncryptedPackage".encode("utf-16-le"), ("加了密码", "去掉打开密码")),
        (CONTENT[:5000], ("不是完整的 XLSX 工作簿",)),
        (packed(mimetype="application/vnd.oasis.opendocument.spreadsheet"), ("是 ODS 表格", "另存为 .xlsx")),
        (packed(xl__workbook_dot_bin="x"), ("二进制工作簿（.xlsb）", "另存为 .xlsx")),
        (packed(readme="x"), ("不是完整的 XLSX 工作簿",)),
    ],
)
def test_what_is_no_xlsx(content: bytes, said: tuple[str, ...]) -> None:
    refused(content, *said)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("xl/vbaProject.bin", "带有宏"),
        ("xl/VBAPROJECT.BIN", "带有宏"),
        ("xl/macrosheets/sheet1.xml", "带有宏表"),
        ("xl/externalLinks/externalLink1.xml", "链接到别的文件"),
        ("xl/connections.xml", "带有数据连接"),
        ("xl/queryTables/queryTable1.xml", "带有数据查询"),
        ("xl/embeddings/oleObject1.bin", "嵌入了别的文件"),
        ("xl/activeX/activeX1.bin", "带有控件"),
    ],
)
def test_what_does_or_fetches_something(part: str, said: str) -> None:
    refused(with_part(CONTENT, part, b"<x/>"), said)


def test_xml_that_fetches_something() -> None:
    entity = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    refused(with_part(CONTENT, SHEET, entity + b"<worksheet", b"<worksheet"), "XML 实体", "另存为 .xlsx")


def test_a_part_that_is_cut_or_changed() -> None:
    broken = bytearray(CONTENT)
    broken[CONTENT.index(SHEET.encode()) + 100] ^= 0xFF
    refused(bytes(broken), "不是完整的 XLSX 工作簿")


def test_packages_that_unpack_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST_UNPACKED", 50_000)
    refused(CONTENT, "解开后有", "最多 20,000 行")
    monkeypatch.setattr(opening, "MOST_PACKED", 10_000)
    refused(CONTENT, "删去图片")


@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("http://x.example","y")', "=[1]a!A1", "{=SUM(A1:A2)}"])
def test_formulas_are_named(formula: str) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name, rows in cells_of(CONTENT).items():
            sheet = book.add_worksheet(name)
            for line, cells in enumerate(rows):
                sheet.write_row(line, 0, [str(cell) for cell in cells])
        if formula.startswith("{"):
            book.get_worksheet_by_name("登记").write_array_formula(f"{OUTCOME}5:{OUTCOME}5", formula)
        else:
            book.get_worksheet_by_name("登记").write_formula(f"{OUTCOME}5", formula, None, "1")
    refused(content.getvalue(), f"工作表 登记 单元格 {OUTCOME}5：是公式", "选择性粘贴为数值")


def test_columns_that_are_not_as_they_were() -> None:
    whole = cells_of(CONTENT)
    sheet = whole["登记"]

    def with_sheet(rows: list[list[object]]) -> bytes:
        return workbook_of({**whole, "登记": rows})

    refused(
        with_sheet([line[:5] + line[6:] for line in sheet]),
        f"第 2 行 {OUTCOME} 列",
        "表头应为“调查结果”，现在是“调查方式”",
    )
    refused(with_sheet([line[:6] + line[5:] for line in sheet]), "第 2 行 G 列", "表头应为“调查方式”，现在是“调查结果”")
    refused(with_sheet([["", *line] for line in sheet]), "第 2 行 A 列", "表头应为“序号”，现在是空的")
    refused(changed(CONTENT, {f"{OUTCOME}3": "结果"}), f"第 3 行 {OUTCOME} 列", "应为“调查结果”，现在是别的文字")
    refused(changed(CONTENT, {f"{OUTCOME}3": "调查方式 *", "G3": "调查结果 *"}), f"第 3 行 {OUTCOME} 列", "不要增减")
    refused(with_sheet([*sheet[:1], *sheet[2:]]), "第 2 行 A 列（隐藏的列名行）", "表头应为“序号”")
    refused(with_sheet([*sheet[:2], *sheet[3:]]), "第 3 行 A 列")
    refused(changed(CONTENT, {"AC3": "我的备注"}), "第 3 行 AC 列", "表外多了一列")
    refused(changed(CONTENT, {"AC5": "x"}), "单元格 AC5：表外有内容")
    refused(
        workbook_of({name if name != "登记" else "Sheet1": rows for name, rows in whole.items()}), "没有工作表“登记”"
    )
    refused(changed(CONTENT, {"C3": PEOPLE[0].name}), "第 3 行 C 列", "应为“姓名”，现在是别的文字")
    refused(with_sheet([]), "第 2 行 A 列")


def test_templates_that_are_not_ours() -> None:
    whole = cells_of(CONTENT)
    without = workbook_of({name: rows for name, rows in whole.items() if name != "印记"})
    refused(without, "不是本系统发出的模板", "重新下载模板")
    refused(CONTENT, "不是本系统发出的模板，或印记被改动过", key=b"another key")
    for address, value in (("B3", "4"), ("B1", "0" * 64), ("B1", None), ("A3", "x"), ("B60", "999"), ("C59", "别人")):
        refused(changed(CONTENT, {address: value}, "印记"), "不是本系统发出的模板，或印记被改动过")
    refused(changed(CONTENT, {f"A{line}": None for line in range(1, 70)}, "印记"), "不是本系统发出的模板")


def test_rows_under_the_seal_of_another_village() -> None:
    another = entries([PEOPLE[1]])
    mixed = workbook_of({**cells_of(CONTENT), "印记": cells_of(another)["印记"]})
    assert {one.line for one in read_entries(mixed, key=KEY).errors} == {4, 6}


def many_rows(many: int, cells: int = 30) -> bytes:
    """The spreadsheet with so many rows written into its sheet."""
    row = "".join(f'<c r="{chr(65 + place % 26)}%d" t="inlineStr"><is><t>1 完成</t></is></c>' for place in range(cells))
    rows = "".join(f'<row r="{line}">{row.replace("%d", str(line))}</row>' for line in range(4, many + 4))
    return with_part(CONTENT, SHEET, f"{rows}</sheetData>".encode(), b"</sheetData>")


def test_200_000_rows_are_refused_without_reading_them_all() -> None:
    content = many_rows(200_000, cells=4)
    begun = process_time()
    refused(content, "工作表 登记：超过 20,000 行", "请按村（社区）分开")
    assert process_time() - begun < 2
    tracemalloc.start()
    refused(content, "超过 20,000 行")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40 << 20


def test_a_few_rows_too_many() -> None:
    refused(many_rows(MOST_ROWS + 10, cells=1), "超过 20,000 行")


def test_formatted_rows_without_a_value_are_not_counted() -> None:
    row = "".join(f'<row r="{line}"><c r="A{line}" s="1"/></row>' for line in range(7, 25_000)).encode()
    content = with_part(CONTENT, SHEET, row + b"</sheetData>", b"</sheetData>")
    assert read_entries(content, key=KEY).untouched == (11, 12, 13)


def test_far_cells() -> None:
    refused(changed(CONTENT, {"BBB5": "x"}), "有 1406 列", "删去表外的列")


def test_addresses_that_no_sheet_has() -> None:
    refused(with_part(CONTENT, SHEET, b'<c r="A99999999999999"', b'<c r="A5"'), "地址超出了表格的范围")
