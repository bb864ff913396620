"""CSV: encodings, separators, row numbers, broken rows."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_desk import HEADER, Desk

from canbao.batch.reading import csv_file
from canbao.batch.reading.contents import measure
from canbao.batch.reading.csv_text import Text
from canbao.batch.reading.headers import Heading
from canbao.batch.trouble import SourceTrouble

TWO = f"{HEADER}\n1,张三,甲\n2,李四,乙\n"
ROWS = [(0, 2, "1", "张三", "甲"), (0, 3, "2", "李四", "乙")]


def malformed(desk: Desk, content: str | bytes) -> tuple[list[int], list[int]]:
    """Row numbers that were read, and those that were not."""
    table = desk.read(desk.put("a.csv", content))
    rows = desk.rows(table)
    assert all(trouble.file == "a.csv" and f"第 {trouble.row} 行" in trouble.message for trouble in table.troubles)
    return [row[1] for row in rows], [one.row for one in table.troubles if one.check == "row_malformed"]


@pytest.mark.parametrize(
    "content",
    [
        TWO.encode(),
        TWO.encode("utf-8-sig"),
        TWO.encode("utf-16"),
        b"\xfe\xff" + TWO.encode("utf-16-be"),
        TWO.encode("gb18030"),
        TWO.rstrip("\n").encode(),
        TWO.replace("\n", "\r\n").encode(),
        TWO.replace("\n", "\r").encode(),
        (TWO + "\n\n").encode(),
        TWO.replace(",", "\t").encode(),
        TWO.replace(",", ";").encode("gb18030"),
        TWO.replace("甲", '"甲"').encode(),
        TWO.replace("甲\n", "甲\r\n").encode(),
    ],
)
def test_the_same_two_rows(desk: Desk, content: bytes) -> None:
    table = desk.read(desk.put("a.csv", content))
    assert desk.rows(table) == ROWS
    assert (table.files[0].rows_in, table.files[0].bytes, table.troubles) == (2, len(content), ())


def test_digits_stay_as_written(desk: Desk) -> None:
    table = desk.read(desk.put("a.csv", f"{HEADER}\n044010619900101123,007,1e5\n"))
    assert desk.rows(table) == [(0, 2, "044010619900101123", "007", "1e5")]


def test_rare_characters_of_gb18030(desk: Desk) -> None:
    table = desk.read(desk.put("a.csv", f"{HEADER}\n1,𬭎䶮,甲\n".encode("gb18030")))
    assert desk.rows(table) == [(0, 2, "1", "𬭎䶮", "甲")]


def test_header_only(desk: Desk) -> None:
    table = desk.read(desk.put("a.csv", HEADER))
    assert (desk.rows(table), table.files[0].rows_in) == ([], 0)


def test_columns_missing_from_the_file_are_null(desk: Desk) -> None:
    table = desk.read(desk.put("a.csv", "AAC002,Name,备注\n1,张三,x\n"))
    assert desk.rows(table) == [(0, 2, "1", "张三", None)]
    assert table.files[0].columns == {"ssn": "AAC002", "name": "Name"}
    assert table.files[0].ignored == ("备注",)


def test_several_files(desk: Desk) -> None:
    first, second = desk.put("a.csv", TWO), desk.put("it's [b].csv", TWO.encode("gb18030"))
    table = desk.read(first, second)
    assert desk.rows(table) == ROWS + [(1, *row[1:]) for row in ROWS]
    assert [file.label for file in table.files] == ["a.csv", "it's [b].csv"]


def test_too_few_and_too_many_columns(desk: Desk) -> None:
    content = f"{HEADER}\n1,张三\n2,李四,乙\n3,王五,丙,丁,戊\n4,赵六,丁\n  \n"
    assert malformed(desk, content) == ([3, 5], [2, 4, 6])


def test_rejected_rows_at_both_ends(desk: Desk) -> None:
    lines = [HEADER, "x", "y", *(f"{number},张三,甲" for number in range(4, 50)), "z", "50,张三,甲", "w"]
    table = desk.read(desk.put("a.csv", "\n".join(lines)))
    assert [row[1] for row in desk.rows(table)] == [*range(4, 50), 51]
    assert [one.row for one in table.troubles] == [2, 3, 50, 52]
    assert desk.rows(table)[0][2] == "4"


def test_a_line_break_inside_a_value_is_one_record(desk: Desk) -> None:
    table = desk.read(desk.put("a.csv", f'{HEADER}\n1,张三,"甲\n\n乙"\n2,李四\n3,王五,"说""话"\n'))
    assert desk.rows(table) == [(0, 2, "1", "张三", "甲\n\n乙"), (0, 4, "3", "王五", '说"话')]
    assert [one.row for one in table.troubles] == [3]


def test_blank_lines_are_numbered_but_no_records(desk: Desk) -> None:
    assert malformed(desk, f"{HEADER}\n1,张三,甲\n\n\n2,李四,乙\n\n3\n4,赵六,丁\n\n") == ([2, 5, 8], [7])


def test_a_line_of_separators_is_a_record(desk: Desk) -> None:
    assert malformed(desk, f"{HEADER}\n,,\n1,张三,甲\n") == ([2, 3], [])


@pytest.mark.parametrize("broken", ['1,"张三,甲', '1,"张"三,甲', '1,张"三,"甲', '1,张三,"'])
def test_a_broken_quote_costs_one_row(desk: Desk, broken: str) -> None:
    after = "\n".join(f"{number},李四,乙" for number in range(4, 2_000))
    rows, bad = malformed(desk, f'{HEADER}\n2,李四,乙\n{broken}\n{after}\n2000,王五,"丙"\n')
    assert bad == [3]
    assert rows == [2, *range(4, 2_001)]


def test_a_quote_left_open_before_a_long_file(desk: Desk) -> None:
    body = "".join(f"{number},李四,某街道某号\n" for number in range(3, 400_000))
    rows, bad = malformed(desk, f'{HEADER}\n2,"张三,甲\n{body}')
    assert bad == [2]
    assert (len(rows), rows[0], rows[-1]) == (399_997, 3, 399_999)


def test_a_very_long_value(desk: Desk) -> None:
    long = "长" * 1_000_000
    table = desk.read(desk.put("a.csv", f"{HEADER}\n1,张三,{long}\n2,李四,{long * 4}\n3,王五,丙\n"))
    assert [(row[1], len(row[4])) for row in desk.rows(table)] == [(2, 1_000_000), (4, 1)]
    assert "超过 8 MB" in table.troubles[0].message


def test_a_line_in_another_encoding_is_noted(desk: Desk) -> None:
    line = "2,李四·𬭎,乙\n"
    for main, other in (("utf-8", "gb18030"), ("gb18030", "utf-8")):
        content = TWO.encode(main) + line.encode(other) + TWO.partition("\n")[2].encode(main)
        table = desk.read(desk.put("a.csv", content))
        assert desk.rows(table)[2] == (0, 4, "2", "李四·𬭎", "乙")
        assert [(one.check, one.row) for one in table.troubles] == [("encoding_mixed", 4)]
        assert other.upper() in table.troubles[0].message


def test_mixed_encoding_counts_records(desk: Desk) -> None:
    content = f'{HEADER}\n1,张三,"甲\n甲"\n'.encode() + "2,李四,乙\n".encode("gb18030")
    table = desk.read(desk.put("a.csv", content))
    assert [(one.check, one.row) for one in table.troubles] == [("encoding_mixed", 3)]
    assert [row[1] for row in desk.rows(table)] == [2, 3]


def test_where_looks_at_our_columns_and_at_theirs(desk: Desk) -> None:
    desk.put("a.csv", "ssn,name,学段\n1,张三,小学\n2,李四,成人\n3,王五,\n4,赵六,大学\n")
    spec = desk.spec("a.csv", where="学段 <> '成人' AND NOT name IN ('赵六')")
    table = desk.read(spec)
    assert [row[2] for row in desk.rows(table)] == ["1"]
    assert (table.files[0].rows_in, table.files[0].rows_filtered) == (4, 3)


TROUBLES = [
    (b"", "a.csv", "空文件", "重新导出"),
    (b"\n" + TWO.encode(), "第 1 行（表头）", "表头是空的", "删去上面的空行"),
    (b",,\n1,2,3\n", "第 1 行（表头）", "表头是空的", "列名"),
    (
        "社会保障号码,住址\n1,甲\n".encode(),
        "第 1 行（表头）",
        "缺少必需的列 姓名（name）",
        'columns = {"文件里的列名" = "name"}',
    ),
    (
        "身份证号,社会保障号码,姓名\n1,1,甲\n".encode(),
        "第 1 行（表头）",
        "身份证号（第 1 列）、社会保障号码（第 2 列）",
        "columns",
    ),
    (TWO.encode() + b"3,\0,x\n", "a.csv 第 4 行", "NUL", "重新导出"),
    (TWO.encode("utf-16-le"), "a.csv 第 1 行", "NUL", "utf-16-le"),
    ("\ufeff1,\0\n".encode("utf-16-le"), "a.csv 第 1 行", "NUL", "重新导出"),
    (TWO.encode() + b"3,\xff,x\n", "a.csv 第 4 行第 3 列", "0xFF", "另存为 UTF-8"),
    (TWO.encode("gb18030") + "3,王五".encode("gb18030") + b"\xff\n", "a.csv 第 4 行第 5 列", "GB18030", "另存为 UTF-8"),
    (TWO.encode("utf-16")[:-1], "第 3 行", "utf-16", "另存为 UTF-8"),
    (",".join(f"c{number}" for number in range(1_000_000)).encode(), "第 1 行（表头）", "超过 2000 列", "分隔符"),
    (",".join(f'"c{number}"' for number in range(3_000)).encode() + b"\n", "表头", "超过 2000 列", "分隔符"),
    (b"x" * 2_000_000, "第 1 行（表头）", "表头超过 1 MB", "换行"),
    (b'"ssn,name\n1,2\n', "第 1 行（表头）", "引号没有成对", "改正表头"),
    (b"PK\x03\x04rest", "a.csv", "扩展名是 .csv，内容像是XLSX", ".xlsx"),
    (b"\xd0\xcf\x11\xe0rest", "a.csv", "旧版 Excel", "另存为 .xlsx"),
    (b"<html><table>", "a.csv", "网页", "另存为 .xlsx"),
]


@pytest.mark.parametrize(
    ("content", "place", "problem", "remedy"), TROUBLES, ids=[str(n) for n in range(len(TROUBLES))]
)
def test_what_can_not_be_read(desk: Desk, content: bytes, place: str, problem: str, remedy: str) -> None:
    with pytest.raises(SourceTrouble) as caught:
        desk.read(desk.put("a.csv", content))
    assert "a.csv" in caught.value.place
    assert place in caught.value.place
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
    assert caught.value.exit_status == 2


def test_wrong_encoding_in_the_configuration(desk: Desk) -> None:
    desk.put("a.csv", TWO.encode("gb18030"))
    with pytest.raises(SourceTrouble, match=r"配置写的是 UTF-8，内容却是 GB18030；请删去 encoding"):
        desk.read(desk.spec("a.csv", encoding="utf-8"))
    assert desk.rows(desk.read(desk.spec("a.csv", encoding="gb18030"))) == ROWS


def test_encodings_that_must_be_said(desk: Desk) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        desk.put("a.csv", TWO.encode(encoding))
        spec = desk.spec("a.csv", encoding=encoding)
        assert desk.rows(desk.read(spec)) == ROWS


def test_an_endless_line(desk: Desk) -> None:
    desk.put("a.csv", TWO.encode("gb18030") + b"\xd0" + b"x" * (65 << 20))
    with pytest.raises(SourceTrouble, match=r"有一行超过 64 MB；请检查换行"):
        desk.read(desk.spec("a.csv"))


def test_a_file_that_hardly_fits_its_header(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "MOST_MALFORMED", 10)
    for broken in ("x\n", '"x\n'):
        with pytest.raises(SourceTrouble, match=r"a.csv：有 .* 行以上与表头对不上.*请检查分隔符"):
            desk.read(desk.put("a.csv", f"{HEADER}\n" + broken * 20))


def test_directory_missing_and_special_files(desk: Desk) -> None:
    (desk.folder / "folder.csv").mkdir()
    for path in (desk.folder / "folder.csv", desk.folder / "none.csv"):
        with pytest.raises(SourceTrouble, match=f"{path.name}：不是普通文件；请核对路径"):
            desk.read(desk.spec(path.name))
    with pytest.raises(SourceTrouble, match=r"不是普通文件"):
        desk.read(desk.spec("/dev/zero"))


def test_sheet_of_a_text(desk: Desk) -> None:
    desk.put("a.csv", TWO)
    with pytest.raises(SourceTrouble, match=r"没有工作表；请删去 sheet"):
        desk.read(desk.spec("a.csv", sheet="1"))


LINES = [
    "x,y,z",
    '"q",r,"s"',
    '1,"m\nn",3',
    "x,y",
    "x,y,z,w",
    "x,y,z,",
    'x,"y,z',
    '"a"b,c,d',
    ",,",
    "",
    "x",
    '"k""l",m,n',
]


@settings(max_examples=150)
@given(st.lists(st.sampled_from(LINES), max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_both_ways_to_read_agree(lines: list[str], end: str) -> None:
    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder, "a.csv")
        path.write_bytes(end.join(["ssn,name,k", *lines, ""]).encode())
        heading = Heading(("ssn", "name", "k"), {"ssn": 0, "name": 1, "k": 2}, {})
        counted = measure(path, "a.csv", text=True).counted
        file = csv_file.Csv("a.csv", Text(path, counted), ",", heading, Path(folder, "kept.parquet"))
        quick = csv_file._quickly(connection, file)
        rows = connection.execute(f"{quick[1]} ORDER BY row").fetchall() if quick else []
        slow = csv_file._with_care(file)
        if quick:
            assert rows == connection.execute(f"{slow[1]} ORDER BY row").fetchall()
            assert [one.row for one in quick[2]] == [one.row for one in slow[2]]
        elif not set(lines) & {"", 'x,"y,z', LINES[2]}:
            raise AssertionError("read with care though nothing is odd")
