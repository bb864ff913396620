"""Names brought to forms that agree however they are written: plain characters, and the letters of their sound."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyarrow as pa

from canbao.law.reader import read_yaml

VARIANTS = Path(__file__).with_name("variants.yaml")
SURNAMES = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "查": "zha", "任": "ren", "朴": "piao", "盖": "ge",
    "覃": "qin", "翟": "zhai", "乐": "le", "缪": "miao", "宓": "mi", "尉": "wei", "冼": "xian", "繁": "po", "召": "shao",
}  # fmt: skip
"""Characters that read otherwise at the head of a name."""

FORMS = pa.schema([("name", pa.string()), ("plain_name", pa.string()), ("sound", pa.string()), ("latin", pa.bool_())])
FIRST_HAN = 0x3400
U_UMLAUT = {"lv": "lu", "nv": "nu", "lve": "lue", "nve": "nue"}
"""Passports write lü as lyu, lu or lv."""


def plain(name: str) -> str:
    """The name with variant and traditional characters replaced by those in common use, letters in lower case."""
    return name.translate(_variants()).lower()


def sound(name: str) -> str:
    """The letters of the name's sound without tones, sorted: `张伟`, `Zhang Wei` and `WEI, Zhang` have the same.

    Sorting makes the order of family and given name and the way syllables are joined indifferent.
    """
    syllables = _syllables()
    plainly = plain(name)
    read = [SURNAMES.get(plainly[:1]) or syllables.get(ord(plainly[:1] or " "), plainly[:1])]
    read += [syllables.get(ord(character), character) for character in plainly[1:]]
    letters = "".join(read).replace("lyu", "lu").replace("lv", "lu").replace("nv", "nu")
    return "".join(sorted(character for character in letters if character.isalnum()))


def is_latin(name: str) -> bool:
    """Whether there is no Chinese character in the name."""
    return all(ord(character) < FIRST_HAN for character in name)


def forms(names: Iterable[str]) -> pa.Table:
    """The table FORMS of names in normal form."""
    rows = [(name, plain(name), sound(name), is_latin(name)) for name in names]
    columns = zip(*rows, strict=True) if rows else [()] * len(FORMS)
    return pa.table([pa.array(column, kind.type) for column, kind in zip(columns, FORMS, strict=True)], schema=FORMS)


@cache
def _variants() -> dict[int, str]:
    pairs = read_yaml(VARIANTS)["pairs"].split()
    return {ord(pair[0]): pair[1] for pair in pairs if pair[0] != pair[1]}


@cache
def _syllables() -> dict[int, str]:
    """The commonest reading of each character, without tone."""
    from pypinyin import Style, lazy_pinyin
    from pypinyin.constants import PINYIN_DICT

    codes = sorted(PINYIN_DICT)
    read = {code: lazy_pinyin(chr(code), style=Style.NORMAL)[0] for code in codes}
    return {code: U_UMLAUT.get(syllable, syllable) for code, syllable in read.items()}
