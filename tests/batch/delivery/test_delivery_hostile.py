"""A well signed package may still hold anything: each wrong thing is found, named with its place, and has a remedy."""

from __future__ import annotations

import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from delivery_desk import DeliveryDesk, Doctor, number, with_sql, with_value, write

from canbao.batch.delivery import RowError, open_delivery
from canbao.batch.package import PackageRefused, pack, writing

FIRST_HOUSEHOLD = "SELECT min(ssn) FROM t WHERE is_household"


def replaced(expression: str) -> Doctor:
    return with_sql(f"SELECT * REPLACE ({expression}) FROM t")


def of_first_home(column: str, value: str) -> Doctor:
    return replaced(f"CASE WHEN ssn = ({FIRST_HOUSEHOLD}) THEN {value} ELSE {column} END AS {column}")


def undecodable(column: str) -> Doctor:
    """Bytes that are a lone surrogate, in a column that says it is UTF-8."""

    def doctor(t: pa.Table) -> pa.Table:
        texts = [None if one is None else one.encode() for one in t.column(column).to_pylist()]
        texts[1] = b"\xed\xa0\x80"
        broken = pa.array(texts, pa.binary()).view(pa.string())
        return t.set_column(t.column_names.index(column), column, broken)

    return doctor


CASES: dict[str, tuple[str, Doctor, str, str]] = {
    "an extra column": ("persons", with_sql("SELECT *, 'x' AS extra FROM t"), "column_extra", "多出列 extra"),
    "a column twice": ("persons", with_sql('SELECT *, ssn AS "SSN" FROM t'), "column_extra", "多出列"),
    "a missing column": ("insurances", with_sql("SELECT * EXCLUDE (mobile) FROM t"), "column_missing", "缺少列 mobile"),
    "a number as integer": (
        "persons",
        replaced("CAST(sex AS INTEGER) AS sex"),
        "column_type",
        "sex 的类型应为 VARCHAR",
    ),
    "a day as text": ("persons", replaced("CAST(birth_date AS VARCHAR) AS birth_date"), "column_type", "应为 DATE"),
    "a nest": ("evidence", replaced("{a: kind} AS kind"), "column_type", "kind 的类型"),
    "bytes": ("conflicts", replaced("encode(source) AS source"), "column_type", "source 的类型"),
    "columns turned round": ("evidence", lambda t: t.select(t.column_names[::-1]), "column_order", "次序"),
    "unsorted": (
        "persons",
        with_sql("SELECT * FROM t ORDER BY ssn DESC"),
        "order_wrong",
        "人员表第 2 行：这一行的号码小于",
    ),
    "unsorted rows": ("evidence", with_sql("SELECT * FROM t ORDER BY ssn DESC"), "order_wrong", "佐证表第"),
    "a person twice": (
        "persons",
        with_sql("SELECT * FROM t UNION ALL (SELECT * FROM t LIMIT 1) ORDER BY ssn"),
        "number_twice",
        "人员表第 2 行：同一号码",
    ),
    "a wrong check digit": ("persons", with_value("ssn", "110101198001010011"), "number_wrong", "校验码"),
    "a number of 15 digits": ("persons", with_value("ssn", "110101800101001"), "number_spelling", "11010119800101001"),
    "no number": ("persons", with_value("ssn", None), "value_missing", "社会保障号码没有值"),
    "a small x": ("persons", with_value("ssn", "11010519491231002x"), "number_spelling", "11010519491231002X"),
    "a wide number": ("persons", with_value("ssn", "１１０１０５１９４９１２３１００２Ｘ"), "number_spelling", "应为"),
    "another birth date": (
        "persons",
        replaced("birth_date + 1 AS birth_date"),
        "birth_date_differs",
        "与社会保障号码中的不同",
    ),
    "another sex": ("persons", replaced("'9' AS sex"), "sex_differs", "性别“9”"),
    "another city's hukou": (
        "persons",
        of_first_home("hukou_division_code", "'440305'"),
        "outside_area",
        "户口所在地“440305”不在报送地区 440600 佛山市 之内",
    ),
    "an unknown code": ("persons", with_value("ethnicity", "00"), "code_unknown", "民族的值“00”在代码表中没有"),
    "an unknown state": ("insurances", with_value("contrib_status", "7"), "code_unknown", "缴费状态的值“7”"),
    "a disabled code": ("persons", with_value("registration_status", "4"), "code_unknown", "参保状态的值“4”"),
    "no state": (
        "insurances",
        replaced("NULL::VARCHAR AS contrib_status, NULL::VARCHAR AS benefit_status"),
        "state_missing",
        "缴费状态和待遇状态都没有值",
    ),
    "an unknown place": ("insurances", with_value("region_code", "440699"), "region_unknown", "“440699”"),
    "a cover of nobody": (
        "insurances",
        with_value("ssn", number(3)),
        "person_unknown",
        "人员表中没有号码 " + number(3),
    ),
    "a proof of nobody": ("evidence", with_value("ssn", number(3)), "person_unknown", "佐证表第 1 行（来源 "),
    "a dispute of nobody": ("conflicts", with_value("ssn", number(3)), "person_unknown", "姓名争议表第 1 行"),
    "an unknown kind": ("evidence", with_value("kind", "rumour"), "code_unknown", "佐证种类的值“rumour”"),
    "a quality of another kind": (
        "evidence",
        replaced("CASE WHEN kind = 'school' THEN 'retired' ELSE quality END AS quality"),
        "quality_unknown",
        "“retired”不是这一种佐证的性质",
    ),
    "a quality that surveys alone give": (
        "evidence",
        with_value("quality", "surveyed"),
        "quality_unknown",
        "“surveyed”不是这一种佐证的性质",
    ),
    "a survey": ("evidence", with_value("kind", "survey"), "code_unknown", "佐证种类的值“survey”"),
    "a household without proof": (
        "evidence",
        with_sql("SELECT * FROM t WHERE kind <> 'household'"),
        "household_differs",
        "户籍标志与户籍佐证不符",
    ),
    "a proof without household": ("persons", replaced("FALSE AS is_household"), "household_differs", "户籍标志"),
    "no name": ("persons", replaced("NULL::VARCHAR AS name"), "name_missing", "没有姓名，而险种行中有"),
    "an empty name": ("persons", with_value("name", ""), "text_empty", "姓名是空文字"),
    "a NUL": ("persons", with_value("name", "张\0三"), "text_unseen", "姓名的值“张\\u0000三”"),
    "a bell": ("insurances", with_value("unit_name", "公\x07司"), "text_unseen", "单位名称的值“公\\u0007司”"),
    "text turned round": ("persons", with_value("name", "张\u202e三"), "text_unseen", "张\\u202e三"),
    "mojibake": ("persons", with_value("name", "张\ufffd"), "text_unseen", "请按正确的编码重新导出来源"),
    "a NUL in a message": ("findings", with_value("message", "错\0"), "text_unseen", "说明的值“错\\u0000”"),
    "a lone surrogate": ("persons", undecodable("name"), "table_unreadable", "人员：这张表读不出来（不是 UTF-8 文字）"),
    "a long name": ("persons", with_value("name", "长" * 65), "length_wrong", "最多 64 个字"),
    "a short code": ("persons", with_value("hukou_town_code", "4406"), "length_wrong", "应为 9 个字"),
    "a huge text": ("persons", with_value("residence_address", "路" * 10_000_000), "length_wrong", "路…”长度不合规定"),
    "a huge number": ("persons", with_value("ssn", "1" * 5_000_000), "length_wrong", "111…”长度不合规定"),
    "a day long ago": (
        "insurances",
        replaced("DATE '0044-03-15' AS enrol_date"),
        "day_implausible",
        "参保日期的值“0044-03-15”",
    ),
    "the day of judgement": (
        "persons",
        replaced("'infinity'::TIMESTAMP AS reviewed_at"),
        "day_implausible",
        "复核时间的值“infinity”",
    ),
    "an unknown rule": ("findings", with_value("rule", "because"), "code_unknown", "规则的值“because”"),
    "an unknown severity": ("findings", with_value("severity", "panic"), "code_unknown", "严重程度的值“panic”"),
    "no likeness": ("conflicts", replaced("'NaN'::DOUBLE AS similarity"), "value_implausible", "相似度的值“nan”"),
    "a crowd in one number": (
        "insurances",
        with_sql("SELECT * FROM t UNION ALL (SELECT a.* FROM (FROM t LIMIT 1) AS a, range(200)) ORDER BY ssn"),
        "rows_too_many",
        "这个号码的行过多",
    ),
    "more rows than people have": (
        "evidence",
        with_sql("SELECT a.* FROM t AS a, range(30) ORDER BY a.ssn"),
        "table_too_large",
        "平均每人超过 25 行",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_found_and_said(desk: DeliveryDesk, case: str) -> None:
    table, doctor, rule, words = CASES[case]
    began = time.perf_counter()
    errors = [error for error in desk.errors(**{table: doctor}) if error.rule == rule]
    assert time.perf_counter() - began < 20
    assert any(words in error.message for error in errors), errors[:3]
    assert all(said_well(error) for error in errors)


def said_well(error: RowError) -> bool:
    """The message names the row and says what to do; nothing of it is long or can't be printed."""
    remedy = "请" in error.message
    placed = error.row is None or f"第 {error.row} 行" in error.message
    short = all(len(text) < 400 and text.isprintable() for text in (error.message, error.ssn or "", error.value or ""))
    return remedy and placed and short


def test_one_wrong_cell_is_one_error(desk: DeliveryDesk) -> None:
    (error,) = desk.errors(persons=with_value("ethnicity", "00", row=5))
    ssn = pq.read_table(desk.out / "persons.parquet", columns=["ssn"]).column("ssn")[5].as_py()
    found = (error.table, error.row, error.ssn, error.field, error.value, error.rule)
    assert found == ("persons", 6, ssn, "ethnicity", "00", "code_unknown")


def test_the_province_may_report_everybody(desk: DeliveryDesk) -> None:
    elsewhere = of_first_home("hukou_division_code", "'440305'")
    summary = desk.out / "summary.json"
    package = desk.package(persons=elsewhere)
    copy = package.parent
    (copy / "summary.json").write_text(
        summary.read_text(encoding="utf-8").replace('"440600"', '"440000"', 1), encoding="utf-8"
    )
    assert list(desk.delivery(pack(copy, desk.key)).errors()) == []
    assert [error.rule for error in desk.delivery(package).errors()] == ["outside_area"]


def test_a_row_group_that_would_fill_the_memory_is_not_read(desk: DeliveryDesk) -> None:
    package = desk.package()
    copy = package.parent
    rows = pq.read_table(copy / "findings.parquet")
    many = pa.concat_tables([rows] * (140_000 // rows.num_rows + 1))
    pq.write_table(many, copy / "findings.parquet", store_schema=False, row_group_size=many.num_rows)
    (error,) = desk.delivery(pack(copy, desk.key)).errors()
    assert (error.table, error.rule, error.row) == ("findings", "table_too_large", None)


def test_a_claim_of_a_billion_rows_is_not_believed(desk: DeliveryDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    package = desk.package()
    copy = package.parent
    names = pq.read_schema(copy / "evidence.parquet").names
    nothing = pa.table({name: pa.nulls(30_000_000) for name in names})
    write(nothing.cast(pq.read_schema(copy / "evidence.parquet")), copy / "evidence.parquet")
    monkeypatch.setattr(writing, "table_rows", lambda table, name: 30_000_000 if name[0] == "e" else 0)
    with pytest.raises(PackageRefused, match="炸弹"):
        desk.delivery(pack(copy, desk.key))


def test_an_unknown_signer_is_refused(desk: DeliveryDesk, tmp_path: Path) -> None:
    other = DeliveryDesk(desk.out, tmp_path / "other")
    with pytest.raises(PackageRefused, match="不受信任"):
        open_delivery(desk.package(), tmp_path / "in", trust=other.trust)


def test_a_county_that_the_register_has_come_to_know_is_no_error(desk: DeliveryDesk) -> None:
    delivery = desk.delivery(insurances=with_value("region_code", "440699"))
    assert {error.rule for error in delivery.errors()} == {"region_unknown"}
    assert list(delivery.errors(["440699"])) == []
