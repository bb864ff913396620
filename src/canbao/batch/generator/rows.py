"""Rows of one source, before they are written: whose they are, what stands in them, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from canbao.batch.generator.columns import Coded, Column
from canbao.batch.generator.dice import Array, Dice, Ints, Mask
from canbao.batch.generator.people import People

DAY_STYLES = {
    "iso": "{0:04d}-{1:02d}-{2:02d}",
    "packed": "{0:04d}{1:02d}{2:02d}",
    "slash": "{0:04d}/{1}/{2}",
    "chinese": "{0:04d}年{1}月{2}日",
}
FIRST_DAY = -36_525
"""1 January 1870, counted from 1970-01-01; nothing in the sources is older."""

FIRST_MOMENT = 10_957
"""1 January 2000, counted from 1970-01-01: the first day of `moments`."""

CLOCKS = ("", " 08:30:00", " 10:05:17", " 14:20:41", " 16:59:03")
LABELS = {
    "insurance_type": {
        "emp_pension": "职工基本养老保险",
        "res_pension": "城乡居民基本养老保险",
        "emp_medical": "职工基本医疗保险",
        "res_medical": "城乡居民基本医疗保险",
        "unemployment": "失业保险",
        "work_injury": "工伤保险",
        "maternity": "生育保险",
    },
    "contrib_status": {"1": "参保缴费", "2": "暂停缴费", "3": "终止缴费"},
    "benefit_status": {"1": "正常发放", "2": "暂停发放", "3": "终止发放"},
    "sex": {"1": "男", "2": "女"},
    "vital_status": {"1": "正常", "2": "死亡", "4": "失踪", "9": "状态不明"},
}
"""How sources write codes in words."""


@dataclass(frozen=True)
class Style:
    """How a file writes days (a key of DAY_STYLES) and whether it writes codes in words."""

    days: str = "iso"
    labels: bool = False


@dataclass
class Rows:
    """Rows of `source`; `at` are the rows' places among the people, `repeated` marks second copies of a row.

    `kind` is each row's kind of dirt (a place in `dirt.NAMES`, 0 for none), `own` whether the number in the row is the
    person's own, `dice` draws for a row, the same for a row and its copy. `taken` are the places, among the rows asked
    for, that these rows came from.
    """

    source: str
    people: People
    at: Ints
    dice: Dice
    repeated: Mask
    kind: Ints
    style: Style
    own: Mask
    taken: Ints
    columns: dict[str, Column] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.at)

    def of(self, person_column: Array) -> Array:
        """A column of the people as a column of the rows."""
        return person_column[self.at]

    def code(self, name: str, codes: tuple[str, ...], places: Array) -> None:
        """Add a column of codes; places of -1 are missing."""
        labels = LABELS.get(name, {}) if self.style.labels else {}
        self.columns[name] = Coded(_strings(tuple(labels.get(code, code) for code in codes)), places)

    def day(self, name: str, days: Array, missing: Mask | None = None) -> None:
        """Add a column of days, given as days from 1970-01-01."""
        places = np.asarray(days) - FIRST_DAY
        self.columns[name] = Coded(_days(self.style.days), places if missing is None else np.where(missing, -1, places))

    def person(self) -> None:
        """Add the true number and name."""
        at = pa.array(self.at)
        self.columns["ssn"], self.columns["name"] = self.people.ssn.take(at), self.people.name.take(at)


REPEATS = 0.003
SOURCE_PLACES = (
    "household", "insurance", "card", "labour", "school", "retirement", "military", "exit_entry", "court", "injury",
    "death",
)  # fmt: skip


def make_rows(source: str, people: People, at: Ints, style: Style, within: Ints | None = None) -> Rows:
    """Rows without columns, some of them twice, in an order of chance; `within` tells rows of one person apart."""
    inside = np.zeros(len(at), np.int64) if within is None else within
    keys = (people.index[at] * 256 + inside) * 16 + SOURCE_PLACES.index(source)
    dice = Dice(people.world.seed, keys)
    twice = np.flatnonzero(dice.chance("repeated", REPEATS * people.world.dirt))
    order = np.argsort(np.concatenate([dice.bits("order"), dice.bits("order of copies")[twice]]), kind="stable")
    taken = np.concatenate([np.arange(len(at)), twice])[order]
    dice = dice.of(taken)
    nothing = np.zeros(len(taken), np.int64)
    return Rows(source, people, at[taken], dice, order >= len(at), nothing, style, nothing == 0, taken)


@cache
def _strings(values: tuple[str, ...]) -> Any:
    return pa.array(values, pa.string())


@cache
def _days(style: str) -> Any:
    days = np.arange(FIRST_DAY, 40_000).astype("datetime64[D]").tolist()
    return pa.array([DAY_STYLES[style].format(day.year, day.month, day.day) for day in days])


@cache
def moments(style: str) -> Any:
    """Every day from FIRST_MOMENT on with every time of CLOCKS, in a style of days, as an Arrow array."""
    days = _days(style)[FIRST_MOMENT - FIRST_DAY :].to_pylist()
    return pa.array([day + clock for day in days for clock in CLOCKS])
