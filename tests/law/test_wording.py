"""The words on papers: ours can be printed, a city's are checked place by place, values are put in as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies

from canbao.law.reader import LawError
from canbao.law.wording import (
    WordingError,
    checked_wording,
    default_wording,
    faults_of_wording,
    filled,
    read_wording,
)


@pytest.mark.parametrize("kind", read_wording())
def test_our_own_words_have_no_fault(kind: str) -> None:
    assert faults_of_wording(kind, default_wording(kind)) == []


@pytest.mark.parametrize(
    ("key", "words", "said"),
    [
        (
            "body",
            "打{phone}，{from}{to}，{who}",
            "《致居民的信》的“正文”里的 {who} 不认识，可用的有：{city}（市的名称）",
        ),
        ("body", "从{from}到{to}", "《致居民的信》的“正文”里必须有 {phone}（监督电话），请加上"),
        ("body", "{from}{to}{phone}" + "长" * 900, "“正文”有 917 个字，最多 900 个"),
        ("title", " \n", "“标题”是空的"),
        ("title", "致{居民", "“标题”里的花括号不成对"),
        ("title", "致}居民", "“标题”里的花括号不成对"),
        ("title", "{{city}}", "“标题”里的花括号不成对"),
        ("title", "{}", "“标题”里的 {} 不认识"),
        ("title", "{city.__class__}", "{city.__class__} 不认识"),
        ("greeting", "{city}", "可用的有：没有"),
        ("heading", "另加", "没有名为“heading”的文字"),
    ],
)
def test_a_fault_names_its_place_and_the_remedy(key: str, words: str, said: str) -> None:
    faults = faults_of_wording("letter", default_wording("letter") | {key: words})
    assert len(faults) == 1 and said in faults[0]


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(WordingError) as caught:
        checked_wording("letter", {})
    assert len(caught.value.faults) == 5 and "“称呼”没有写，请补上" in str(caught.value)


def test_what_may_be_empty_may_be_empty() -> None:
    edited = default_wording("letter") | {"closing": ""}
    assert checked_wording("letter", edited) == edited


@given(strategies.text(), strategies.text())
def test_values_are_put_in_as_they_are(one: str, other: str) -> None:
    assert filled("甲{one}乙{other}{one}", {"one": one, "other": other}) == f"甲{one}乙{other}{one}"


ENTRY = """- kind: card
  name: 证
  source: {source}
  clause: 附件1
  texts:
    - {{key: title, name: 标题, limit: 9, default: "{default}", placeholders: {{a: 甲}}, required: [{required}]}}
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ENTRY.format(source="hearsay", default="{a}", required="a"), "hearsay"),
        (ENTRY.format(source="gd-2017-96", default="{b}{a}", required="a"), "不认识"),
        (ENTRY.format(source="gd-2017-96", default="x", required="a"), "必须有"),
        (ENTRY.format(source="gd-2017-96", default="{a}", required="c"), "c 不在 placeholders 中"),
        (ENTRY.format(source="gd-2017-96", default="{a}", required="a") * 2, "只能写一次"),
        ("- kind: card\n", "读不懂"),
        ("kind: card\n", "读不懂"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "wording.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(LawError, match=said):
        read_wording(tmp_path)
