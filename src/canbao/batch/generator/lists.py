"""The household list, the cards and the lists of other offices."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from canbao.batch.generator import people as who
from canbao.batch.generator.columns import Coded
from canbao.batch.generator.covers import insurance
from canbao.batch.generator.dice import Array, Mask
from canbao.batch.generator.people import People
from canbao.batch.generator.rows import Rows, Style, make_rows
from canbao.batch.generator.surroundings import UNITS

VITAL = ("1", "2", "3", "4", "9")
PURPOSES = ("study", "settle", "work", "travel", "visit")
GRADES = tuple(f"{grade:02d}" for grade in range(11))
PAYMENTS = ("monthly", "lump_sum")
DISABLED = 5
"""Grades below this draw a monthly allowance (粤人社办〔2017〕96号 二（三）4: grades 1 to 4)."""


def household(people: People, style: Style) -> Rows:
    """Everybody with a hukou here."""
    rows = _named(people, style, "household", people.local)
    dice, around = rows.dice, people.world.surroundings
    rows.code("sex", ("1", "2"), rows.of(people.sex) - 1)
    rows.day("birth_date", rows.of(people.birth))
    rows.code("ethnicity", tuple(f"{code:02d}" for code in range(1, 57)), rows.of(people.ethnicity) - 1)
    at, village = pa.array(rows.at), rows.of(people.village)
    rows.columns["hukou_address"] = people.addresses(moved=False).take(at)
    rows.columns["residence_address"] = people.addresses(moved=True).take(at)
    for name, table in around.village_columns.items():
        if name != "address":
            rows.columns[name] = Coded(table, village)
    rows.code("vital_status", VITAL, rows.of(people.vital))
    rows.columns["mobile"] = people.mobile.take(pa.array(rows.at, mask=~dice.chance("mobile given", 0.4)))
    return rows


def card(people: People, style: Style) -> Rows:
    """Some of those who have a social security card."""
    rows = _named(people, style, "card", people.dice.chance("card", 0.2))
    rows.columns["mobile"] = people.mobile.take(pa.array(rows.at, mask=~rows.dice.chance("mobile given", 0.85)))
    rows.columns["residence_address"] = people.addresses(moved=True).take(pa.array(rows.at))
    return rows


def labour(people: People, style: Style) -> Rows:
    """Registered employment, and some people registered as out of work."""
    shares = {who.EMPLOYEE: 0.85, who.UNINSURED: 0.08, who.RESIDENTS: 0.05, who.FLEXIBLE: 0.05, who.ENDED: 0.1}
    grown = (people.age >= 16) & (people.age < 60)
    rows = _named(people, style, "labour", grown & people.dice.chance("labour", _by_life(people, shares)))
    lost = rows.dice.chance("out of work", np.where(rows.of(people.life) == who.EMPLOYEE, 0.01, 0.4))
    rows.code("employed", ("0", "1"), np.where(lost, 0, 1))
    unit = np.where(lost, -1, rows.of(people.unit))
    for name, table in people.world.surroundings.unit_columns.items():
        rows.columns[name] = Coded(table, unit)
    rows.day("registered_on", people.world.last_day - rows.dice.below("registered", 2_500))
    return rows


def school(people: People, style: Style) -> Rows:
    """School rolls; a few adults study beside their work."""
    shares = {who.CHILD: 0.01, who.PUPIL: 0.95, who.STUDENT: 0.97, who.EMPLOYEE: 0.01, who.UNINSURED: 0.15}
    young = (people.age < 24) | (people.life == who.EMPLOYEE)
    rows = _named(people, style, "school", young & people.dice.chance("school roll", _by_life(people, shares)))
    rows.code("full_time", ("0", "1"), np.where(rows.of(people.life) == who.EMPLOYEE, 0, 1))
    place = UNITS + people.dice.below("school", 300)
    rows.columns["school_name"] = Coded(people.world.surroundings.unit_columns["unit_name"], rows.of(place))
    return rows


def retirement(people: People, style: Style) -> Rows:
    """Those whom personnel files call retired."""
    rows = _named(people, style, "retirement", people.dice.chance("retirement", _by_life(people, {who.RETIRED: 0.7})))
    earliest = rows.of(people.birth) + np.where(rows.of(people.sex) == who.MALE, 60, 50) * 365
    rows.day("retired_on", np.minimum(earliest + rows.dice.below("retired on", 400), people.world.last_day))
    return rows


def military(people: People, style: Style) -> Rows:
    """Conscripts."""
    return _named(people, style, "military", people.conscript)


def exit_entry(people: People, style: Style) -> Rows:
    """Journeys abroad; only some purposes say that somebody lives there."""
    share = np.where(people.life == who.UNINSURED, 0.05, 0.004) * (people.age >= 16)
    rows = _named(people, style, "exit_entry", people.dice.chance("abroad", share))
    rows.code("purpose", PURPOSES, rows.dice.pick("purpose", (0.3, 0.15, 0.25, 0.2, 0.1)))
    return rows


def court(people: People, style: Style) -> Rows:
    """The sentenced."""
    share = np.where(people.life == who.UNINSURED, 0.02, 0.0008) * ((people.age >= 18) & (people.age < 75))
    return _named(people, style, "court", people.dice.chance("court", share) | (people.vital == who.IMPRISONED))


def injury(people: People, style: Style) -> Rows:
    """Work injuries, a few of them fatal."""
    grown = (people.age >= 18) & np.isin(people.life, (who.EMPLOYEE, who.RETIRED, who.ENDED))
    rows = _named(people, style, "injury", grown & people.dice.chance("injury", 0.012))
    grade = rows.dice.pick("grade", (0.1, 0.02, 0.03, 0.05, 0.1, 0.05, 0.05, 0.1, 0.15, 0.2, 0.15))
    monthly = (grade > 0) & (grade < DISABLED)
    rows.code("grade", GRADES, grade)
    rows.code("payment", PAYMENTS, np.where(monthly, 0, 1))
    rows.code("benefit_status", ("1", "2", "3"), np.where(monthly, rows.dice.pick("paid", (0.9, 0.04, 0.06)), -1))
    dead = rows.of(people.vital) == who.DEAD
    survivors = np.where(dead, rows.dice.pick("survivors", (0.8, 0.1, 0.1)), -1)
    rows.code("survivor_pension_status", ("1", "2", "3"), survivors)
    return rows


def death(people: People, style: Style) -> Rows:
    """Most of the dead; some are dead in this list alone."""
    share = np.where(people.vital == who.DEAD, 0.9, np.where(people.age > 75, 0.002, 0.0))
    rows = _named(people, style, "death", people.dice.chance("death reported", share))
    rows.day("death_date", rows.of(people.death))
    return rows


BUILDERS: dict[str, Callable[[People, Style], Rows]] = {
    "household": household,
    "insurance": insurance,
    "card": card,
    "labour": labour,
    "school": school,
    "retirement": retirement,
    "military": military,
    "exit_entry": exit_entry,
    "court": court,
    "injury": injury,
    "death": death,
}


def _named(people: People, style: Style, source: str, chosen: Mask) -> Rows:
    rows = make_rows(source, people, np.flatnonzero(chosen).astype(np.int64), style)
    rows.person()
    return rows


def _by_life(people: People, shares: dict[int, float]) -> Array:
    """A probability for each person, by how it lives; 0 where nothing is said."""
    return np.array([shares.get(life, 0.0) for life in range(len(who.LIVES))])[people.life]
