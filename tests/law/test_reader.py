"""The law reads, and each thing that it must refuse is refused, naming the entry."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from canbao.batch.steps.write import PERSON_COLUMNS
from canbao.core.conditions import read_condition
from canbao.core.conditions.kinds import fields_of
from canbao.core.covers import SLUGS
from canbao.core.surveying import ANSWERABLE
from canbao.law.reader import HOME, LawError, read_law

EMPLOYMENT, NO_UNIT = "tables/employment_status.yaml", "tables/no_unit_type.yaml"
CASES = "cases/disposition.yaml"
CITED = "source: gd-2017-96, clause: 测试"
ROW = f"- {{id: planted, label: 测试, {CITED}, of: household, when: "
CHECK = f"- {{id: planted, label: 测试, severity: error, found_by: check, message: 测试, {CITED}, when: "
CASE = f"- {{id: planted, label: 测试, as_of: 2017-06-30, {CITED}, "

CHANGED = [
    ("qualities.yaml", "source: gd-2017-96, ", "", "household", "source Field required"),
    ("qualities.yaml", 'clause: "一（一）"', 'clause: ""', "household", "clause String should have"),
    ("qualities.yaml", "{id: household, ", "{", "qualities.yaml", "id Field required"),
    ("qualities.yaml", "of: household", "of: households", "性质 household", "没有来源 households"),
    ("qualities.yaml", "vital_status: [", "vital: [", "性质 declared_dead", "没有列 vital"),
    ("qualities.yaml", '["37"]', '["38"]', "性质 soldier_status", "personal_status 的代码表里没有 38"),
    ("qualities.yaml", "clause: C19}", "clause: C19, extra: 1}", "imprisoned", "extra Extra inputs"),
    ("qualities.yaml", "{id: imprisoned,", "{id: household,", "qualities.yaml", "household 出现了两次"),
    (EMPLOYMENT, "source: gd-2017-96", "source: gd-2018-1", "判定表 employment_status", "依据 gd-2018-1"),
    (EMPLOYMENT, "has: unit_cover", "has: units_cover", "EMS2", "没有性质 units_cover"),
    (EMPLOYMENT, 'gives: "2"', 'gives: "3"', "EMS2", "里没有 3"),
    (EMPLOYMENT, "id: EM2", "id: EM1", "employment_status", "重复的行号"),
    (EMPLOYMENT, "has: employed_at_unit", "otherwise: true", "EM1", "otherwise 只能写在"),
    (EMPLOYMENT, "decides: employment_status", "decides: no_unit_type", "no_unit_type", "有效期重叠"),
    (EMPLOYMENT, "codes: employment_status", "codes: employment", "判定表", "没有代码表 employment"),
    (EMPLOYMENT, "{from: 2017-05-09}", "{from: 2017-05-09, to: 2016-01-01}", "employment_status", "早于起始"),
    (EMPLOYMENT, "first_match:", "orders: {x: [EMS2, EM1, EM2, EMS1, EM3]}\nfirst_match:", "判定表", "没有口径 x"),
    (NO_UNIT, "NU2, NU6, NU7]", "NU2, NU7]", "no_unit_type", "没有把每一行恰好列一次"),
    (NO_UNIT, "NU2, NU6, NU7]", "NU2, NU7, NU6]", "NU7", "otherwise 只能写在"),
    (NO_UNIT, 'employment_status: ["2"]', 'employment_state: ["2"]', "only_when", "没有指标项 employment_state"),
    (NO_UNIT, 'sex: ["2"]', 'sex: ["3"]', "NU6", "sex 的代码表里没有 3"),
    (NO_UNIT, 'sex: ["2"]', "sex: {like: x}", "NU6", "不在允许的写法之内"),
    ("tables/disposition.yaml", '["NU4"]', '["NU9"]', "D4", "no_unit_type_rule 的代码表里没有 NU9"),
    ("tables/uninsured_reason.yaml", 'gives: "30"', "gives: 30", "uninsured_reason", "Input should be a valid string"),
    ("codes/sex.yaml", 'code: "2"', 'code: "1"', "sex", "重复的代码"),
    ("codes/sex.yaml", "aliases: [女,", "aliases: [男,", "代码表 sex", "“男”既是 1又是 2"),
    ("codes/sex.yaml", "name: sex", "name: gender", "指标项 sex", "没有代码表 sex"),
    ("codes/sex.yaml", "codes:", "codes: [", "sex.yaml", "读不出来"),
    ("fields.yaml", "group: identity", "group: who", "admin_division_code", "group"),
    ("fields.yaml", "privacy: personal", "privacy: secret", "fields.yaml", "privacy"),
    ("sources.yaml", "name: birth_date", "name: birth_date, label: 姓名", "来源 household", "既是 birth_date又是 name"),
    ("sources.yaml", "{name: name, needed: true,", "{name: name,", "来源 household", "缺必需的列 name"),
    ("sources.yaml", "{name: mobile}", "{name: ethnicity}", "来源 household 的列", "ethnicity 出现了 2 次"),
    ("required.yaml", "fields: [uninsured_reason]", "fields: [reason]", "必填项 M-HUKOU-UNINS", "没有指标项 reason"),
    ("required.yaml", "id: M-NONHUKOU-INS", "id: M-HUKOU", "必填项 M-HUKOU", "出现了 2 次"),
    ("duplicate_cover.yaml", "id: duplicate_cover", "id: doubled_cover", "重复参保", "检查目录里没有 doubled_cover"),
    ("duplicate_cover.yaml", "[emp_pension, res_pension]", "[emp_pension, pension]", "重复参保", "没有险种 pension"),
    ("unencoded.yaml", "source: gd-2017-96", "source: gd-2018-1", "未编入的条文", "依据 gd-2018-1"),
    ("register_sources.yaml", "name: survey", "name: household", "来源 household", "又是登记库自己的资料"),
    ("register_sources.yaml", "codes: unit_type", "codes: x", "来源 survey 的列 unit_type", "没有代码表 x"),
    ("register_sources.yaml", "name: no_unit_type,", "name: x,", "性质 surveyed_type_1", "没有列 no_unit_type"),
]  # fmt: skip
"""File, what stands there, what is planted instead; then the entry and the words that the refusal must have."""

ADDED = [
    ("qualities.yaml", ROW + "{has: household}}", "性质 planted", "条件里不能写 household"),
    ("qualities.yaml", ROW + "{otherwise: true}}", "性质 planted", "条件里不能写 otherwise"),
    ("checks.yaml", CHECK + "{has: [household, ghost]}}", "检查 planted", "没有性质 ghost"),
    ("checks.yaml", CHECK + "{not: {any: [{ghost: present}]}}}", "检查 planted", "没有指标项 ghost"),
    ("checks.yaml", CHECK + "{death_date: {after_field: ghost}}}", "检查 planted", "没有指标项 ghost"),
    ("checks.yaml", CHECK + "{sex: [x], name: [x]}}", "检查 planted", "不在允许的写法之内"),
    ("checks.yaml", CHECK + "{has: household}, field: ghost}", "检查 planted", "没有指标项 ghost"),
    (CASES, CASE + "profiles: [ghost], rows: {}, expects: {}}", "范例 planted", "没有口径 ghost"),
    (CASES, CASE + "profiles: [], rows: {}, expects: {}}", "范例 planted", "没有写口径"),
    (
        CASES,
        CASE + "profiles: [evidence_first], rows: {ghost: []}, expects: {ghost: '1', disposition: ghost}}",
        "范例 planted",
        "没有来源 ghost",
    ),
    (
        CASES,
        CASE + "profiles: [evidence_first], rows: {court: [{ssn: '1', nom: x}]}, expects: {}}",
        "范例 planted",
        "来源 court 没有列 nom",
    ),
    (
        CASES,
        CASE + "profiles: [evidence_first], rows: {court: [{name: x}], household: [{sex: '7'}]}, expects: {}}",
        "范例 planted",
        "来源 household 的 sex 没有代码 7",
    ),
    (
        CASES,
        CASE + "profiles: [evidence_first], rows: {}, expects: {ghost: '1', disposition_rule: D9}}",
        "范例 planted",
        "disposition_rule 不会是 D9",
    ),
]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the law to plant faults in."""
    return shutil.copytree(HOME, tmp_path / "guangdong", ignore=shutil.ignore_patterns("places"))


def refusal(home: Path) -> str:
    with pytest.raises(LawError) as caught:
        read_law(home)
    return str(caught.value)


def test_the_copy_without_faults_reads(home: Path) -> None:
    assert read_law(home).fields.keys() == read_law().fields.keys()


@pytest.mark.parametrize(("file", "there", "planted", "entry", "words"), CHANGED)
def test_a_planted_fault_is_refused(home: Path, file: str, there: str, planted: str, entry: str, words: str) -> None:
    text = (home / file).read_text(encoding="utf-8")
    assert there in text
    (home / file).write_text(text.replace(there, planted, 1), encoding="utf-8")
    message = refusal(home)
    assert entry in message
    assert words in message


@pytest.mark.parametrize(("file", "added", "entry", "words"), ADDED)
def test_a_planted_entry_is_refused(home: Path, file: str, added: str, entry: str, words: str) -> None:
    with (home / file).open("a", encoding="utf-8") as end:
        end.write(added + "\n")
    message = refusal(home)
    assert entry in message
    assert words in message


@pytest.mark.parametrize("file", ["fields.yaml", "checks.yaml", "instruments.yaml"])
def test_a_missing_file_is_refused(home: Path, file: str) -> None:
    (home / file).unlink()
    assert file in refusal(home)


def test_a_file_in_another_encoding_is_refused(home: Path) -> None:
    file = home / "sources.yaml"
    file.write_bytes(file.read_text(encoding="utf-8").encode("gb18030"))
    assert "sources.yaml" in refusal(home)


def test_every_contradiction_is_told_at_once(home: Path) -> None:
    for name in ("required", "unencoded"):
        text = (home / f"{name}.yaml").read_text(encoding="utf-8")
        (home / f"{name}.yaml").write_text(text.replace("gd-2017-96", "gd-2018-1"), encoding="utf-8")
    message = refusal(home)
    assert "必填项 M-HUKOU：" in message
    assert "未编入的条文 一（三）：" in message


def test_requirements_and_checks_ask_only_for_columns_of_a_person() -> None:
    law = read_law()
    asked = {one.id: {*one.fields, *fields_of(read_condition(one.who))} for one in law.requirements}
    asked |= {one.id: fields_of(read_condition(one.when)) for one in law.checks.values() if one.when is not None}
    known = {*PERSON_COLUMNS, "as_of"}
    assert {id_: fields - known for id_, fields in asked.items() if fields - known} == {}


def test_every_column_of_a_person_is_a_field() -> None:
    assert [name for name in PERSON_COLUMNS if name not in read_law().fields] == []


def test_the_insurance_types_are_the_seven() -> None:
    law = read_law()
    assert tuple(code.code for code in law.codes["insurance_type"].codes) == SLUGS
    assert {one.id for one in law.requirements if one.id.startswith("M-INS-")} == {
        f"M-INS-{slug.upper().replace('_', '-')}" for slug in SLUGS
    }


def test_each_table_has_ten_cases_and_each_row_is_shown() -> None:
    law = read_law()
    cases = Counter(item for case in law.cases for item in case.expects)
    assert {name: cases[name] for name in law.tables if cases[name] < 10} == {}
    shown = {value for case in law.cases for item, value in case.expects.items() if item.endswith("_rule")}
    rows = {row.id for table in law.tables.values() for row in table.first_match}
    assert rows - shown == {"D1"}, "D1 是姓名争议，由比对得出"


def test_a_survey_is_no_file_of_a_city() -> None:
    law = read_law()
    assert "survey" in law.register_sources and "survey" not in law.sources
    columns = {column.name for column in law.register_sources["survey"].columns}
    assert columns == {"ssn", "name", *ANSWERABLE}


def test_a_citation_reads_as_title_and_clause() -> None:
    assert read_law().citation("gd-2017-96", "二（三）2").endswith("（粤人社办〔2017〕96号） 二（三）2")
