"""Packages for the gate: a city as it is, a little changed, and with everybody twice."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from cities import PackedCity, written_city
from cleaning_desk import number

HERE = Path(mkdtemp(prefix="gate-"))
atexit.register(rmtree, HERE, ignore_errors=True)
HEADS = "ssn,name,hukou_division_code,hukou_address,mobile\n"
COVERS = "ssn,name,insurance_type,contrib_status,region_code\n"
PEOPLE = 60
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", "一二三四五六"
TWICE = 300
"""By so much the numbers of the second set are shifted."""


def ssn(place: int) -> str:
    """The number of somebody; each was born on another day, and the shifted ones have the same birthdays."""
    day = place % TWICE
    return number(place + 1, f"19{60 + day % 40}{1 + day % 12:02d}{1 + day % 28:02d}")


def name(place: int) -> str:
    return f"样{SURNAMES[place % 10]}{GIVEN[place // 10 % 6]}"


def household(place: int, *, street: int = 1) -> str:
    """A row of the household list; shifted numbers are the same people."""
    who = place % TWICE
    return f"{ssn(place)},{name(who)},440604,某路{who * street}号,138{who:08d}\n"


def cover(place: int) -> str:
    return f"{ssn(place)},{name(place % TWICE)},emp_pension,1,440604\n"


@cache
def city(*places: int, street: int = 1) -> PackedCity:
    """A city of these people, each with a household and a cover."""
    return written_city(
        Path(mkdtemp(dir=HERE)) / "city",
        "440600",
        household=HEADS + "".join(household(place, street=street) for place in places),
        insurance=COVERS + "".join(cover(place) for place in places),
    )


def as_it_is() -> PackedCity:
    return city(*range(PEOPLE))


def a_little_later() -> PackedCity:
    """Three people gone, two new: as a quarter brings."""
    return city(*range(3, PEOPLE + 2))


def doubled() -> PackedCity:
    """Everybody once more under a shifted number."""
    return city(*range(PEOPLE), *range(TWICE, TWICE + PEOPLE))
