"""Names agree by their plain characters and by their sound, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canbao.batch.candidates.names import _variants, plain, sound


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张伟", "張偉"),
        ("歐陽靜怡", "欧阳静怡"),
        ("蕭國慶", "肖国庆"),
        ("Anna Brandt", "ANNA BRANDT"),
    ],
)
def test_plain_characters(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张伟", "ZHANG WEI"),
        ("张伟", "Wei, Zhang"),
        ("欧阳静怡", "OUYANG JINGYI"),
        ("欧阳静怡", "Ou-yang Jing Yi"),
        ("曾单仇", "ZENG DANCHOU"),
        ("吕女", "LYU NYU"),
        ("吕女", "LV NV"),
        ("吕女", "LU NU"),
        ("陈玮", "陈伟"),
        ("Brandt, Anna", "ANNA BRANDT"),
    ],
)
def test_sounds(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("one", "other"), [("张伟", "张伟强"), ("张伟", "章维新"), ("单丹", "丹丹"), ("Anna", "Hanna")]
)
def test_other_sounds(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@given(st.text(max_size=12))
def test_any_text_has_forms(name: str) -> None:
    """Whatever stands in a name, its forms can be made, and making the plain form twice changes nothing."""
    assert plain(plain(name)) == plain(name)
    assert sound(name).isalnum() or sound(name) == ""


def test_no_variant_leads_to_another() -> None:
    replaced = _variants()
    assert not {chr(code) for code in replaced} & set(replaced.values())
