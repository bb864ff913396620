"""Invented numbers, none given twice: each person's index leads to its own day of birth, region and sequence.

All days of birth have a share of the slots (region, sequence) as large as their share of the population. A step that
has no divisor in common with the number of slots visits every slot once, and each age as often as it should.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from canbao.batch.generator.columns import equally_long, replaced
from canbao.batch.generator.dice import Array, Dice, Ints, Mask
from canbao.batch.generator.refusal import GeneratorError
from canbao.core.dates import anniversary
from canbao.law.places import Places

OLDEST = 104
SEQUENCES = 999
SHARES = ((0, 6, 6.5), (6, 16, 14.0), (16, 60, 62.0), (60, OLDEST + 1, 17.0))
"""Whole years of age, from and below, with their share of the population in per cent."""

CHECK_CHARACTERS = np.frombuffer(b"10X98765432", dtype=np.uint8)
RESIDENT, HMT, OVERSEAS, FOREIGN = range(4)
KINDS = ("resident", "hmt", "overseas_chinese", "foreign")
COUNTRIES = ("DEU", "FRA", "JPN", "KOR", "USA", "VNM", "IND", "GBR")


@dataclass(frozen=True)
class Numbering:
    """How indexes become numbers in one division: days of birth with their slots, and the regions of the numbers.

    `homes` are the division's counties; `near` are codes of the province, past ones too, of people who moved here;
    `far` are codes of other provinces. The three have no code in common, so no number comes up twice.
    """

    seed: int
    days: Array
    written_days: Ints
    ages: Ints
    edges: Ints
    homes: Ints
    near: Ints
    far: Ints
    start: int
    step: int

    @property
    def capacity(self) -> int:
        """How many persons there can be."""
        return int(self.edges[-1])

    def slots(self, index: Ints) -> tuple[Ints, Ints, Ints]:
        """Place of the day of birth, home (place in `homes`) and sequence of each person."""
        slot = (self.start + index * self.step) % self.capacity
        day = np.searchsorted(self.edges, slot, side="right") - 1
        sequence, home = np.divmod(slot - self.edges[day], len(self.homes))
        return day.astype(np.int64), home, sequence + 1

    def kinds(self, index: Ints) -> Ints:
        """RESIDENT, HMT, OVERSEAS or FOREIGN."""
        return Dice(self.seed, index).pick("number kind", (0.999, 0.0005, 0.0001, 0.0004))

    def local(self, index: Ints) -> Mask:
        """Whether the person has its hukou here."""
        return np.asarray(Dice(self.seed, index).chance("local", 0.9) & (self.kinds(index) == RESIDENT))

    def first17(self, index: Ints) -> Ints:
        """The first 17 digits, as whole numbers."""
        day, home, sequence = self.slots(index)
        dice = Dice(self.seed, index)
        region = np.where(dice.chance("born here", 0.85), self.homes[home], self._other(dice, home, self.near))
        region = np.where(self.local(index), region, self._other(dice, home, self.far))
        return np.asarray(region * 10**11 + self.written_days[day] * 1000 + sequence)

    def _other(self, dice: Dice, home: Ints, regions: Ints) -> Ints:
        """One of `regions`; which of them are open to a person depends on its home, so numbers stay apart."""
        rounds = len(regions) // len(self.homes)
        return np.asarray(regions[home + len(self.homes) * dice.below("other region", rounds)])

    def texts(self, index: Ints) -> Any:
        """The numbers as an Arrow array of strings."""
        texts = resident_texts(self.first17(index))
        kinds = self.kinds(index)
        rows = np.flatnonzero(kinds != RESIDENT)
        if not len(rows):
            return texts
        rolls = Dice(self.seed, index[rows]).bits("document").tolist()
        odd = zip(index[rows].tolist(), kinds[rows].tolist(), rolls, strict=True)
        return replaced(texts, rows, [odd_number(one, kind, roll) for one, kind, roll in odd])


def resident_texts(first17: Ints) -> Any:
    """17 digits with their check character (GB 11643-1999: weights 2^(18-i) mod 11)."""
    letters = np.empty((len(first17), 18), dtype=np.uint8)
    left, weighted = first17, np.zeros(len(first17), dtype=np.int64)
    for place in range(16, -1, -1):
        left, digit = np.divmod(left, 10)
        letters[:, place] = digit + ord("0")
        weighted += digit * (pow(2, 17 - place, 11))
    letters[:, 17] = CHECK_CHARACTERS[weighted % 11]
    return equally_long(letters)


def odd_number(index: int, kind: int, roll: int) -> str:
    """The number of somebody without a resident number; the index keeps them apart."""
    document = f"{index * 7_654_321 % 10**8:08d}"
    if kind == FOREIGN:
        return f"{COUNTRIES[roll % len(COUNTRIES)]}0{'CEKP'[roll // 8 % 4]}{document}"
    if kind == OVERSEAS:
        return f"CHNG{document}"
    return ("HKG0H", "MAC0M", "TWN0")[roll % 3] + document


def make_numbering(places: Places, division: str, as_of: date, seed: int) -> Numbering:
    """The numbering of a division's people.

    Raises GeneratorError for a division that is no province, city or county of Guangdong.
    """
    homes = np.array(sorted(int(code) for code in counties(places, division)), dtype=np.int64)
    listed = {code for code in (*places.regions, *places.over_time) if code[4:] != "00"}
    known = np.array(sorted(int(code) for code in listed), dtype=np.int64)
    of_province = known // 10**4 == int(division[:2])
    near, far = np.setdiff1d(known[of_province], homes), known[~of_province]
    first = np.datetime64(anniversary(as_of, -OLDEST), "D")
    days = np.arange(first + 1, np.datetime64(as_of, "D") + 1)
    written = _written(days)
    ages = (_written(np.array([as_of], "datetime64[D]"))[0] - written) // 10_000
    edges = np.concatenate([[0], np.cumsum(_slots_of_days(ages, len(homes) * SEQUENCES))])
    start, step = _walk(int(edges[-1]), seed)
    return Numbering(seed, days, written, ages, edges, homes, near, far, start, step)


def counties(places: Places, division: str) -> list[str]:
    """The codes of the division's counties; of 东莞 and 中山, which have none, their own."""
    below = [code for code in places.by_code if places.is_county(code) and code.startswith(division.rstrip("0"))]
    inside = [code for code in below if division in (code, code[:4] + "00", code[:2] + "0000")]
    if not inside:
        raise GeneratorError(f"{division} 不是广东省、其地级市或县区的代码；请写成 440600 这样的 6 位代码")
    return inside


def _written(days: Array) -> Ints:
    """Days as whole numbers YYYYMMDD."""
    months = days.astype("datetime64[M]")
    years = months.astype("datetime64[Y]").astype(np.int64) + 1970
    in_year = months.astype(np.int64) % 12 + 1
    in_month = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    return np.asarray((years * 100 + in_year) * 100 + in_month)


def _slots_of_days(ages: Ints, most: int) -> Ints:
    """Slots of each day of birth: in proportion to the population, the fullest day having `most`."""
    weights = np.zeros(len(ages))
    for low, high, share in SHARES:
        inside = (ages >= low) & (ages < high)
        falling = np.where(ages < 60, 1.0, np.maximum(OLDEST + 1 - ages, 1) ** 1.7)
        weights[inside] = share * falling[inside] / falling[inside].sum()
    return np.asarray(np.maximum(1, np.floor(weights / weights.max() * most)), np.int64)


def _walk(slots: int, seed: int) -> tuple[int, int]:
    """Start and step of a walk through all slots; near the golden section, it spreads any number of people evenly."""
    bits = Dice(seed, np.array([0])).bits("walk")[0]
    step = int(slots * 0.6180339887) + int(bits) % 9973
    while math.gcd(step, slots) != 1:
        step += 1
    return int(bits >> np.uint64(20)) % slots, step
