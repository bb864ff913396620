"""A city data officer with docs/contract.md alone: configure, clean, ask why, pack, verify."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from canbao.commands import main
from canbao.core.numbering.resident import check_character

ONE, TWO, CHILD = (
    digits + check_character(digits) for digits in ("44060419800101001", "44060419800101002", "44060420100101001")
)
HOUSEHOLD = [
    ("社会保障号码", "姓名", "户口所在地", "常住所在地地址", "户口所在地行政区划代码", "户口所在街道(乡镇)名称",
     "户口所在街道(乡镇)编号", "户口所在社区(村)名称", "户口所在社区(村)编号", "生存状态"),
    *((ssn, name, "佛山市禅城区样例路1号", "佛山市禅城区样例路1号", "440604", "祖庙街道", "440604010", "样例社区",
       "440604010001", "正常") for ssn, name in ((ONE, "张三"), (TWO, "李𬭎"), (CHILD, "王五"))),
]  # fmt: skip
CONFIG = """
[run]
division = "440600"
as_of    = 2017-06-30
profile  = "guangdong_2017"
[sources]
household = "户籍.csv"
insurance = ["养老.parquet", "医疗.xlsx"]
school    = {path = "学籍.csv", columns = {"证件" = "ssn", "学生" = "name"}}
"""
FILES = {"persons", "insurances", "evidence", "findings", "conflicts", "survey"}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four sources as cities send them, and the configuration."""
    folder = tmp_path_factory.mktemp("city")
    lines = "\r\n".join(",".join(row) for row in HOUSEHOLD) + "\r\n"
    (folder / "户籍.csv").write_bytes(lines.encode("gb18030"))
    pension = {"AAC002": [ONE], "AAC003": ["张三"], "AAE140": ["110"], "AAC031": ["1"], "AAC030": ["20100101"],
               "region_code": ["440604"], "AAB001": ["D0001"], "AAB004": ["样例公司"], "AAB019": ["10"]}  # fmt: skip
    pq.write_table(pa.table(pension), folder / "养老.parquet")
    book = xlsxwriter.Workbook(folder / "医疗.xlsx")
    sheet = book.add_worksheet("参保")
    sheet.write_row(0, 0, ["社会保障号码", "姓名", "险种", "缴费状态", "参保日期", "参保地"])
    sheet.write_row(1, 0, [TWO, "李𬭎", "城乡居民基本医疗保险", "3.终止缴费", "2012年1月1日", "440604"])
    book.close()
    (folder / "学籍.csv").write_text(f"证件,学生\n{CHILD},王五\n", encoding="utf-8-sig")
    (folder / "city.toml").write_text(CONFIG, encoding="utf-8")
    assert main(["clean", str(folder / "city.toml"), "--out", str(folder / "OUT"), "--quiet"]) == 0
    return folder


def persons(city: Path) -> dict[str, dict[str, Any]]:
    answer = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(city / "OUT" / "persons.parquet")])
    names = [column[0] for column in answer.description or ()]
    return {row[0]: dict(zip(names, row, strict=True)) for row in answer.fetchall()}


def test_the_promised_files_are_there(city: Path) -> None:
    names = {file.name for file in (city / "OUT").iterdir()}
    assert names >= {f"{name}.parquet" for name in FILES} | {"summary.json", "report.html"}


def test_the_values_are_those_of_the_guidance(city: Path) -> None:
    people = persons(city)
    derived = ("employment_status", "no_unit_type", "registration_status", "uninsured_reason", "disposition")
    assert {ssn: tuple(people[ssn][item] for item in derived) for ssn in people} == {
        ONE: ("1", None, "1", None, "register"),
        TWO: ("2", "3", "2", "11", "survey"),
        CHILD: ("2", "2", "2", "21", "register"),
    }
    assert people[CHILD]["no_unit_type_rule"] == "NU3"
    assert people[TWO]["name"] == "李𬭎"


def test_explain_names_clause_and_rows(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(city / "OUT"), TWO.replace("1980", "１９８０")]) == 0
    told = capsys.readouterr().out
    for words in ("未参保原因  11 缴费终止", "二（三）3（UR4）", "医疗.xlsx#参保 第2行", "户籍.csv 第3行"):
        assert words in told or words.replace("#参保", "") in told.replace("#参保", ""), told


def test_pack_verify_and_a_changed_byte(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, out = city / "city.key", city / "OUT"
    assert main(["key", "new", str(key)]) == 0
    assert main(["pack", str(out), "--key", str(key)]) == 0
    package = out / "440600-20170630-001.canbao"
    assert main(["verify", str(package), "--trust", str(key.with_suffix(".pub"))]) == 0
    content = bytearray(package.read_bytes())
    content[len(content) // 2] ^= 1
    package.write_bytes(content)
    capsys.readouterr()
    assert main(["verify", str(package), "--trust", str(key.with_suffix(".pub"))]) == 1
    assert "不合格" in capsys.readouterr().out
