"""Chance that can be asked again: a draw follows from the seed, a key and its own name, and from nothing else.

So a person is the same in whatever chunk it is made, and whatever was made before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]
Mask = NDArray[np.bool_]
Array = NDArray[Any]

_STRIDE = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_UNIT = 2.0**-53


def _mixed(state: Bits) -> Bits:
    """The output function of splitmix64 (Steele, Lea and Flood 2014): neighbouring states give unrelated bits."""
    state = (state ^ (state >> np.uint64(30))) * _FIRST
    state = (state ^ (state >> np.uint64(27))) * _SECOND
    return state ^ (state >> np.uint64(31))


@cache
def _named(name: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little"))


class Dice:
    """Draws for an array of keys (whole numbers from 0 to 2^63); the same name gives the same draw each time."""

    def __init__(self, seed: int, keys: Array) -> None:
        start = _mixed(np.array([seed % 2**64], dtype=np.uint64))
        self._states: Bits = _mixed(keys.astype(np.uint64) * _STRIDE + start)

    def of(self, places: Array) -> Dice:
        """The dice of some of the keys, by mask or by position."""
        some = Dice.__new__(Dice)
        some._states = self._states[places]
        return some

    def bits(self, name: str) -> Bits:
        """64 random bits each."""
        return _mixed(self._states + _named(name))

    def uniform(self, name: str) -> NDArray[np.float64]:
        """From 0 up to but not including 1."""
        return np.asarray((self.bits(name) >> np.uint64(11)) * _UNIT, np.float64)

    def chance(self, name: str, probability: float | Array) -> Mask:
        """Whether something of this probability happens."""
        return np.asarray(self.uniform(name) < probability)

    def below(self, name: str, limit: int | Array) -> Ints:
        """Whole numbers from 0 up to but not including `limit` (at most 2^31)."""
        return ((self.bits(name) >> np.uint64(32)).astype(np.int64) * limit) >> 32

    def pick(self, name: str, shares: Sequence[float]) -> Ints:
        """Which of several shares (they sum to 1; what is missing goes to the last)."""
        edges = np.cumsum(shares)[:-1]
        return np.searchsorted(edges, self.uniform(name), side="right").astype(np.int64)
