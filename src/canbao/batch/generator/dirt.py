"""Dirt: what is wrong with rows in real life, how often, and in which columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from canbao.batch.generator import spoiling
from canbao.batch.generator.columns import absent, blanked, replaced, rewritten
from canbao.batch.generator.dice import Mask
from canbao.batch.generator.names import DOTTED, RARE, make_names
from canbao.batch.generator.numbering import RESIDENT
from canbao.batch.generator.rows import Rows
from canbao.batch.generator.second_numbers import use_second_numbers

NUMBER, NAME = ("ssn",), ("name",)
DAYS = ("enrol_date", "birth_date", "updated_at", "registered_on", "retired_on", "death_date")
CODES = ("sex", "insurance_type", "contrib_status", "benefit_status", "personal_status", "unit_type", "vital_status")
ADDRESSES = ("residence_address", "hukou_address", "unit_name", "school_name")
OPTIONAL = (
    "mobile", "residence_address", "hukou_address", "hukou_village_code", "hukou_village_name", "hukou_town_code",
    "sex", "ethnicity", "unit_no", "unit_name", "unit_type", "region_code", "school_name", "purpose",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A kind of dirt: the share of rows that has it, the columns it may be in, and how a value is spoilt.

    `needs` is what a row must have for it (see `_able`); `readable` says whether the row's number can still be read.
    """

    name: str
    rate: float
    columns: tuple[str, ...]
    spoil: Callable[[str, int], str | None]
    needs: str = ""
    readable: bool = True


ANYWHERE = (
    Kind("full_width_number", 0.002, NUMBER, spoiling.full_width),
    Kind("blank_in_number", 0.002, NUMBER, spoiling.with_blank),
    Kind("unseen_in_number", 0.001, NUMBER, spoiling.with_unseen),
    Kind("wrong_check", 0.002, NUMBER, spoiling.wrong_check, "resident", readable=False),
    Kind("impossible_date", 0.0006, NUMBER, spoiling.impossible_date, "resident", readable=False),
    Kind("digits_lost", 0.0004, NUMBER, spoiling.digits_lost, "resident", readable=False),
    Kind("number_cut", 0.0006, NUMBER, spoiling.number_cut, "resident", readable=False),
    Kind("number_missing", 0.0005, NUMBER, spoiling.missing, readable=False),
    Kind("blank_in_name", 0.002, NAME, spoiling.with_blank),
    Kind("unseen_in_name", 0.001, NAME, spoiling.with_unseen),
    Kind("name_missing", 0.0004, NAME, spoiling.missing),
    Kind("date_form", 0.01, DAYS, spoiling.other_day_form),
    Kind("date_invalid", 0.0006, DAYS, spoiling.invalid_day),
    Kind("date_missing", 0.002, DAYS, spoiling.missing),
    Kind("birth_contradicts", 0.001, ("birth_date",), spoiling.other_day, "resident"),
    Kind("sex_contradicts", 0.001, ("sex",), spoiling.other_sex, "resident"),
    Kind("code_form", 0.01, CODES, spoiling.full_width),
    Kind("code_unknown", 0.0006, CODES, spoiling.unknown_code),
    Kind("value_missing", 0.01, OPTIONAL, spoiling.missing),
    Kind("control_character", 0.002, ADDRESSES, spoiling.with_control),
)
"""Kinds that come over rows by chance alone; a row has at most one."""

WHERE_ABLE = (
    Kind("lower_case_x", 0.05, NUMBER, spoiling.lower_case, "ends_in_x"),
    Kind("dot_variant", 0.5, NAME, spoiling.other_dot, "dotted"),
    Kind("rare_character_lost", 0.3, NAME, spoiling.rare_character_lost, "rare"),
)
"""Kinds with shares of those rows that can have them."""

MARKS = (
    "fifteen_digits", "other_name", "same_number", "rare_character", "duplicate", "stale", "second_city",
    "duplicate_cover", "after_death", "mixed_encoding", "malformed",
)  # fmt: skip
"""Kinds that are not made by spoiling one value."""

KINDS = {kind.name: kind for kind in (*ANYWHERE, *WHERE_ABLE)}
NAMES = ("", *KINDS, *MARKS)
BUSINESS = ("insurance", "card")
LAST_RESORT = "华"
"""Goes behind another name that by chance is the same."""

OTHER_OFFICES = 0.002
"""Share of the rows of other offices' lists that bear another name, and of those that bear another number."""


def place_of(name: str) -> int:
    """The place of a kind in NAMES."""
    return NAMES.index(name)


def soil(rows: Rows) -> None:
    """Give rows their dirt: choose a kind for each, then spoil the values; copies of rows are spoilt alike."""
    _choose(rows)
    use_second_numbers(rows)
    _use_other_numbers(rows)
    _use_other_names(rows)
    old = rows.kind == place_of("fifteen_digits")
    bits = rows.dice.bits("spoil")
    rows.columns["ssn"] = rewritten(rows.columns["ssn"], old, spoiling.fifteen_digits, bits)
    for kind in KINDS.values():
        _spoil(rows, kind, bits)


def labels(rows: Rows) -> Any:
    """Each row's kind of dirt for the truth: a copy is called a duplicate, whatever else it has."""
    return np.where(rows.repeated, place_of("duplicate"), rows.kind)


def readable(rows: Rows) -> Mask:
    """Whether each row's number can be read."""
    unreadable = [place_of(name) for name, kind in KINDS.items() if not kind.readable]
    return ~np.isin(rows.kind, unreadable)


def _choose(rows: Rows) -> None:
    for name, mask in _of_persons(rows):
        _mark(rows, name, mask)
    for kind in WHERE_ABLE:
        happens = rows.dice.chance(kind.name, kind.rate * rows.people.world.dirt)
        _mark(rows, kind.name, _able(rows, kind.needs) & happens)
    _choose_by_chance(rows)
    _mark(rows, "rare_character", rows.of(rows.people.style) == RARE)


def _mark(rows: Rows, name: str, mask: Mask) -> None:
    rows.kind[mask & (rows.kind == 0)] = place_of(name)


def _of_persons(rows: Rows) -> list[tuple[str, Mask]]:
    """Kinds that all of a person's rows in a source have, or that other offices' lists have."""
    people, dice = rows.people, rows.dice
    if rows.source == "household":
        return [("same_number", rows.of(people.borrows_at_home))]
    if rows.source in BUSINESS:
        old, renamed, borrowing = people.old_number, people.other_name, people.borrows
        named = {"fifteen_digits": old, "other_name": renamed, "same_number": borrowing}
        return [(name, rows.of(mask)) for name, mask in named.items()]
    share = OTHER_OFFICES * people.world.dirt
    borrowed = dice.chance("same number", share) & (rows.of(people.index) > 0)
    return [("other_name", dice.chance("other name", share)), ("same_number", borrowed)]


def _able(rows: Rows, needs: str) -> Mask:
    """Which rows have what a kind needs: a resident number, one that ends in X, a dotted or a rare name."""
    people = rows.people
    if needs == "resident":
        return np.asarray(rows.of(people.kind) == RESIDENT)
    if needs == "ends_in_x":
        return np.asarray(pc.ends_with(rows.columns["ssn"], "X").to_numpy(zero_copy_only=False))
    if needs == "dotted":
        return np.asarray(rows.of(people.style) == DOTTED)
    household = rows.source == "household"
    return np.asarray((rows.of(people.style) == RARE) & (not household))


def _choose_by_chance(rows: Rows) -> None:
    possible = [kind for kind in ANYWHERE if set(kind.columns) & rows.columns.keys()]
    shares = np.array([kind.rate for kind in possible]) * rows.people.world.dirt
    edges = np.cumsum(shares / max(1.0, shares.sum()))
    chosen = np.searchsorted(edges, rows.dice.uniform("kind"), side="right")
    places = np.array([*(place_of(kind.name) for kind in possible), 0])[chosen]
    helpless = np.isin(places, [place_of(kind.name) for kind in possible if kind.needs]) & ~_able(rows, "resident")
    rows.kind[:] = np.where((rows.kind == 0) & ~helpless, places, rows.kind)


def _use_other_numbers(rows: Rows) -> None:
    """Write somebody else's number where rows borrow one; that is not the person's own."""
    borrowing = np.flatnonzero(rows.kind == place_of("same_number"))
    if len(borrowing):
        others = rows.people.others(rows.at[borrowing])
        texts = rows.people.world.numbering.texts(others).to_pylist()
        rows.columns["ssn"] = replaced(rows.columns["ssn"], borrowing, texts)
        rows.own[borrowing] = False


def _use_other_names(rows: Rows) -> None:
    """Write another given name behind the same surname."""
    renamed = np.flatnonzero(rows.kind == place_of("other_name"))
    if len(renamed):
        at = rows.at[renamed]
        names = make_names(rows.people.dice.of(at), rows.people.style[at], " other").to_pylist()
        usual = rows.columns["name"].take(pa.array(renamed)).to_pylist()
        names = [one + LAST_RESORT if one == other else one for one, other in zip(names, usual, strict=True)]
        rows.columns["name"] = replaced(rows.columns["name"], renamed, names)


def _spoil(rows: Rows, kind: Kind, bits: Any) -> None:
    """Spoil one value in each row of a kind: in one of its columns, chosen by chance."""
    mask = rows.kind == place_of(kind.name)
    present = [name for name in kind.columns if name in rows.columns]
    if not mask.any() or not present:
        return
    which = rows.dice.below(f"column of {kind.name}", len(present))
    for place, name in enumerate(present):
        here, column = mask & (which == place), rows.columns[name]
        nothing = here & absent(column)
        rows.kind[nothing], here = 0, here & ~nothing
        if kind.spoil is spoiling.missing:
            rows.columns[name] = blanked(column, here)
        else:
            spoil = partial(spoiling.other_code_form, name) if kind.name == "code_form" else kind.spoil
            rows.columns[name] = rewritten(column, here, spoil, bits)
