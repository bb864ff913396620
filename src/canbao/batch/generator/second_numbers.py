"""People of a city whom business systems know under another number of their own than the household list does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from canbao.batch.generator.columns import replaced
from canbao.batch.generator.dice import Ints
from canbao.batch.generator.doubles import DOUBLES, NATIONALITIES, PERMITS, Wish, numbered
from canbao.batch.generator.numbering import FOREIGN, HMT
from canbao.batch.generator.people import People
from canbao.batch.generator.registered import Registered, lot_of
from canbao.batch.generator.rows import Rows

SOURCES = ("insurance", "card")
OF_RESIDENTS = ("century", "sequence", "transposed", "mistyped", "overseas", "contact")
OF_TRAVELLERS = 0.5
"""Share of those with a travel document's number who have got a permit or a permanent resident's card, and the share
of their rows that bear its number. A number of 15 digits or with a wrong check character makes no second person."""

SECOND_NUMBERS = pa.schema([("ssn", pa.string()), ("second_ssn", pa.string()), ("kind", pa.string())])
"""The true number, the other one, and how the person came by it: one of `doubles.DOUBLES`."""


def doubled(people: People) -> Ints:
    """Places of the people who have a second number."""
    usual = people.dice.chance("second number", people.world.doubles) & people.local & ~people.old_number
    travellers = np.isin(people.kind, (HMT, FOREIGN)) & people.dice.chance("later permit", OF_TRAVELLERS)
    return np.flatnonzero(usual | (travellers & (people.world.doubles > 0)))


def second_numbers(people: People) -> pa.Table:
    """The table SECOND_NUMBERS of these people, in their order."""
    rows = [(wish.person.ssn, *_second(wish)) for wish in _wishes(people, doubled(people))]
    return pa.table([list(column) for column in zip(*rows, strict=True)] or [[], [], []], schema=SECOND_NUMBERS)


def use_second_numbers(rows: Rows) -> None:
    """Write the second number into clean rows of business systems; for travellers into some of them."""
    people = rows.people
    if rows.source not in SOURCES or not people.world.doubles:
        return
    numbers: dict[Any, Any] = {row["ssn"]: row["second_ssn"] for row in second_numbers(people).to_pylist()}
    traveller = np.isin(rows.of(people.kind), (HMT, FOREIGN))
    later = ~traveller | rows.dice.chance("under the permit", OF_TRAVELLERS)
    some = np.flatnonzero(np.isin(rows.at, doubled(people)) & (rows.kind == 0) & later)
    own = rows.columns["ssn"].take(pa.array(some)).to_pylist()
    rows.columns["ssn"] = replaced(rows.columns["ssn"], some, [numbers[number] for number in own])


def _wishes(people: People, places: Ints) -> list[Wish]:
    at = pa.array(places)
    born = pa.array(people.birth[places].astype("datetime64[D]")).to_pylist()
    sexes = people.sex[places].tolist()
    known = zip(people.ssn.take(at).to_pylist(), people.name.take(at).to_pylist(), sexes, born, strict=True)
    homes = tuple(str(code) for code in people.world.numbering.homes)
    nothing = (None,) * 6
    return [
        Wish(Registered(ssn, name, str(sex), day, *nothing), index, lot_of(people.world.seed, index), homes, ("",))
        for index, (ssn, name, sex, day) in zip(people.index[places].tolist(), known, strict=True)
    ]


def _second(wish: Wish) -> tuple[str, str]:
    """The second number and the kind."""
    number, lot = wish.person.ssn, wish.lot
    if number[17:]:
        kind = lot.choice(OF_RESIDENTS)
        return DOUBLES[kind](wish)[1].ssn, kind
    day, sequence = wish.person.birth_date, lot.randint(1, 499) * 2 - (wish.person.sex == "1")
    tail = f"{day:%Y%m%d}{sequence:03d}"
    if number[:3] in PERMITS:
        return numbered(PERMITS[number[:3]] + tail), "permit"
    return numbered(f"944{NATIONALITIES[number[:3]]}{tail}"), "permanent"
