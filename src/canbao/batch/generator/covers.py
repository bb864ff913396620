"""The insurance rows that follow from how somebody lives, and the odd ones beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from canbao.batch.generator import people as who
from canbao.batch.generator.columns import Coded
from canbao.batch.generator.dice import Array, Dice, Ints
from canbao.batch.generator.dirt import place_of
from canbao.batch.generator.people import People
from canbao.batch.generator.rows import CLOCKS, FIRST_MOMENT, Rows, Style, make_rows, moments
from canbao.batch.generator.surroundings import SCHOOLS, UNITS
from canbao.core.covers import SLUGS

EMP_PENSION, RES_PENSION, EMP_MEDICAL, RES_MEDICAL, UNEMPLOYMENT, WORK_INJURY, MATERNITY = range(7)
USUAL, SECOND_CITY, STALE, DUPLICATE_COVER = range(4)
PAYERS = ("U", "F", "R", "S", "P")
UNIT, SELF, RESIDENT, STUDENT, PENSIONER = range(5)
EMPLOYEES_TYPES = (EMP_PENSION, EMP_MEDICAL, UNEMPLOYMENT, WORK_INJURY, MATERNITY)

COVERS = {
    who.CHILD: {RES_MEDICAL: (1, 0, RESIDENT)},
    who.PUPIL: {RES_MEDICAL: (1, 0, STUDENT)},
    who.STUDENT: {RES_MEDICAL: (1, 0, STUDENT)},
    who.EMPLOYEE: dict.fromkeys(EMPLOYEES_TYPES, (1, 0, UNIT)),
    who.FLEXIBLE: dict.fromkeys((EMP_PENSION, EMP_MEDICAL), (1, 0, SELF)),
    who.RESIDENTS: dict.fromkeys((RES_PENSION, RES_MEDICAL), (1, 0, RESIDENT)),
    who.RETIRED: {EMP_PENSION: (3, 1, PENSIONER), EMP_MEDICAL: (1, 0, PENSIONER)},
    who.PENSIONER: {RES_PENSION: (3, 1, RESIDENT), RES_MEDICAL: (1, 0, RESIDENT)},
    who.ENDED: {EMP_PENSION: (3, 0, UNIT), EMP_MEDICAL: (3, 0, UNIT), RES_MEDICAL: (3, 0, RESIDENT)},
}
"""What each life is insured by: type to contribution status, benefit status and payer."""

PERSONAL = ("24", "17", "13", "31", "51", "54", "27", "70", "80", "90", "37")
PERSONAL_OF_LIVES = {
    who.EMPLOYEE: (0, 0, 1, 2), who.FLEXIBLE: (4, 4, 5, 4), who.PUPIL: (3, 3, 3, 3), who.STUDENT: (3, 3, 3, 3),
    who.RESIDENTS: (6, 6, 7, 9), who.RETIRED: (8, 8, 8, 8), who.PENSIONER: (6, 6, 7, 6), who.ENDED: (7, 7, 9, 7),
    who.CHILD: (9, 9, 9, 9), who.UNINSURED: (7, 7, 7, 7),
}  # fmt: skip
STATUS_GIVEN, MOBILE_GIVEN, PAYER_GIVEN = 0.65, 0.55, 0.97


@dataclass(frozen=True)
class Covers:
    """Insurance rows as numbers: the person's place, the type, what kind of row it is, and the three codes."""

    at: Ints
    slot: Ints
    variant: Ints
    contrib: Ints
    benefit: Ints
    payer: Ints

    def of(self, places: Array) -> Covers:
        """Some of the rows."""
        return Covers(*(getattr(self, name)[places] for name in self.__dataclass_fields__))

    def but(self, variant: int, **codes: Array | int) -> Covers:
        """The same rows as another kind, with other codes."""
        filled = {name: np.broadcast_to(value, self.at.shape) for name, value in codes.items()}
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__} | filled
        return Covers(**fields | {"variant": np.full(len(self.at), variant)})


def insurance(people: People, style: Style, types: tuple[str, ...] = SLUGS) -> Rows:
    """The insurance rows of `types`."""
    covers = _usual(people)
    covers = covers.of(np.isin(covers.slot, [SLUGS.index(slug) for slug in types]))
    covers = _joined(covers, *_odd_ones(people, covers, types))
    rows = make_rows("insurance", people, covers.at, style, covers.slot * 4 + covers.variant)
    covers = covers.of(rows.taken)
    _mark(rows, covers)
    rows.person()
    _add_codes(rows, covers)
    _add_days(rows, covers)
    _add_places(rows, covers)
    return rows


def _usual(people: People) -> Covers:
    """What everybody is insured by, with the gaps, pauses and ends that life brings."""
    codes = _codes_of_lives()[people.life].copy()
    contrib, benefit = codes[:, :, 0], codes[:, :, 1]
    for life, slots, share in _gaps():
        gap = (people.life == life) & people.dice.chance(f"gap {slots}", share)
        contrib[np.ix_(gap, slots)] = 0
    ended = (people.life == who.ENDED) & people.dice.chance("ended as employee", 0.6)
    contrib[ended, RES_MEDICAL] = 0
    contrib[(people.life == who.ENDED) & ~ended, EMP_PENSION] = 0
    contrib[(people.life == who.ENDED) & ~ended, EMP_MEDICAL] = 0
    lapsed = (people.age >= 18) & people.dice.chance("lapsed", 0.02)
    contrib[lapsed] = np.where(contrib[lapsed] == 1, 2, contrib[lapsed])
    stopped = people.dice.chance("benefit stopped", 0.01)
    benefit[stopped] = np.where(benefit[stopped] == 1, 2, benefit[stopped])
    closed = (people.vital == who.DEAD) & people.dice.chance("closed after death", 0.7)
    contrib[closed] = np.where(contrib[closed] > 0, 3, 0)
    benefit[closed] = np.where(benefit[closed] > 0, 3, 0)
    at, slot = np.nonzero(contrib)
    payer = codes[at, slot, 2]
    return Covers(at, slot, np.zeros(len(at), np.int64), contrib[at, slot], benefit[at, slot], payer)


def _codes_of_lives() -> Ints:
    """COVERS as an array: life, type, and the three codes."""
    codes = np.zeros((len(who.LIVES), len(SLUGS), 3), np.int64)
    for life, covers in COVERS.items():
        for slot, values in covers.items():
            codes[life, slot] = values
    return codes


def _gaps() -> list[tuple[int, list[int], float]]:
    """Which types are often missing in which life, and how often."""
    return [
        (who.EMPLOYEE, [MATERNITY], 0.15),
        (who.EMPLOYEE, [UNEMPLOYMENT], 0.05),
        (who.RESIDENTS, [RES_PENSION], 0.55),
        (who.PENSIONER, [RES_PENSION], 0.30),
    ]


def _odd_ones(people: People, covers: Covers, types: tuple[str, ...]) -> list[Covers]:
    """Rows in a second city, rows that were never taken out of the books, and resident cover beside employees'."""
    dirt, last = people.world.dirt, people.world.last_day
    dice = Dice(people.world.seed, people.index[covers.at] * 8 + covers.slot)
    moved = (covers.contrib == 1) & (covers.slot == EMP_PENSION) & dice.chance("second city", 0.02 * dirt)
    old = dice.chance("stale", 0.01 * dirt) & (people.birth[covers.at] < last - 3_000)
    second, stale = covers.of(moved), covers.of(old)
    ways = np.array([1, 1, 2, 3])[dice.of(moved).below("second status", 4)]
    added = [second.but(SECOND_CITY, contrib=ways), stale.but(STALE, contrib=3, benefit=0)]
    if SLUGS[RES_MEDICAL] in types:
        twice = (people.life == who.EMPLOYEE) & people.dice.chance("duplicate cover", 0.015 * dirt)
        at = np.flatnonzero(twice)
        none = np.zeros(len(at), np.int64)
        added.append(Covers(at, none + RES_MEDICAL, none + DUPLICATE_COVER, none + 1, none, none + RESIDENT))
    return added


def _joined(*parts: Covers) -> Covers:
    return Covers(*(np.concatenate([getattr(part, name) for part in parts]) for name in Covers.__dataclass_fields__))


def _mark(rows: Rows, covers: Covers) -> None:
    """Say what is odd about whole rows."""
    for variant, kind in ((SECOND_CITY, "second_city"), (STALE, "stale"), (DUPLICATE_COVER, "duplicate_cover")):
        rows.kind[covers.variant == variant] = place_of(kind)
    active = (covers.contrib == 1) | (covers.benefit == 1)
    after_death = active & (rows.of(rows.people.vital) == who.DEAD) & (rows.kind == 0)
    rows.kind[after_death] = place_of("after_death")


def _add_codes(rows: Rows, covers: Covers) -> None:
    people, dice = rows.people, rows.dice
    rows.code("insurance_type", SLUGS, covers.slot)
    rows.code("contrib_status", ("1", "2", "3"), covers.contrib - 1)
    rows.code("benefit_status", ("1", "2", "3"), covers.benefit - 1)
    needed = np.isin(covers.payer, (UNIT, RESIDENT)) & ~dice.chance("payer given", PAYER_GIVEN)
    rows.code("payer_category", PAYERS, np.where(needed, -1, covers.payer))
    personal = np.array([PERSONAL_OF_LIVES[life] for life in range(len(who.LIVES))])
    status = personal[people.life, people.dice.below("personal status", 4)]
    status = np.where(people.conscript, PERSONAL.index("37"), status)
    given = people.dice.chance("status given", STATUS_GIVEN)
    rows.code("personal_status", PERSONAL, rows.of(np.where(given, status, -1)))
    rows.code("sex", ("1", "2"), rows.of(people.sex) - 1)


def _add_days(rows: Rows, covers: Covers) -> None:
    people, dice, last = rows.people, rows.dice, rows.people.world.last_day
    birth = rows.of(people.birth)
    resident = np.isin(covers.slot, (RES_PENSION, RES_MEDICAL))
    first = np.maximum(birth + np.where(covers.slot == RES_MEDICAL, 0, 16 * 366), np.where(resident, 13_700, 9_000))
    end = np.where(covers.variant == STALE, last - 2_200, last)
    first = np.minimum(first, end)
    rows.day("enrol_date", first + (dice.uniform("enrolled") * (end - first)).astype(np.int64))
    rows.day("birth_date", birth)
    updated = last - dice.below("updated", 900) - np.where(covers.variant == STALE, 1_200, 0)
    places = (np.maximum(updated, FIRST_MOMENT) - FIRST_MOMENT) * len(CLOCKS) + dice.below("clock", len(CLOCKS))
    rows.columns["updated_at"] = Coded(moments(rows.style.days), places)


def _add_places(rows: Rows, covers: Covers) -> None:
    people, dice, around = rows.people, rows.dice, rows.people.world.surroundings
    county = around.county_of(people.village)
    own, cities = len(around.counties), len(around.regions) - len(around.counties)
    elsewhere = own + dice.below("second city", cities)
    worked = people.dice.chance("works elsewhere", 0.2) & np.isin(people.life, (who.EMPLOYEE, who.RETIRED))
    county = np.where(worked, people.dice.below("works in", own), county)
    region = np.where(covers.variant == SECOND_CITY, elsewhere, rows.of(county))
    rows.columns["region_code"] = Coded(around.regions, region)
    school = UNITS + people.dice.below("school", SCHOOLS)
    committee = around.first_village_unit + people.village
    windows = around.first_window + county
    units = np.stack([people.unit, windows, committee, school, people.unit])
    for name in ("unit_no", "unit_name", "unit_type"):
        rows.columns[name] = Coded(around.unit_columns[name], units[covers.payer, covers.at])
    mobile = rows.people.mobile.take(pa.array(covers.at, mask=~dice.chance("mobile given", MOBILE_GIVEN)))
    rows.columns["mobile"] = mobile
