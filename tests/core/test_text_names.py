"""Text, names and masks in their one form."""

from __future__ import annotations

import sys
import unicodedata

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canbao.core.masks import mask_mobile, mask_name, mask_number
from canbao.core.names import DOTS, names_agree, normalise_name, similarity
from canbao.core.text import normalise_text

TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\u200b\u3000 ・．•é\u0301\u202e\ufe0f¨A"))
NAMES = st.text(st.sampled_from("张章三丰李四欧阳买提·艾力ABCD"), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  佛山市　", "佛山市"),
        ("ＡＢＣ１２３", "ABC123"),
        ("张\u200b三\ufeff", "张三"),
        ("\u202e张三\u202c", "张三"),
        ("一\r\n二\t三", "一二三"),
        ("祖庙街道 1号", "祖庙街道 1号"),
        ("祖庙街道　１号", "祖庙街道 1号"),
        ("葛\U000e0100城", "葛城"),
        ("㈱", "(株)"),
        ("", ""),
        ("𠮷", "𠮷"),
    ],
)
def test_text(raw: str, text: str) -> None:
    assert normalise_text(raw) == text


@given(TEXT)
def test_normalising_text_twice_changes_nothing(raw: str) -> None:
    once = normalise_text(raw)
    assert normalise_text(once) == once
    assert once == once.strip() and unicodedata.is_normalized("NFKC", once)


def test_no_character_turns_into_one_that_must_go() -> None:
    everything = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF)
    once = [text for text in map(normalise_text, everything) if not text.isascii()]
    assert [text for text in once if normalise_text(text) != text] == []


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (" 张 三 ", "张三"),
        ("欧阳　小明", "欧阳小明"),
        *((f"买买提{dot}艾力", "买买提·艾力") for dot in "•‧∙．・･·.⋅"),
        ("买买提 · 艾力", "买买提·艾力"),
        ("ＪＯＨＮ　Ａ．ＳＭＩＴＨ", "JOHNA·SMITH"),
        ("John A. Smith", "JohnA·Smith"),
        ("", ""),
    ],
)
def test_name(raw: str, name: str) -> None:
    assert normalise_name(raw) == name


@given(TEXT)
def test_a_name_does_not_depend_on_how_often_it_was_normalised(raw: str) -> None:
    name = normalise_name(raw)
    assert normalise_name(name) == name
    assert normalise_name(normalise_text(raw)) == name
    assert not set(name) & set(DOTS) and not any(character.isspace() for character in name)


def test_names_agree_in_normal_form() -> None:
    assert names_agree("阿卜杜拉・买买提", "阿卜杜拉 •买买提")
    assert not names_agree("张三", "章三")
    assert not names_agree("", "")


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [("张三", "张三", 1, 1), ("张三", "李四", 0, 0.1), ("张三", "", 0, 0), ("张三", "张三丰", 0.9, 0.95)],
)
def test_similarity(one: str, other: str, least: float, most: float) -> None:
    assert least <= similarity(one, other) <= most


@given(NAMES, NAMES)
def test_similarity_lies_between_0_and_1(one: str, other: str) -> None:
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, one) == 1


@given(st.lists(st.tuples(NAMES, NAMES), min_size=30, max_size=60))
def test_similarity_is_that_of_duckdb(pairs: list[tuple[str, str]]) -> None:
    first, second = zip(*pairs, strict=True)
    query = "SELECT jaro_winkler_similarity(one, other) FROM (SELECT unnest(?) AS one, unnest(?) AS other)"
    answers = [answer for (answer,) in duckdb.connect().execute(query, [list(first), list(second)]).fetchall()]
    assert answers == pytest.approx([similarity(*pair) for pair in pairs], abs=1e-12)


def test_masks() -> None:
    assert mask_number("440524188001010014") == "440***********0014"
    assert mask_number("440524880101001") == "440********1001"
    assert mask_number("1234567") == "*******"
    assert mask_mobile("13812341234") == "138****1234"
    assert [mask_name(name) for name in ("张三", "欧阳小明", "张", "")] == ["张*", "欧***", "*", ""]


@given(st.text(max_size=24))
def test_masks_keep_length_and_hide_something(text: str) -> None:
    for masked in (mask_number(text), mask_mobile(text)):
        assert len(masked) == len(text)
        assert masked.count("*") >= min(len(text), 2)
