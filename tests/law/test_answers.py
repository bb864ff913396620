"""The words on an answer sheet: the province's unless a city or county has its own; cited, and each area once."""

from __future__ import annotations

from pathlib import Path

import pytest

from canbao.law.answers import answer_sheet, read_answers
from canbao.law.reader import LawError

SHEET = """- area: "{area}"
  title: 单
  approved: 同意
  approved_without_items: 属实
  refused: 不改
  further: [再来]
  source: {source}
  clause: 第五十条
"""


def written(folder: Path, *sheets: tuple[str, str]) -> Path:
    text = "".join(SHEET.format(area=area, source=source) for area, source in sheets)
    (folder / "answers.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_longest_area_that_fits_has_its_own_words(tmp_path):
    law = "personal-information-law"
    home = written(tmp_path, ("44", law), ("4406", law), ("440604", law))
    areas = ("440604", "440605", "4401", "44")
    assert [answer_sheet(area, home).area for area in areas] == ["440604", "4406", "44", "44"]


def test_our_own_words_are_there_for_every_place():
    assert answer_sheet("441900").area == "44" and len(answer_sheet("44").further) == 2


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        ([("4406", "personal-information-law")], "全省"),
        ([("44", "personal-information-law")] * 2, "只能写一次"),
        ([("44", "hearsay")], "hearsay"),
        ([("佛山", "personal-information-law")], "读不懂"),
    ],
)
def test_words_that_cannot_be_trusted_are_refused(tmp_path, sheets, said):
    with pytest.raises(LawError, match=said):
        read_answers(written(tmp_path, *sheets))
