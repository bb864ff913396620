"""An invented register: people as the province holds them, some under two numbers, with the truth about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from canbao.batch.generator.columns import blanked, digits
from canbao.batch.generator.dice import Dice, Ints, Mask
from canbao.batch.generator.doubles import DOUBLES, TRAPS, Way, Wish
from canbao.batch.generator.numbering import RESIDENT, make_numbering
from canbao.batch.generator.people import EMPLOYEE, People, World
from canbao.batch.generator.refusal import GeneratorError
from canbao.batch.generator.registered import REGISTERED, Registered, lot_of
from canbao.batch.generator.surroundings import look_around
from canbao.law.places import read_places

PAIRS = pa.schema([("left_id", pa.int64()), ("right_id", pa.int64()), ("kind", pa.string())])
"""left_id is the smaller one; kind: one of `doubles.DOUBLES` or `doubles.TRAPS`."""

HAS_MOBILE, HAS_RESIDENCE = 0.75, 0.85
MOST = 0.25
"""The share of people who may be doubled or get a trap."""

OLD_NUMBERS_END = np.datetime64("1999-10-01")


@dataclass(frozen=True)
class GeneratedRegister:
    """What was written: the people, who of them are one person, and who only look like it; and how many each."""

    people: Path
    doubles: Path
    traps: Path
    counts: dict[str, int]


def generate_register(
    out: Path,
    *,
    persons: int,
    seed: int = 2017,
    division: str = "440600",
    as_of: date = date(2017, 6, 30),
    rate: float = 0.0005,
    traps: float = 1.0,
) -> GeneratedRegister:
    """Make up a register of `persons` people and write people.parquet, doubles.parquet and traps.parquet into `out`.

    `rate` is how many of them are doubled in each way of `doubles.DOUBLES`; `traps` times as many get each of the
    `doubles.TRAPS`. The second record comes in addition to `persons`. The same arguments give the same bytes.
    Raises GeneratorError for more people than the division can have, and for rates that would touch a quarter of them.
    """
    places = read_places()
    world = World(seed, make_numbering(places, division, as_of, seed), look_around(places, division), 0.0)
    shares = dict.fromkeys(DOUBLES, rate) | dict.fromkeys(TRAPS, rate * traps)
    if not 0 <= persons <= world.numbering.capacity or min(rate, traps) < 0 or sum(shares.values()) > MOST:
        problem = f"人数 {persons}、比例 {rate}、{traps} 不行"
        raise GeneratorError(f"{problem}；最多 {world.numbering.capacity} 人，比例不为负，合计不超过 {MOST}")
    people = People(world, np.arange(persons, dtype=np.int64))
    table = _table(people)
    firsts, seconds, kinds, places_of = _doubled(people, table, shares)
    everyone = _merged(table, firsts, seconds, places_of)
    identity = np.argsort(Dice(seed, np.arange(len(everyone))).bits("identity"), kind="stable").argsort() + 1
    out.mkdir(parents=True, exist_ok=True)
    everyone = everyone.add_column(0, REGISTERED.field(0), pa.array(identity)).sort_by("person_id")
    pq.write_table(everyone, out / "people.parquet", row_group_size=250_000)
    left, right = identity[places_of], identity[persons:]
    return GeneratedRegister(
        out / "people.parquet",
        _write_pairs(out / "doubles.parquet", left, right, kinds, DOUBLES),
        _write_pairs(out / "traps.parquet", left, right, kinds, TRAPS),
        {kind: kinds.count(kind) for kind in (*DOUBLES, *TRAPS)},
    )


def _table(people: People) -> pa.Table:
    """The people without their keys, each under the true number."""
    dice, works = people.dice, people.life == EMPLOYEE
    units = people.world.surroundings.unit_columns
    unit = pa.array(people.unit, mask=~works)
    columns = {
        "ssn": people.ssn,
        "name": people.name,
        "sex": digits(people.sex, 1),
        "birth_date": pa.array(people.birth.astype("datetime64[D]")),
        "mobile": blanked(people.mobile, ~dice.chance("has a mobile", HAS_MOBILE)),
        "residence_address": blanked(people.addresses(moved=True), ~dice.chance("has a residence", HAS_RESIDENCE)),
        "hukou_address": people.addresses(moved=False),
        "hukou_village_code": people.world.surroundings.village_columns["hukou_village_code"].take(
            pa.array(people.village)
        ),
        "unit_no": units["unit_no"].take(unit),
        "unit_name": units["unit_name"].take(unit),
    }
    return pa.table(columns, schema=REGISTERED.remove(0))


def _doubled(
    people: People, table: pa.Table, shares: dict[str, float]
) -> tuple[list[Registered], list[Registered], list[str], Ints]:
    """For each pair the first and the second record, the kind, and the place of the first among the people."""
    which = people.dice.pick("double", (*shares.values(), 1.0))
    chosen = np.flatnonzero(_able(people) & (which < len(shares)))
    kinds = [list(shares)[place] for place in which[chosen].tolist()]
    ways = DOUBLES | TRAPS
    pairs = [ways[kind](wish) for kind, wish in zip(kinds, _wishes(people, table, chosen), strict=True)]
    return [first for first, _ in pairs], [second for _, second in pairs], kinds, chosen


def _able(people: People) -> Mask:
    """Who has a resident number that might once have had 15 digits, and a Chinese name."""
    born = people.birth.astype("datetime64[D]") < OLD_NUMBERS_END
    sequence = people.world.numbering.slots(people.index)[2]
    return np.asarray((people.kind == RESIDENT) & born & (people.style == 0) & (sequence < 996))


def _wishes(people: People, table: pa.Table, chosen: Ints) -> Iterator[Wish]:
    regions = tuple(str(code) for code in people.world.numbering.homes)
    villages = tuple(people.world.surroundings.village_columns["hukou_village_code"].to_pylist())
    indexes = people.index[chosen].tolist()
    for index, row in zip(indexes, table.take(pa.array(chosen)).to_pylist(), strict=True):
        yield Wish(Registered(**row), index, lot_of(people.world.seed, index), regions, villages)


def _merged(table: pa.Table, firsts: list[Registered], seconds: list[Registered], places: Ints) -> pa.Table:
    """The people with the first records put in the places of those whom they are about, the second ones behind."""
    schema = table.schema
    behind = len(table) + np.arange(len(firsts))
    order = np.arange(len(table))
    order[places] = behind
    columns = [pa.array(values, kind.type) for values, kind in zip(_columns(firsts, schema), schema, strict=True)]
    with_firsts = pa.concat_tables([table, pa.table(columns, schema=schema)]).take(pa.array(order))
    added = [pa.array(values, kind.type) for values, kind in zip(_columns(seconds, schema), schema, strict=True)]
    return pa.concat_tables([with_firsts, pa.table(added, schema=schema)]).combine_chunks()


def _columns(records: list[Registered], schema: pa.Schema) -> list[list[object]]:
    rows = [astuple(record) for record in records]
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in schema]


def _write_pairs(path: Path, one: Ints, other: Ints, kinds: list[str], wanted: dict[str, Way]) -> Path:
    rows = np.flatnonzero([kind in wanted for kind in kinds])
    left, right = np.minimum(one, other)[rows], np.maximum(one, other)[rows]
    table = pa.table([left, right, [kinds[row] for row in rows]], schema=PAIRS)
    pq.write_table(table.sort_by([("left_id", "ascending"), ("right_id", "ascending")]), path)
    return path
