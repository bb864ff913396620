"""`canbao explain`: for each kind of outcome the value, its rule and clause, and the very rows it rests on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import explain_city as city
import pyarrow.parquet as pq
import pytest
from explain_city import places

from canbao.batch.explain import Reason, explain
from canbao.commands import main

NUMBER = ("社会保障号码本身",)
TAKEN = [
    (city.EMPLOYED, "mobile", "13800000001", places("household", 1)),
    (city.EMPLOYED, "unit_no", "D0001", places("insurance", 1)),
    (city.EMPLOYED, "personal_status", "24", places("insurance", 1)),
    (city.EMPLOYED, "birth_date", "1980-01-01", NUMBER),
    (city.EMPLOYED, "vital_status", "1", places("household", 1)),
    (city.BY_CARD, "mobile", "13800000005", places("card", 1)),
    (city.BY_CARD, "residence_address", "佛山市禅城区卡上路2号", places("card", 1)),
    (city.EMPLOYED, "residence_address", "佛山市禅城区样例路1号", places("household", 1)),
    (city.EMPLOYED, "unit_name", "样例公司", places("insurance", 1)),
    (city.MOVED, "residence_address", "佛山市禅城区样例路1号", places("household", 11)),
    (city.OUTSIDER, "mobile", "13800000004", places("insurance", 4)),
    (city.OUTSIDER, "admin_division_code", "440605", places("insurance", 4)),
    (city.OUTSIDER, "vital_status", "1", places("insurance", 3, 4)),
    (city.TWO_ROWS, "emp_medical_enrol_date", "2012-01-01", places("insurance", 6)),
    (city.TWO_ROWS, "unit_no", "D0003", places("insurance", 6)),
    (city.DEAD, "vital_status", "2", places("death", 1)),
    (city.DEAD, "death_date", "2017-03-01", places("death", 1)),
    (city.BY_LABOUR, "unit_no", "D0004", places("labour", 2)),
    (city.BY_LABOUR, "unit_name", "登记公司", places("labour", 2)),
    (city.DISPUTED, "name", "壬", places("household", 8)),
    (city.MOVED, "hukou_address", "新址", places("household", 11)),
    (city.FOREIGNER, "name", "HANS", places("insurance", 14)),
]
DECIDED = [
    (city.EMPLOYED, "employment_status", "1", "EM1", ["EM2"], places("labour", 1)),
    (city.TWO_ROWS, "employment_status", "1", "EM2", [], places("insurance", 5, 6)),
    (city.BY_CARD, "employment_status", "2", "EM3", [], ()),
    (city.INJURED, "no_unit_type", "4", "NU5", [], places("insurance", 13)),
    (city.BY_CARD, "no_unit_type", "3", "NU7", [], NUMBER),
    (city.PUPIL, "no_unit_type", "2", "NU3", ["NU4"], places("school", 1)),
    (
        city.EMPLOYED,
        "registration_status",
        "1",
        "RS1",
        ["RS2", "RS3"],
        places("household", 1) + places("insurance", 1, 2),
    ),
    (city.ENDED, "registration_status", "2", "RS2", [], places("household", 6)),
    (city.OUTSIDER, "registration_status", "3", "RS3", [], places("insurance", 3, 4)),
    (city.ENDED, "uninsured_reason", "11", "UR4", [], places("household", 6) + places("insurance", 9)),
    (city.PUPIL, "uninsured_reason", "21", "UR6", ["UR7"], places("household", 5) + places("school", 1)),
    (city.BY_CARD, "uninsured_reason", "10", "UR7", [], places("household", 2)),
    (city.SOLDIER, "uninsured_reason", "30", "UR1", ["UR2", "UR7"], places("household", 12) + places("military", 1)),
    (city.INJURED, "wi_disability_allowance_status", "1", "WD1", [], places("injury", 1)),
    (city.DISPUTED, "disposition", "verify", "D1", [], places("insurance", 11)),
    (city.DEAD, "disposition", "out_of_scope", "D2", [], places("death", 1)),
    (city.ENDED, "disposition", "survey", "D3", [], places("household", 6) + places("insurance", 9)),
    (city.LACKING, "disposition", "survey", "D3", ["D6"], places("household", 9)),
    (city.BY_LABOUR, "disposition", "verify", "D6", [], places("household", 7)),
    (city.PUPIL, "disposition", "register", "D7", [], places("household", 5) + places("school", 1)),
]
WITHOUT_RULE = [
    (city.EMPLOYED, "no_unit_type", "不适用", places("labour", 1)),
    (city.DEAD, "no_unit_type", "不适用", places("death", 1)),
    (city.OUTSIDER, "uninsured_reason", "不适用", places("insurance", 3, 4)),
    (city.FOREIGNER, "no_unit_type", "出生日期不明，NU1、NU4 能否成立判断不了", places("insurance", 14)),
]  # fmt: skip
ABSENT = [
    (city.BY_CARD, "employment_status", {"劳动就业登记为单位就业", "由单位参保缴费的职工险种"}),
    (city.BY_CARD, "uninsured_reason", {"有险种业务记录", "在兵役名单", "出国学习、定居或工作"}),
    (city.ENDED, "registration_status", {"有有效参保（缴费、暂停缴费、领取或暂停待遇）"}),
    (city.PUPIL, "wi_survivor_pension_status", {"供养亲属抚恤金正常发放"}),
    (city.OUTSIDER, "is_household", {"在本省户籍名单"}),
]


def reason(results: Path, ssn: str, item: str) -> Reason:
    (found,) = [one for one in explain(results, ssn).reasons if one.item == item]
    return found


@pytest.mark.parametrize(("ssn", "item", "value", "rows"), TAKEN)
def test_values_that_are_taken_over(results: Path, ssn: str, item: str, value: str, rows: tuple[str, ...]) -> None:
    found = reason(results, ssn, item)
    assert (found.value, found.rows) == (value, rows)
    assert found.clause in found.why


@pytest.mark.parametrize(("ssn", "item", "value", "rule", "also", "rows"), DECIDED)
def test_values_that_a_rule_decides(
    results: Path, ssn: str, item: str, value: str, rule: str, also: list[str], rows: tuple[str, ...]
) -> None:
    found = reason(results, ssn, item)
    assert (found.value, found.rule, found.rows) == (value, rule, rows)
    assert [one.split("（")[0] for one in found.also_matching] == also
    assert f"{found.clause}（{rule}）" in found.why and found.meaning.startswith(value)


@pytest.mark.parametrize(("ssn", "item", "words", "rows"), WITHOUT_RULE)
def test_values_that_no_rule_gives(results: Path, ssn: str, item: str, words: str, rows: tuple[str, ...]) -> None:
    found = reason(results, ssn, item)
    assert (found.value, found.rule, found.rows) == (None, None, rows)
    assert words in found.why


@pytest.mark.parametrize(("ssn", "item", "labels"), ABSENT)
def test_what_no_source_has(results: Path, ssn: str, item: str, labels: set[str]) -> None:
    assert labels <= set(reason(results, ssn, item).absent)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean made-up city, one Parquet file for each source, so that values in rows can be compared as they are."""
    folder = tmp_path_factory.mktemp("made")
    assert main(["generate", str(folder / "city"), "-n", "150", "--shape", "plain", "--dirt", "0"]) == 0
    assert main(["clean", str(folder / "city" / "city.toml"), "--out", str(folder / "OUT"), "--quiet"]) == 0
    return folder


def named_rows(made: Path, found: Reason) -> list[dict[str, Any]]:
    sources = [place.split(" 第") for place in found.rows if ".parquet 第" in place]
    tables = {name: pq.read_table(made / "city" / name).to_pylist() for name in {name for name, _ in sources}}
    return [tables[name][int(row.removesuffix("行")) - 2] for name, row in sources]


COMPLETED = {"mobile", "residence_address", "unit_no", "unit_name", "unit_type"}
COPIED = {"name", "mobile", "residence_address", "hukou_address", "hukou_village_code", "unit_no", "unit_type"}


def test_the_named_rows_bear_the_value(made: Path) -> None:
    people = pq.read_table(made / "OUT" / "persons.parquet").column("ssn").to_pylist()
    wrong = []
    for found in [one for ssn in people[::3] for one in explain(made / "OUT", ssn).reasons]:
        column = next((name for name in ("contrib_status", "region_code") if found.item.endswith(name)), found.item)
        rows = named_rows(made, found) if found.item in COPIED or column != found.item else None
        if rows is not None and found.value not in [row[column] for row in rows]:
            wrong.append(found)
        if found.item in COMPLETED and len(found.rows) != 1:
            wrong.append(found)
        if "别的版本" in found.why or not (found.rows or found.absent):
            wrong.append(found)
    assert wrong == []


def test_numbers_are_understood_as_people_write_them(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    full_width = city.EMPLOYED.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    old = city.EMPLOYED[:6] + city.EMPLOYED[8:17]
    for written in (full_width, old, f" {city.EMPLOYED} ", city.FOREIGNER.lower()):
        assert main(["explain", str(results), written]) == 0
    told = capsys.readouterr().out
    assert told.count(f"甲  {city.EMPLOYED}") == 3 and f"HANS  {city.FOREIGNER}" in told


def test_a_number_in_findings_only(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(results), city.WRONG]) == 0
    told = capsys.readouterr().out
    assert "没有这个人" in told and "校验码" in told and places("insurance", 15)[0] in told


@pytest.mark.parametrize("written", ["", "abc", city.number(999)])
def test_a_number_that_nothing_is_about(results: Path, written: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(results), written]) == 2
    assert "请核对号码" in capsys.readouterr().err


def test_what_the_screen_shows(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(results), city.SOLDIER]) == 0
    told = capsys.readouterr().out
    for words in (
        "未参保原因  30 参军",
        "《全面实施全民参保登记工作指引》（粤人社办〔2017〕96号） 二（三）3（UR1）",
        "也符合  UR2（33 判刑）：在审判服刑名单",
        "来源  household.csv 第13行；military.csv 第2行",
        "户口所在地行政区划代码  440604 禅城区",
    ):
        assert words in told, told
    assert main(["explain", str(results), city.DISPUTED]) == 0
    assert "姓名争议  任：insurance.csv 第12行" in capsys.readouterr().out


def test_as_json(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(results), city.PUPIL, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (found,) = [one for one in told["reasons"] if one["item"] == "no_unit_type"]
    assert (told["ssn"], found["value"], found["rule"]) == (city.PUPIL, "2", "NU3")


def test_a_folder_with_a_part_missing(results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in results.glob("*.*"):
        if file.name != "evidence.parquet":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    assert main(["explain", str(tmp_path), city.PUPIL]) == 2
    told = capsys.readouterr().err
    assert "evidence.parquet" in told and "请重新运行" in told


def test_a_folder_of_an_older_version(results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in results.glob("*.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    evidence = pq.read_table(results / "evidence.parquet")
    pq.write_table(evidence.drop_columns("holds"), tmp_path / "evidence.parquet")
    assert main(["explain", str(tmp_path), city.PUPIL]) == 2
    assert "旧版本" in capsys.readouterr().err


def test_a_value_of_other_rules_is_not_defended(results: Path, tmp_path: Path) -> None:
    for file in results.glob("*.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    people = pq.read_table(results / "persons.parquet")
    place = people.schema.get_field_index("uninsured_reason")
    changed = ["32" if ssn == city.SOLDIER else None for ssn in people.column("ssn").to_pylist()]
    pq.write_table(people.set_column(place, "uninsured_reason", [changed]), tmp_path / "persons.parquet")
    found = reason(tmp_path, city.SOLDIER, "uninsured_reason")
    assert found.value == "32" and found.rule is None and "现行规则判为 30 参军；请重新运行" in found.why
