"""What a delivery looks like as a whole: how many, how often twice, how its items are spread, which places it names.

Nothing here is about anybody: only coded values are told, of names and addresses only how many share the commonest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from canbao.batch.delivery.engine import locked_engine, read_file
from canbao.batch.delivery.shapes import COLUMNS

CODED = (
    "sex", "ethnicity", "vital_status", "personal_status", "employment_status", "no_unit_type", "registration_status",
    "uninsured_reason", "unit_type", "is_household", "disposition",
)  # fmt: skip
FREE = ("name", "birth_date", "mobile", "hukou_address", "residence_address", "unit_name")
"""Of these no value is told, only how many people have the commonest."""
PLACES = {
    "persons": ("admin_division_code", "hukou_division_code", "hukou_town_code", "hukou_village_code"),
    "insurances": ("region_code",),
}
_TWIN = "hash(name, mobile, hukou_address, residence_address)"
_SAID = tuple(name for name in COLUMNS["insurances"] if name not in ("source", "row", "updated_at"))


@dataclass(frozen=True)
class Spread:
    """How an item is spread over people: how many have none, and how many have each value.

    `values` is empty for items of which no value is told; `most` is how many have the commonest.
    """

    empty: int
    most: int
    values: Mapping[str, int]


@dataclass(frozen=True)
class Measures:
    """`people`, `covers` and `evidence` are rows.

    `twins` are people who share name and telephone or address with another number, beyond the first of each;
    `covers_twice` rows of insurance that say what another row says. `places` has for each column each code with its
    rows. `fingerprint` is the same for the same set of numbers, in whatever order.
    """

    people: int
    covers: int
    evidence: int
    twins: int
    covers_twice: int
    items: Mapping[str, Spread]
    places: Mapping[str, Mapping[str, int]]
    fingerprint: str


def measure(files: Mapping[str, Path], work: Path) -> Measures:
    """Measure the opened tables of a delivery, in little memory; `work` is where it may spill.

    Raises OutOfRoom when memory or disk is at an end.
    """
    with locked_engine(files, work) as connection:
        told = {table: read_file(path) for table, path in files.items()}
        people, fingerprint = _people(connection, told["persons"])
        return Measures(
            people=people,
            covers=_count(connection, f"SELECT count(*) FROM {told['insurances']}"),
            evidence=_count(connection, f"SELECT count(*) FROM {told['evidence']}"),
            twins=_count(connection, _twins(told["persons"])),
            covers_twice=_count(connection, _beyond_the_first(f"hash({', '.join(_SAID)})", told["insurances"])),
            items=_coded(connection, told["persons"]) | _free(connection, told["persons"], people),
            places=_places(connection, told),
            fingerprint=fingerprint,
        )


def _people(connection: duckdb.DuckDBPyConnection, persons: str) -> tuple[int, str]:
    """How many, and the exclusive or of all numbers' MD5: 64 bits, and no order."""
    query = f"SELECT count(*), coalesce(bit_xor(md5_number_lower(ssn)), 0) FROM {persons}"
    people, fingerprint = connection.execute(query).fetchall()[0]
    return people, f"{people}-{fingerprint:016x}"


def _twins(persons: str) -> str:
    return _beyond_the_first(
        _TWIN,
        f"{persons} WHERE name IS NOT NULL AND coalesce(mobile, hukou_address, residence_address) IS NOT NULL",
    )


def _beyond_the_first(key: str, rows: str) -> str:
    return f"SELECT count(*) - count(DISTINCT {key}) FROM {rows}"


def _coded(connection: duckdb.DuckDBPyConnection, persons: str) -> dict[str, Spread]:
    histograms = ", ".join(f"histogram(CAST({name} AS VARCHAR)), count(*) - count({name})" for name in CODED)
    (found,) = connection.execute(f"SELECT {histograms} FROM {persons}").fetchall()
    spreads = {}
    for place, name in enumerate(CODED):
        values: dict[str, int] = dict(sorted((found[2 * place] or {}).items()))
        spreads[name] = Spread(found[2 * place + 1], max(values.values(), default=0), values)
    return spreads


def _free(connection: duckdb.DuckDBPyConnection, persons: str, people: int) -> dict[str, Spread]:
    """The commonest value is guessed in one reading and counted in a second, so that memory doesn't grow."""
    guesses = ", ".join(f"CAST(approx_top_k({name}, 1)[1] AS VARCHAR)" for name in FREE)
    (commonest,) = connection.execute(f"SELECT {guesses} FROM {persons}").fetchall()
    counts = ", ".join(f"count(*) FILTER (CAST({name} AS VARCHAR) = ?), count({name})" for name in FREE)
    (found,) = connection.execute(f"SELECT {counts} FROM {persons}", list(commonest)).fetchall()
    return {name: Spread(people - found[2 * n + 1], found[2 * n], {}) for n, name in enumerate(FREE)}


def _places(connection: duckdb.DuckDBPyConnection, told: Mapping[str, str]) -> dict[str, dict[str, int]]:
    return {
        column: dict(
            connection.execute(
                f"SELECT {column}, count(*) FROM {told[table]} WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 1"
            ).fetchall()
        )
        for table, columns in PLACES.items()
        for column in columns
    }


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    ((counted,),) = connection.execute(query).fetchall()
    return int(counted)
