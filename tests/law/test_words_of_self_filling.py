"""The words of self-filling: complete, and held to the form that officers have."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from canbao.law.reader import HOME, LawError
from canbao.law.self_filling import read_self_filling
from canbao.law.survey import read_survey


def changed(folder: Path, **other: object) -> Path:
    written = yaml.safe_load((HOME / "self_filling.yaml").read_text(encoding="utf-8"))
    (folder / "self_filling.yaml").write_text(
        yaml.safe_dump({**written, **other}, allow_unicode=True), encoding="utf-8"
    )
    return folder


def test_each_question_is_asked_in_plain_words_or_not_at_all():
    law = read_self_filling()
    unasked = {*law.said, law.dated, *law.left_out}
    assert {*law.by_id} | unasked == {*read_survey().questions}
    assert not {*law.by_id} & unasked
    assert {*law.sections} == {one.id for one in read_survey().sections}


def test_nobody_says_of_themselves_that_they_can_t_be_found():
    offered = {code for code, _ in read_self_filling().by_id["uninsured_reason"].options}
    assert "Z1" not in offered and "10" in offered


def test_what_is_written_is_read(tmp_path):
    shutil.copy(HOME / "self_filling.yaml", tmp_path)
    assert read_self_filling(tmp_path) == read_self_filling()


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"left_out": ["nothing"]}, "没有问题 nothing"),
        ({"dated": "never"}, "没有问题 never"),
        ({"said": {"survey_way": "9"}}, "没有代码 9"),
        ({"questions": [{"id": "willing", "asks": "愿意吗", "options": [["7", "也许"]]}]}, "没有代码 7"),
        ({"findings": {"SF99": "话"}}, "没有校验 SF99"),
        ({"sections": {"nowhere": "话"}}, "没有部分 nowhere"),
        ({"source": "nothing"}, "依据 nothing"),
        ({"left_out": 1}, "读不懂"),
    ],
)
def test_what_contradicts_the_form_is_named(tmp_path, other, said):
    with pytest.raises(LawError, match=said):
        read_self_filling(changed(tmp_path, **other))
