"""A spreadsheet given back with what is wrong in it, corrected, and uploaded again: nothing is lost on the way."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from canbao.survey.spreadsheets import SheetRefused, read_entries, with_errors, writing
from spreadsheet_desk import KEY, MARK, PEOPLE, cells_of, changed, column_of, entries

CONTENT = entries()
OUTCOME, MOBILE, REMARK = (column_of(CONTENT, name) for name in ("survey_outcome", "mobile", "remark"))


@pytest.fixture(scope="module")
def uploaded() -> bytes:
    """The first row is right, the second has another name and a wrong answer, the third is untouched."""
    return changed(
        CONTENT,
        {f"{OUTCOME}4": "1", "C5": "陈贰", f"{OUTCOME}5": "2 不在家", f"{MOBILE}5": "=139", f"{REMARK}5": "说晚上在家"},
    )


@pytest.fixture(scope="module")
def given_back(uploaded: bytes) -> bytes:
    read = read_entries(uploaded, key=KEY)
    assert [row.task for row in read.rows] == [11]
    return with_errors(uploaded, [*read.errors, read.error_at(5, "mobile", "请填 11 位手机号码")])


def test_wrong_rows_come_first_and_untouched_ones_after(given_back: bytes) -> None:
    sheet = cells_of(given_back)["登记"]
    assert sheet[0][0] == MARK
    assert [line[1] for line in sheet[3:]] == ["12", "13"]
    assert sheet[3][2] == "'=陈二"
    assert sheet[3][3] == PEOPLE[1].ssn
    assert sheet[3][sheet[1].index("mobile")] == "'=139"
    assert sheet[3][sheet[1].index("remark")] == "说晚上在家"


def test_errors_are_listed_with_their_new_place(given_back: bytes) -> None:
    heading, *lines = cells_of(given_back)["错误清单"]
    assert heading == ["行", "列", "内容", "怎么改"]
    assert [line[:2] for line in lines] == [["4", "C 姓名"], ["4", f"{MOBILE} 手机号码"]]
    assert lines[0][2] == "陈贰"
    assert lines[0][3].startswith("与下载时不同，已改回原来的；核对这一行是不是同一个人")
    assert lines[1][2:] == ["'=139", "请填 11 位手机号码"]


def test_wrong_cells_have_a_colour_and_a_comment(given_back: bytes) -> None:
    with zipfile.ZipFile(BytesIO(given_back)) as package:
        comments = package.read("xl/comments1.xml").decode()
        styles = package.read("xl/styles.xml").decode()
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        links = package.read("xl/worksheets/sheet2.xml").decode()
    assert f'ref="{MOBILE}4"' in comments
    assert "请填 11 位手机号码" in comments
    assert "FFC7CE" in styles
    assert "'印记'!$B$" in sheet
    assert f"'登记'!{MOBILE}4" in links or f"登记!{MOBILE}4" in links


def test_it_is_corrected_and_uploaded_again(given_back: bytes) -> None:
    assert read_entries(given_back, key=KEY).errors == ()
    corrected = changed(given_back, {f"{MOBILE}4": "13900139000"})
    read = read_entries(corrected, key=KEY)
    assert (read.errors, read.untouched) == ((), (13,))
    (row,) = read.rows
    assert (row.line, row.task) == (4, 12)
    assert row.answers == {
        "survey_outcome": "2 不在家", "mobile": "13900139000", "remark": "说晚上在家", "residence_address": "-1 号楼",
    }  # fmt: skip


def test_rows_of_no_task_or_two_rows_of_one_are_kept() -> None:
    uploaded = changed(CONTENT, {"B4": "99", f"{REMARK}4": "一", "B6": "12", f"{REMARK}6": "三"})
    errors = read_entries(uploaded, key=KEY).errors
    given_back = with_errors(uploaded, errors)
    sheet = cells_of(given_back)["登记"]
    assert [line[1] for line in sheet[3:]] == ["99", "12", "12"]
    assert [line[-1] for line in sheet[3:]] == ["一", "", "三"]
    assert [line[2] for line in sheet[3:]] == ["陈一", "'=陈二", "𠮷三"]
    assert {error.label for error in read_entries(given_back, key=KEY).errors} == {"任务号"}


def test_an_error_that_is_not_told_keeps_its_row(uploaded: bytes) -> None:
    """What the row itself shows to be wrong is kept, whoever calls."""
    assert cells_of(with_errors(uploaded, []))["登记"][3][1] == "12"


def test_with_nothing_wrong_only_untouched_rows_are_left() -> None:
    given_back = with_errors(changed(CONTENT, {f"{OUTCOME}4": "1"}), [])
    assert "错误清单" not in cells_of(given_back)
    assert read_entries(given_back, key=KEY).untouched == (12, 13)


def test_long_lists_are_cut_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_LISTED", 1)
    monkeypatch.setattr(writing, "MOST_COMMENTS", 1)
    uploaded = changed(CONTENT, {"C4": "某", "C5": "某"})
    given_back = with_errors(uploaded, read_entries(uploaded, key=KEY).errors)
    lines = cells_of(given_back)["错误清单"]
    assert len(lines) == 3
    assert lines[2][3] == "只列前 1 处，共 2 处；其余见标色的格子"
    with zipfile.ZipFile(BytesIO(given_back)) as package:
        assert package.read("xl/comments1.xml").count(b"<comment ") == 1


def test_what_is_refused_is_refused_here_too() -> None:
    with pytest.raises(SheetRefused, match="是空文件"):
        with_errors(b"", [])


def test_answers_of_one_do_not_come_back_under_the_name_of_another() -> None:
    """A row whose task number was changed is not made the other person's row."""
    emptied = [f"{letters}4" for letters in ("B", "C", "D", "E", MOBILE, column_of(CONTENT, "ethnicity"))]
    uploaded = changed(CONTENT, {"B5": "11", f"{REMARK}5": "陈二说的", **dict.fromkeys(emptied)})
    read = read_entries(uploaded, key=KEY)
    assert [(one.line, one.label) for one in read.errors] == [(5, "任务号")]
    given_back = with_errors(uploaded, read.errors)
    assert cells_of(given_back)["登记"][3][1:4] == ["11", "'=陈二", PEOPLE[1].ssn]
    corrected = changed(given_back, {"B4": "12"})
    assert [(row.task, row.answers["remark"]) for row in read_entries(corrected, key=KEY).rows] == [(12, "陈二说的")]
