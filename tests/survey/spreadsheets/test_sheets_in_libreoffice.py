"""Spreadsheets that real LibreOffice has opened, changed and saved: what people send back."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest
from libreoffice import edit, formulas, saved_as

from canbao.core.survey_form import read_answers
from canbao.law.reader import read_law
from canbao.survey.spreadsheets import SheetRefused, read_entries, read_surveyors, surveyor_template, with_errors
from spreadsheet_desk import KEY, MARK, PEOPLE, STAMP, cells_of, entries, the_form

CONTENT = entries()
IDS = cells_of(CONTENT)["登记"][1]
FIRST, SECOND, THIRD = 3, 4, 5


def at(line: int, question: str) -> tuple[int, int]:
    return line, IDS.index(question)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files that LibreOffice has saved: three runs of it for all tests here."""
    folder = tmp_path_factory.mktemp("sheets")
    (folder / "template.xlsx").write_bytes(CONTENT)
    (folder / "surveyors.xlsx").write_bytes(surveyor_template())
    saved_as("ods", folder / "template.xlsx", into=folder)
    saved_as("fods", folder / "template.xlsx", folder / "surveyors.xlsx", into=folder)
    flat = folder / "template.fods"
    filled = {
        at(FIRST, "survey_outcome"): "1 完成", at(FIRST, "survey_way"): 1.0, at(FIRST, "mobile"): 13900139000.0,
        at(FIRST, "surveyed_on"): date(2026, 11, 3), at(FIRST, "remark"): "=不是公式 <b>&",
        (SECOND, 2): "陈贰", at(SECOND, "survey_outcome"): "2", (THIRD, 3): 440106199001010020.0,
    }  # fmt: skip
    edit(flat, folder / "filled.fods", "登记", filled)
    edit(flat, folder / "formula.fods", "登记", {at(SECOND, "mobile"): "of:=1+1"})
    edit(flat, folder / "beside.fods", "登记", {(SECOND, len(IDS)): "x"})
    people = {(3, 0): "王五", (3, 1): 13900139000.0, (3, 2): "440106001001", (4, 0): "赵六"}
    edit(folder / "surveyors.fods", folder / "people.fods", "调查员", people)
    (folder / "saved").mkdir()
    names = ("filled.fods", "formula.fods", "beside.fods", "people.fods", "template.ods")
    saved_as("xlsx", *(folder / name for name in names), into=folder / "saved")
    return folder


def test_nothing_is_a_formula_in_libreoffice(folder: Path) -> None:
    assert formulas(folder / "template.fods") == []
    assert formulas(folder / "formula.fods") == ["of:=1+1"]


def test_saved_as_ods_and_back_nothing_has_changed(folder: Path) -> None:
    read = read_entries(folder / "saved" / "template.xlsx", key=KEY)
    assert (read.stamp, read.rows, read.errors, read.untouched) == (STAMP, (), (), (11, 12, 13))


def test_what_was_typed_is_read(folder: Path) -> None:
    read = read_entries(folder / "saved" / "filled.xlsx", key=KEY)
    (row,) = read.rows
    assert (row.line, row.task) == (4, 11)
    assert row.answers == {
        "survey_outcome": "1 完成", "survey_way": "1", "surveyed_on": "46329", "mobile": "13900139000",
        "ethnicity": "01 汉族", "remark": "=不是公式 <b>&",
    }  # fmt: skip
    answers = read_answers(the_form(), row.answers, facts={}, as_of=date(2026, 11, 30), law=read_law()).answers
    assert answers["surveyed_on"] == "2026-11-03", "a day in a cell that is formatted as text is saved as its serial"
    assert [(one.line, one.column) for one in read.errors] == [(5, "C"), (6, "D")]
    assert "15 位以后已丢失" in read.errors[1].says


def test_given_back_saved_again_and_uploaded_again(folder: Path, tmp_path: Path) -> None:
    uploaded = folder / "saved" / "filled.xlsx"
    (tmp_path / "back.xlsx").write_bytes(with_errors(uploaded, read_entries(uploaded, key=KEY).errors))
    (tmp_path / "saved").mkdir()
    (again,) = saved_as("xlsx", tmp_path / "back.xlsx", into=tmp_path / "saved")
    with zipfile.ZipFile(again) as package:
        assert package.read("xl/comments1.xml").count(b"<comment ") == 2
    read = read_entries(again, key=KEY)
    assert ([row.task for row in read.rows], read.errors, read.untouched) == ([12], (), (13,))
    assert cells_of(again.read_bytes())["登记"][0][0] == MARK
    assert cells_of(again.read_bytes())["登记"][4][3] == PEOPLE[2].ssn


def test_what_is_refused_of_libreoffice(folder: Path) -> None:
    for name, said in {
        "saved/formula.xlsx": "单元格 O5：是公式；请复制后选择性粘贴为数值",
        "saved/beside.xlsx": "单元格 AC5：表外有内容",
        "template.ods": "是 ODS 表格",
        "template.fods": "内容像是网页或 XML",
    }.items():
        with pytest.raises(SheetRefused) as caught:
            read_entries(folder / name, key=KEY)
        assert said in str(caught.value), name


def test_surveyors_typed_in_libreoffice(folder: Path) -> None:
    rows, errors = read_surveyors(folder / "saved" / "people.xlsx")
    assert [(row.name, row.mobile, row.place) for row in rows] == [("王五", "13900139000", "440106001001")]
    assert [(one.line, one.label) for one in errors] == [(5, "手机号码"), (5, "地区代码")]
