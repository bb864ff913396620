"""Names brought to forms that agree however they are written: plain characters, and the letters of their sound."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from canbao.law.reader import read_yaml

NAMES = Path(__file__).with_name("names.yaml")
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
    read = [_surnames().get(plainly[:1]) or syllables.get(ord(plainly[:1] or " "), plainly[:1])]
    read += [syllables.get(ord(character), character) for character in plainly[1:]]
    letters = "".join(read).replace("lyu", "lu").replace("lv", "lu").replace("nv", "nu")
    return "".join(sorted(character for character in letters if character.isalnum()))


@cache
def _variants() -> dict[int, str]:
    pairs: list[str] = _data()["variants"].split()
    return {ord(pair[0]): pair[1] for pair in pairs if pair[0] != pair[1]}


@cache
def _surnames() -> dict[str, str]:
    """Readings of characters at the head of a name."""
    return {written[0]: written[1:] for written in _data()["surnames"].split()}


@cache
def _data() -> dict[str, str]:
    data: dict[str, str] = read_yaml(NAMES)
    return data


@cache
def _syllables() -> dict[int, str]:
    """The commonest reading of each character, without tone."""
    from pypinyin import Style, lazy_pinyin
    from pypinyin.constants import PINYIN_DICT

    codes = sorted(PINYIN_DICT)
    read = {code: lazy_pinyin(chr(code), style=Style.NORMAL)[0] for code in codes}
    return {code: U_UMLAUT.get(syllable, syllable) for code, syllable in read.items()}
