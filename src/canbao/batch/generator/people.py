"""The people: who they are and how they live, from which everything in the sources follows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from canbao.batch.generator.columns import digits, joined
from canbao.batch.generator.dice import Array, Dice, Ints, Mask
from canbao.batch.generator.names import DOTTED, HAN, make_names, styles
from canbao.batch.generator.numbering import FOREIGN, KINDS, RESIDENT, Numbering
from canbao.batch.generator.surroundings import Surroundings

CHILD, PUPIL, STUDENT, EMPLOYEE, FLEXIBLE, RESIDENTS, RETIRED, PENSIONER, UNINSURED, ENDED = range(10)
LIVES = (
    "child", "pupil", "student", "employee", "flexible", "resident", "retired", "resident_pensioner", "uninsured",
    "ended",
)  # fmt: skip
MALE = 1
ALIVE, DEAD, IMPRISONED, MISSING, UNKNOWN = range(5)
MOBILE_PREFIX = "144"
"""Numbers of eleven digits beginning so are given to nobody: the range is for things, with thirteen digits."""


@dataclass(frozen=True)
class World:
    """What all people share: numbering, surroundings, how much dirt (1 is the usual), how many have two numbers."""

    seed: int
    numbering: Numbering
    surroundings: Surroundings
    dirt: float
    doubles: float = 0.0

    @property
    def last_day(self) -> int:
        """The day of the run, counted from 1970-01-01."""
        return int(self.numbering.days[-1].astype(np.int64))


class People:
    """Persons by index; every column follows from the index, so any group of them may be made at any time."""

    def __init__(self, world: World, index: Ints) -> None:
        self.world, self.index = world, index
        self.dice = Dice(world.seed, index)
        self.day, self.home, sequence = world.numbering.slots(index)
        self.sex = np.where(sequence % 2 == 1, MALE, 2)
        self.age = world.numbering.ages[self.day]
        self.kind = world.numbering.kinds(index)
        self.local = world.numbering.local(index)

    def __len__(self) -> int:
        return len(self.index)

    @cached_property
    def ssn(self) -> Any:
        """The true numbers."""
        return self.world.numbering.texts(self.index)

    @cached_property
    def style(self) -> Ints:
        """What kind of name each has."""
        return styles(self.dice, self.kind == FOREIGN)

    @cached_property
    def name(self) -> Any:
        """The true names."""
        return make_names(self.dice, self.style)

    @cached_property
    def birth(self) -> Ints:
        """Days of birth, counted from 1970-01-01."""
        return self.world.numbering.days[self.day].astype(np.int64)

    @cached_property
    def life(self) -> Ints:
        """One of LIVES."""
        lives = np.select([self.age < 6, self.age < 16, self._studies], [CHILD, PUPIL, STUDENT], self._grown)
        fate = self.dice.pick("fate", (0.042, 0.018, 0.940))
        lives = np.where((fate == 1) & (self.age >= 17), ENDED, lives)
        return np.where((fate == 0) & self.local, UNINSURED, lives)

    @property
    def _studies(self) -> Mask:
        return (self.age < 24) & self.dice.chance("studies", np.where(self.age < 19, 0.7, 0.35))

    @property
    def _grown(self) -> Ints:
        local = self.dice.pick("work", (0.26, 0.10, 0.64))
        work = np.where(self.local, local, self.dice.pick("work", (0.75, 0.10, 0.15))) + EMPLOYEE
        retired = self.dice.chance("retired", 0.35)
        old = (self.age >= 60) | ((self.age >= 50) & (self.sex != MALE) & retired)
        return np.where(old, np.where(retired, RETIRED, PENSIONER), work)

    @cached_property
    def conscript(self) -> Mask:
        """Who serves, mostly young men."""
        young = (self.age >= 18) & (self.age < 25) & (self.kind == RESIDENT)
        return self.dice.chance("military", np.where(self.sex == MALE, 0.02, 0.001) * young)

    @cached_property
    def village(self) -> Ints:
        """Villages, mostly in the county where the number was given."""
        elsewhere = self.dice.chance("moved house", 0.25)
        count = len(self.world.surroundings.counties)
        county = np.where(elsewhere, self.dice.below("county", count), self.home)
        return self.world.surroundings.villages(county, self.dice.uniform("village"))

    @cached_property
    def unit(self) -> Ints:
        """Employers; a few are large, most are small."""
        employers = self.world.surroundings.first_window - 300
        return (self.dice.uniform("unit") ** 3 * employers).astype(np.int64)

    @cached_property
    def mobile(self) -> Any:
        """Mobile numbers that nobody has."""
        return digits(self.dice.below("mobile", 10**8), 8, MOBILE_PREFIX)

    @cached_property
    def vital(self) -> Ints:
        """ALIVE, DEAD, IMPRISONED, MISSING or UNKNOWN, as the household list has it."""
        dies = np.where(self.age >= 60, 0.015, 0.0006)
        lot = self.dice.uniform("vital")
        grown = self.age >= 18
        rest = np.select([lot > 0.9990, lot > 0.9985, lot > 0.9980], [IMPRISONED * grown, MISSING, UNKNOWN], ALIVE)
        return np.where(lot < dies, DEAD, rest)

    @cached_property
    def death(self) -> Ints:
        """The day on which the dead died, within the last two years and not before their birth."""
        return np.maximum(self.birth, self.world.last_day - self.dice.below("death", 700))

    @cached_property
    def house(self) -> Ints:
        """Houses, as places in the table of houses."""
        return self.dice.below("house", len(self.world.surroundings.houses))

    def addresses(self, moved: bool) -> Any:
        """Addresses of the hukou, or with `moved` those where people live: for one in five another one."""
        village, house = self.village, self.house
        if moved:
            gone = self.dice.chance("lives elsewhere", 0.2)
            everywhere = len(self.world.surroundings.village_columns["address"])
            village = np.where(gone, self.dice.below("lives in", everywhere), village)
            house = np.where(gone, self.dice.below("other house", len(self.world.surroundings.houses)), house)
        table = self.world.surroundings.village_columns["address"]
        return joined(table.take(pa.array(village)), self.world.surroundings.houses.take(pa.array(house)))

    @cached_property
    def ethnicity(self) -> Ints:
        """GB 3304 codes as whole numbers: mostly 1 (Han)."""
        others = self.dice.pick("ethnicity", (0.975, 0.01, 0.008, 0.007))
        han_named = np.array([1, 8, 13, 6])[others]
        return np.where(self.style == DOTTED, 5, np.where(self.style == HAN, han_named, 1))

    @cached_property
    def old_number(self) -> Mask:
        """Whom business systems still know by a number of 15 digits: born before October 1999, not as centenarians."""
        able = (self.birth < _day("1999-10-01")) & (self.birth >= _day("1900-01-01")) & (self.kind == RESIDENT)
        sequence = self.world.numbering.slots(self.index)[2]
        return np.asarray(able & (sequence < 996) & self._happens("old number", 0.0065))

    @cached_property
    def other_name(self) -> Mask:
        """Whose business rows bear another name that is theirs, too: a former one, or a wrong character."""
        return self._happens("other name", 0.001) & ~self.old_number

    @cached_property
    def borrows(self) -> Mask:
        """Whose business rows bear somebody else's number."""
        return self._happens("borrows", 0.001) & ~self.old_number & ~self.other_name & (self.index > 0)

    @cached_property
    def borrows_at_home(self) -> Mask:
        """Whose household row bears somebody else's number, too."""
        return self.borrows & self.dice.chance("borrows at home", 0.2)

    def others(self, rows: Array) -> Ints:
        """Indexes of the persons whose numbers those in `rows` use: always earlier ones, so they exist."""
        return self.dice.of(rows).below("other person", np.maximum(self.index[rows], 1))

    def _happens(self, name: str, probability: float) -> Mask:
        return self.dice.chance(name, probability * self.world.dirt)

    @property
    def kinds(self) -> list[str]:
        """What the truth calls each kind of person: local, nonlocal, hmt, overseas_chinese, foreign."""
        return ["nonlocal", *KINDS[1:], "local"]

    @property
    def kind_places(self) -> Ints:
        """Each person's place in `kinds`."""
        return np.where(self.local, len(KINDS), self.kind)


def _day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(np.int64))
