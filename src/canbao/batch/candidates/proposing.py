"""Proposing: people in, pairs out. A background job of the province; it changes nothing anywhere."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from canbao.batch.candidates import model
from canbao.batch.candidates.blocks import LeftOut, find_blocks
from canbao.batch.candidates.comparisons import COMPARISONS, ITEMS
from canbao.batch.candidates.pairs import PAIRS
from canbao.batch.candidates.people import check_columns, check_people, load_people
from canbao.batch.candidates.reasons import reasons
from canbao.batch.candidates.settings import OURS, Settings, read_settings
from canbao.batch.candidates.tables import DECIDED
from canbao.batch.dialects.duckdb import DuckDB, room
from canbao.batch.steps.step import table, view
from canbao.batch.trouble import refusing
from canbao.law.reader import read_law

DECIDED_REMEDY = "请重新导出已作决定的表（Parquet）"
BATCH_ROWS = 65_536
FEWEST = 2
NOTHING_SCORED = """
    SELECT 0::BIGINT AS person_id_l, 0::BIGINT AS person_id_r, 0::DOUBLE AS match_probability, 0::DOUBLE AS match_weight
    WHERE FALSE
"""


@dataclass(frozen=True)
class Proposed:
    """How many people there were, how many pairs were compared, remembered as decided and proposed; blocks left out.

    `reasons` counts how often each reason was given.
    """

    people: int
    compared: int
    remembered: int
    proposed: int
    left_out: tuple[LeftOut, ...]
    reasons: dict[str, int]


def propose(
    people: Path,
    decided: Path | None,
    out: Path,
    *,
    memory: str | None = None,
    threads: int | None = None,
    settings: Path = OURS,
    trained: Path = model.OURS,
) -> Proposed:
    """Write the pairs of registered people who may be one person under two numbers to the Parquet file `out`.

    `people` is a Parquet table with person_id (unique whole number), ssn, name, sex (1, 2), birth_date and, where they
    are known, mobile, residence_address, hukou_address, hukou_village_code, unit_no, unit_name. `decided` has left_id,
    right_id, left_digest, right_digest of pairs that officers have decided, whatever they decided: they are not
    proposed again unless a digest has changed. `out` has the columns of `pairs.PAIRS`, likeliest first; the same input
    gives the same bytes. `memory` (`4GB`) and `threads` bound the engine. Needs no network.
    Raises SourceTrouble for an input that can't be read or has nobody in it, OutOfRoom when memory or disk is at an
    end; `out` is then as it was.
    """
    chosen, chances = read_settings(settings), model.read_model(trained)
    check_people(people)
    if decided is not None:
        check_columns(decided, DECIDED, DECIDED_REMEDY)
    with _working(out, memory, threads) as (engine, fresh):
        count = load_people(engine, people, chosen.shared_by_at_most)
        left_out = find_blocks(engine, chosen.largest_block)
        count_names(engine)
        compared = _score(engine, chances, chosen, count)
        remembered = _forget_decided(engine, decided)
        given = _write(engine, fresh)
        ((proposed,),) = engine.rows("SELECT count(*) FROM pairs")
    return Proposed(count, compared, remembered, int(proposed), left_out, given)


@contextmanager
def _working(out: Path, memory: str | None, threads: int | None) -> Iterator[tuple[DuckDB, Path]]:
    """An engine with its folder beside `out`, and a file that takes the place of `out` if all goes well."""
    with refusing(str(out), "写不下", "请换一个可写的文件夹"):
        out.parent.mkdir(parents=True, exist_ok=True)
        work = tempfile.TemporaryDirectory(prefix="work-", dir=out.parent)
    with work as folder:
        engine = DuckDB(Path(folder), read_law(), memory, threads)
        fresh = Path(folder) / "pairs.parquet"
        try:
            with room("计算"):
                yield engine, fresh
        finally:
            engine.close()
        with refusing(str(out), "写不下", "请换一个可写的文件夹"):
            fresh.replace(out)


def count_names(engine: DuckDB) -> None:
    """How common each name is in the whole population, for those who are compared: Splink's tf tables."""
    for column in model.FREQUENCIES:
        query = (
            f"SELECT {column}, count(*) / (SELECT count({column}) FROM items)::DOUBLE AS tf_{column} FROM items "
            f"WHERE {column} IN (SELECT {column} FROM asked) GROUP BY {column}"
        )
        engine.run(table(f"common_{column}", query))


def _score(engine: DuckDB, chances: model.Chances, chosen: Settings, people: int) -> int:
    """Make the table `scored` of pairs above the threshold; returns how many were compared."""
    ((some,),) = engine.rows("SELECT count(*) FROM asked")
    if not some:
        engine.run(view("scored", NOTHING_SCORED))
        return 0
    one_in_pairs = min(0.5, 2 * chosen.doubled_people / max(people, FEWEST))
    with model.quietly():
        linker = model.linker(engine.connection, model.settings(COMPARISONS, chances, one_in_pairs))
        compared = linker.inference.compute_blocked_pairs_for_predict()
        ((pairs,),) = engine.rows(f"SELECT count(*) FROM {compared.physical_name}")
        scored = linker.inference.predict(threshold_match_probability=chosen.threshold)
    engine.run(view("scored", f"SELECT * FROM {scored.physical_name}"))
    return int(pairs)


def _forget_decided(engine: DuckDB, decided: Path | None) -> int:
    """Make the table `pairs`, without those that were decided on the same data; returns how many those are."""
    sides = ", ".join(f"{side}.{item} AS {item}_{side}" for item in ITEMS for side in "lr")
    joined = (
        f"SELECT person_id_l AS left_id, person_id_r AS right_id, match_probability, match_weight, {sides} FROM scored "
        "JOIN asked AS l ON l.person_id = person_id_l JOIN asked AS r ON r.person_id = person_id_r"
    )
    query = (
        "SELECT left_id, right_id, round(match_probability, 6) AS probability, round(match_weight, 3) AS weight, "
        f"{reasons()} AS reasons, digest_l AS left_digest, digest_r AS right_digest FROM ({joined}) AS joined"
    )
    engine.run(table("found", query))
    known = _decided(engine, decided) if decided else "SELECT * FROM found WHERE FALSE"
    engine.run(table("pairs", f"SELECT * FROM found ANTI JOIN ({known}) AS known USING ({', '.join(DECIDED)})"))
    ((remembered,),) = engine.rows("SELECT (SELECT count(*) FROM found) - (SELECT count(*) FROM pairs)")
    return int(remembered)


def _decided(engine: DuckDB, decided: Path) -> str:
    """The decided pairs with the smaller key on the left."""
    swapped = "left_id > right_id"
    columns = ", ".join(
        f"CASE WHEN {swapped} THEN right_{what} ELSE left_{what} END AS left_{what}, "
        f"CASE WHEN {swapped} THEN left_{what} ELSE right_{what} END AS right_{what}"
        for what in ("id", "digest")
    )
    return f"SELECT {columns} FROM {engine.file(decided)}"


def _write(engine: DuckDB, fresh: Path) -> dict[str, int]:
    """Write the pairs, likeliest first; returns how often each reason was given."""
    columns = ", ".join(PAIRS.names)
    ordered = f"SELECT {columns} FROM pairs ORDER BY weight DESC, left_id, right_id"
    with pq.ParquetWriter(fresh, PAIRS, compression="zstd") as writer:
        for batch in engine.stream(ordered, BATCH_ROWS):
            writer.write_table(pa.Table.from_batches([batch]).cast(PAIRS))
    counted = "SELECT reason, count(*) FROM (SELECT unnest(reasons) AS reason FROM pairs) AS given GROUP BY ALL"
    return dict(engine.rows(f"{counted} ORDER BY ALL"))
