"""Names brought to forms that agree however they are written: plain characters, and the letters of their sound."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from canbao.law.reader import read_yaml

U_UMLAUT = (("lyu", "lu"), ("nyu", "nu"), ("lv", "lu"), ("nv", "nu"))
"""Passports write lü in several ways."""

NAMES = Path(__file__).with_name("names.yaml")


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
    letters = "".join(read)
    for written, usual in U_UMLAUT:
        letters = letters.replace(written, usual)
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
    """The commonest reading of each character, without tone, `u` for `ü` as passports have it."""
    from pypinyin.constants import PINYIN_DICT

    return {code: _toneless(readings.partition(",")[0]) for code, readings in PINYIN_DICT.items()}


def _toneless(syllable: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", syllable) if letter.isascii())
