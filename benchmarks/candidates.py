"""`python -m benchmarks.candidates [--sizes 0.1,1] [--folder .bench] [--train]`: one person under two numbers.

Prints for invented registers of so many million people how many pairs are proposed, how many of them are right and
how many of each kind are found, with time and memory. `--train` first makes `model.json` anew, from a register of
another seed. Each run is a process of its own.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.children import Taken, measure
from canbao.batch.candidates.model import OURS
from canbao.batch.generator.doubles import DOUBLES

MILLION = 1_000_000
PROVINCE, MOST_IN_A_CITY = "440000", 2
MEMORY = "4GB"
CITY = "440600"
TRAINED_ON = (MILLION, CITY, 7, 0.5)
"""People, division, seed and traps of the register from which the model was learnt; it is measured on others."""

MEASURED_SEED, MEASURED_TRAPS = 99, 1.0

HEAD = [
    "| people | pairs proposed | precision | recall | wall s | CPU s | peak GB |",
    "|---|---|---|---|---|---|---|",
]


def main() -> int:
    """Train if wanted, measure, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="0.1,1", help="millions of people, with commas")
    parser.add_argument("--folder", type=Path, default=Path(".bench"), help="where registers are made")
    parser.add_argument("--train", action="store_true", help="make model.json anew first")
    chosen = parser.parse_args()
    folder = chosen.folder / "candidates"
    if chosen.train:
        train(folder)
    measured = [bench(float(size), folder) for size in chosen.sizes.split(",")]
    print(f"{platform.machine()}, {platform.processor() or 'CPU'}, 2 threads, {MEMORY}, {date.today()}\n")
    print("\n".join([*HEAD, *(total for total, _ in measured)]))
    for size, (_, kinds) in zip(chosen.sizes.split(","), measured, strict=True):
        print("\n".join([f"\n{size} M people", "", "| kind | pairs | proposed | share |", "|---|---|---|---|", *kinds]))
    return 0


def train(folder: Path) -> None:
    """Make the model anew from an invented register, without its truth."""
    measure("register", folder / "training", *TRAINED_ON)
    taken = measure("candidates_training", folder / "training" / "people.parquet", OURS)
    print(f"trained in {taken.wall:.0f} s, {taken.memory:.1f} GB, status {taken.status}\n")
    shutil.rmtree(folder / "training")


def bench(millions: float, folder: Path) -> tuple[str, list[str]]:
    """The line of one size, and a line for each kind of double and of trap."""
    register, out = folder / f"{millions:g}m", folder / f"{millions:g}m.parquet"
    if not (register / "people.parquet").exists():
        division = PROVINCE if millions > MOST_IN_A_CITY else CITY
        measure("register", register, int(millions * MILLION), division, MEASURED_SEED, MEASURED_TRAPS)
    taken = measure("candidates", register / "people.parquet", out, MEMORY)
    kinds = [*_kinds(register / "doubles.parquet", out), *_kinds(register / "traps.parquet", out)]
    lines = [f"| {kind} | {pairs} | {found} | {found / pairs:.1%} |" for kind, pairs, found in kinds]
    return _total(millions, taken, out, kinds), lines


def _total(millions: float, taken: Taken, out: Path, kinds: list[Any]) -> str:
    ((proposed,),) = duckdb.sql(f"SELECT count(*) FROM '{out}'").fetchall()
    doubles = [one for one in kinds if one[0] in DOUBLES]
    right = sum(found for _, _, found in doubles)
    failed = f" (status {taken.status})" if taken.status else ""
    return (
        f"| {millions:g} M{failed} | {proposed} "
        f"| {right / max(proposed, 1):.1%} | {right / sum(pairs for _, pairs, _ in doubles):.1%} "
        f"| {taken.wall:.1f} | {taken.cpu:.1f} | {taken.memory:.2f} |"
    )


def _kinds(truth: Path, out: Path) -> list[Any]:
    """Each kind with its pairs and how many of them were proposed."""
    query = (
        f"SELECT kind, count(*), count(found.left_id) FROM '{truth}' AS truth "
        f"LEFT JOIN '{out}' AS found USING (left_id, right_id) GROUP BY kind ORDER BY kind"
    )
    return duckdb.sql(query).fetchall()


if __name__ == "__main__":
    sys.exit(main())
