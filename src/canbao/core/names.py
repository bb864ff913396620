"""Names of persons: the form in which they are stored and compared, and how alike two of them are."""

from __future__ import annotations

import unicodedata

from canbao.core.text import normalise_text, without_blanks

MIDDLE_DOT = "·"
DOTS = ".．•‧∙．・･․﹒⋅⸱ꞏ᛫ㆍᆞ◦●"
"""What is written for the dot inside a name. `．` becomes a plain full stop under NFKC, so that is one of them too:
else a name would change with the number of times it was normalised."""

_TO_MIDDLE_DOT = str.maketrans(dict.fromkeys(DOTS, MIDDLE_DOT))

PREFIX_WEIGHT, LONGEST_PREFIX, BOOST_FROM = 0.1, 4, 0.7


def normalise_name(raw: str) -> str:
    """The name as normalised text without blanks, every kind of dot being `·` (U+00B7). Case is kept."""
    joined = without_blanks(normalise_text(raw)).translate(_TO_MIDDLE_DOT)
    return joined if joined.isascii() else unicodedata.normalize("NFKC", joined)


def names_agree(one: str, other: str) -> bool:
    """Whether two names are the same in normal form; an empty name agrees with none."""
    name = normalise_name(one)
    return name != "" and name == normalise_name(other)


def similarity(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1: Jaro-Winkler over the UTF-8 bytes of their normal forms.

    The definition is that of DuckDB's `jaro_winkler_similarity`, which counts bytes and not characters: prefix weight
    0.1, at most 4 bytes of prefix, counted only when the Jaro similarity is above 0.7. An empty name is like nothing.
    """
    first, second = normalise_name(one).encode(), normalise_name(other).encode()
    jaro = _jaro(first, second)
    if jaro <= BOOST_FROM:
        return jaro
    return jaro + _common_prefix(first, second) * PREFIX_WEIGHT * (1 - jaro)


def _jaro(first: bytes, second: bytes) -> float:
    """Jaro's similarity: bytes count as common when they are less than half the longer text apart."""
    common = _common_places(first, second)
    if not common:
        return 0.0
    kept = bytes(second[place] for _, place in sorted(common, key=lambda pair: pair[1]))
    swapped = sum(first[place] != byte for (place, _), byte in zip(common, kept, strict=True)) // 2
    count = len(common)
    return (count / len(first) + count / len(second) + (count - swapped) / count) / 3


def _common_places(first: bytes, second: bytes) -> list[tuple[int, int]]:
    """Pairs of places with the same byte; each byte of `first` takes the first free one within reach."""
    reach = max(max(len(first), len(second)) // 2 - 1, 0)
    free = [True] * len(second)
    pairs: list[tuple[int, int]] = []
    for place, byte in enumerate(first):
        for near in range(max(place - reach, 0), min(place + reach + 1, len(second))):
            if free[near] and second[near] == byte:
                free[near] = False
                pairs.append((place, near))
                break
    return pairs


def _common_prefix(first: bytes, second: bytes) -> int:
    pairs = zip(first[:LONGEST_PREFIX], second[:LONGEST_PREFIX], strict=False)
    return next((place for place, (one, other) in enumerate(pairs) if one != other), min(len(first), len(second), 4))
