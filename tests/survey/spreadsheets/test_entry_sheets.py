"""Answers by spreadsheet: what is handed out, and what is read when it comes back."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canbao.core.cells import as_given, inert
from canbao.core.survey_form import Overlay, laid_over, options_of, read_answers
from canbao.law.reader import read_law
from canbao.law.survey import Question, read_survey
from canbao.survey.spreadsheets import MOST_ROWS, SheetRefused, entry_template, read_entries
from spreadsheet_desk import KEY, MARK, PEOPLE, STAMP, cells_of, changed, column_of, entries, the_form

CONTENT = entries()
COLUMN = {question: column_of(CONTENT, question) for question in the_form().questions}


def edited(line: int, **answers: object) -> bytes:
    """The spreadsheet with answers written into a line."""
    return changed(CONTENT, {f"{COLUMN[name]}{line}": value for name, value in answers.items()})


def test_what_is_handed_out() -> None:
    cells = cells_of(CONTENT)
    assert list(cells) == ["登记", "填表说明", "印记"]
    sheet = cells["登记"]
    assert sheet[0][0] == MARK
    assert sheet[1][:6] == ["SERIAL", "TASK", "NAME", "SSN", "VILLAGE", "survey_outcome"]
    assert sheet[2][:6] == ["序号", "任务号", "姓名", "社会保障号码", "户口所在社区", "调查结果 *"]
    assert sheet[3][:5] == ["1", "11", "陈一", "440106199001010011", "天河村"]
    assert sheet[4][2] == "'=陈二"
    assert sheet[3][sheet[1].index("ethnicity")] == "01 汉族"
    told = {line[1]: line for line in cells["填表说明"] if len(line) > 1}
    assert told["调查结果"][3] == "必填"
    assert told["调查结果"][6].startswith("1 完成；5 ")
    assert told["单位名称"][3:5] == ["就业状态为1 已单位就业时必填", "调查结果为1 完成，且就业状态为1 已单位就业"]
    assert told["姓名"][3] == "不要改动"


def test_the_sheet_is_shut_where_nothing_is_to_be_written() -> None:
    with zipfile.ZipFile(BytesIO(CONTENT)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        book = package.read("xl/workbook.xml").decode()
    assert "<sheetProtection " in sheet
    assert 'password="' not in sheet
    assert "topLeftCell=" in sheet
    assert 'orientation="landscape"' in sheet
    assert "'印记'!$B$" in sheet
    assert 'state="veryHidden"' in book


def test_untouched_rows_are_neither_taken_nor_wrong() -> None:
    read = read_entries(CONTENT, key=KEY)
    assert (read.stamp, read.rows, read.errors, read.untouched) == (STAMP, (), (), (11, 12, 13))


def test_answers_are_read_for_what_they_mean() -> None:
    content = edited(
        4, survey_outcome="1 完成", survey_way=1, surveyed_on=date(2026, 11, 3), mobile=13900139000.0, signed=True,
        remark="=1+1", phone="'-5", ethnicity=None,
    )  # fmt: skip
    (row,) = read_entries(content, key=KEY).rows
    assert (row.line, row.task) == (4, 11)
    assert row.answers == {
        "survey_outcome": "1 完成", "survey_way": "1", "surveyed_on": "2026-11-03", "mobile": "13900139000",
        "signed": "1", "remark": "=1+1", "phone": "-5",
    }  # fmt: skip
    answers = read_answers(the_form(), row.answers, facts={}, as_of=date(2026, 11, 30), law=read_law()).answers
    assert (answers["survey_outcome"], answers["surveyed_on"]) == ("1", "2026-11-03")


def test_a_row_with_one_prefilled_cell_changed_is_taken() -> None:
    read = read_entries(edited(5, residence_address="-2 号楼"), key=KEY)
    assert [(row.task, row.answers) for row in read.rows] == [(12, {"residence_address": "-2 号楼"})]
    assert read.untouched == (11, 13)


def test_rows_may_be_sorted_taken_out_and_emptied() -> None:
    content = edited(4, survey_outcome="1")
    sheet = cells_of(content)["登记"]
    swapped = {f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[place]}{line}": value for line, other in ((4, 6), (6, 4))
               for place, value in enumerate(sheet[other - 1][:26])}  # fmt: skip
    emptied = {f"{letters}5": None for letters in ("B", "C", "D", "E", COLUMN["residence_address"])}
    read = read_entries(changed(content, swapped | emptied), key=KEY)
    assert [(row.line, row.task) for row in read.rows] == [(6, 11)]
    assert (read.untouched, read.errors) == ((13,), ())


@pytest.mark.parametrize(
    ("edits", "cells"),
    [
        ({"C4": "陈壹"}, [(4, "C", "姓名", "与下载时不同")]),
        ({"D4": "440106199001010012"}, [(4, "D", "社会保障号码", "与下载时不同")]),
        ({"D4": 440106199001010011.0}, [(4, "D", "社会保障号码", "15 位以后已丢失")]),
        ({"C4": None}, [(4, "C", "姓名", "与下载时不同")]),
        ({"B4": "99"}, [(4, "B", "任务号", "本模板没有这个任务号")]),
        ({"B4": None}, [(4, "B", "任务号", "本模板没有这个任务号")]),
        ({"B5": "11"}, [(4, "B", "任务号", "在第 4、5 行重复"), (5, "B", "任务号", "都对不上")]),
        ({"C4": "陈壹", "D4": "440106199001010012"}, [(4, "B", "任务号", "都对不上")]),
        ({f"{COLUMN['unit_no']}4": 91440101123456789012.0}, [(4, COLUMN["unit_no"], "单位编号", "已丢失")]),
        ({f"{COLUMN['remark']}4": "_x005F_x0041_"}, [(4, COLUMN["remark"], "备注", "读不准")]),
    ],
)  # fmt: skip
def test_a_wrong_row_is_not_taken_and_others_are(edits, cells) -> None:
    read = read_entries(changed(CONTENT, {f"{COLUMN['survey_outcome']}6": "2", **edits}), key=KEY)
    assert [row.task for row in read.rows] == [13]
    assert [(one.line, one.column, one.label) for one in read.errors] == [cell[:3] for cell in cells]
    for error, (*_, words) in zip(read.errors, cells, strict=True):
        assert words in error.says


def test_an_error_of_an_answer_has_its_cell() -> None:
    read = read_entries(edited(4, mobile="1"), key=KEY)
    error = read.error_at(4, "mobile", "请填 11 位手机号码")
    assert (error.column, error.label) == (COLUMN["mobile"], "手机号码")
    with pytest.raises(KeyError):
        read.error_at(4, "no_such_question", "")


def test_a_citys_own_questions_have_columns_whatever_their_names() -> None:
    extra = Question(id="name", label="曾用名", options=(("a", "有"), ("b", "无")))
    form = laid_over(read_survey(), Overlay(hidden=frozenset({"ethnicity"}), extra=(extra,)))
    content = entry_template(form, read_law(), STAMP, PEOPLE, "", key=KEY)
    ids = cells_of(content)["登记"][1]
    assert "ethnicity" not in ids
    (row,) = read_entries(changed(content, {f"{column_of(content, 'name')}4": "a 有"}), key=KEY).rows
    assert row.answers["name"] == "a 有"


def test_a_file_is_read_like_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(CONTENT)
    assert read_entries(tmp_path / "a.xlsx", key=KEY) == read_entries(CONTENT, key=KEY)


def test_more_people_than_a_spreadsheet_takes() -> None:
    with pytest.raises(SheetRefused, match=r"本次下载：超过 20,000 行；请按村（社区）分开"):
        entries([PEOPLE[0]] * (MOST_ROWS + 1))


TEXTS = st.text(max_size=40) | st.text("'=+-@＝ 　\t\r\n<r>_x05Fa", max_size=12)


@given(text=TEXTS)
def test_what_is_made_inert_comes_back(text: str) -> None:
    assert as_given(inert(text)) == text
    assert not inert(text).lstrip(" \u3000").startswith(("=", "+", "-", "@", "<r>"))


@settings(max_examples=25)
@given(name=TEXTS, remark=TEXTS, address=TEXTS)
def test_any_text_comes_back_or_is_named(name: str, remark: str, address: str) -> None:
    """Texts that are handed out, and one that somebody types: each is the same again, or its cell is named."""
    handed = [replace(PEOPLE[0], name=name, prefill={"residence_address": address})]
    content = changed(entries(handed), {f"{COLUMN['remark']}4": inert(remark)})
    read = read_entries(content, key=KEY)
    if read.errors:
        texts = {"姓名": name, "备注": remark, "常住所在地地址": address}
        assert all(re.search("_x|[\ufffe\uffff]", texts[one.label], re.IGNORECASE) for one in read.errors)
    elif remark:
        answers = {"remark": remark, **({"residence_address": address} if address else {})}
        assert [row.answers for row in read.rows] == [answers]
    else:
        assert read.untouched == (11,)


def test_the_stamp_says_when() -> None:
    assert read_entries(CONTENT, key=KEY).stamp.taken_at == datetime(2026, 11, 30, 9, 0)


def test_drop_downs_offer_the_codes_of_their_question() -> None:
    with zipfile.ZipFile(BytesIO(CONTENT)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    found = re.findall(r"sqref=\"([A-Z]+)4:[A-Z]+6\"><formula1>'印记'!\$B\$([0-9]+):\$([A-Z]+)\$", sheet)
    hidden, law = cells_of(CONTENT)["印记"], read_law()
    offered = {letters: [one for one in hidden[int(line) - 1][1:] if one] for letters, line, _ in found}
    codes = {name: options_of(question, law) for name, question in the_form().questions.items()}
    assert offered == {
        COLUMN[name]: [f"{code} {label}" for code, label in some] for name, some in codes.items() if some
    }
