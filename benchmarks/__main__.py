"""`./run bench [--sizes 1,10] [--folder .bench]`: cities of so many million people, cleaned by Canbao and its peers.

Each line of the table is a process of its own; sizes of wall time are compared within one run only.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import sys
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.changes import one_percent_changed
from benchmarks.children import Taken, measure
from canbao.batch.generator import generate_city

MILLION = 1_000_000
LARGEST_FOR_PANDAS = 1
DERIVED = ("employment_status", "no_unit_type", "registration_status", "uninsured_reason")


def main() -> int:
    """Measure, print the table, keep it as JSON beside the data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1,10", help="millions of persons, with commas")
    parser.add_argument("--folder", type=Path, default=Path(".bench"), help="where the cities are made and cleaned")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    lines = [line for size in chosen.sizes.split(",") for line in bench(float(size), chosen.folder)]
    table = [f"{platform.machine()}, {platform.processor() or 'CPU'}, {date.today()}", "", *HEAD, *lines]
    print("\n".join(table))
    kept = chosen.folder / f"{date.today()}.md"
    kept.write_text("\n".join(table) + "\n", encoding="utf-8")
    return 0


HEAD = [
    "| persons | what | wall s | CPU s | peak GB | × limit | agreement |",
    "|---|---|---|---|---|---|---|",
]


def bench(millions: float, folder: Path) -> list[str]:
    """All measurements of one size, as lines of the table."""
    city, work = folder / f"{millions:g}m", folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    if not (city / "city.toml").exists():
        generate_city(city, persons=int(millions * MILLION), shape="plain", truth=False)
    taken = {
        "canbao clean": measure("canbao", city, work / "OUT"),
        "canbao clean --memory 4GB": measure("canbao", city, work / "OUT4", "4GB"),
        "Polars, by hand": measure("polars", city, work / "polars"),
    }
    if millions <= LARGEST_FOR_PANDAS:
        taken["pandas, ordinary"] = measure("pandas", city, work / "pandas")
    measure("limit", city, work / "OUT", work)
    limit = float((work / "limit.txt").read_text())
    taken |= _since(city, work)
    lines = [_line(millions, what, one, limit, _agreement(what, work)) for what, one in taken.items()]
    lines.insert(0, f"| {millions:g} M | plain read and write (DuckDB) | {limit:.1f} | | | 1.0 | |")
    (folder / f"{millions:g}m.json").write_text(json.dumps({what: vars(one) for what, one in taken.items()}, indent=1))
    shutil.rmtree(work)
    return lines


def _since(city: Path, work: Path) -> dict[str, Taken]:
    """One person in a hundred changes; the run before is built on."""
    changed = one_percent_changed(city, work / "changed")
    taken = {"1 % changed, --since": measure("canbao", changed, work / "SINCE", "", work / "OUT")}
    shutil.rmtree(work / "SINCE", ignore_errors=True)
    shutil.rmtree(changed)
    return taken


def _agreement(what: str, work: Path) -> str:
    """The share of persons for whom a peer derives the same four values as Canbao."""
    peer = work / what.partition(",")[0].lower() / "persons.parquet"
    if not peer.exists():
        return ""
    number = "try_cast(left(ssn, 17) AS BIGINT)" if "pandas" in what else "key"
    same = " AND ".join(f"ours.{item} IS NOT DISTINCT FROM nullif(theirs.{item}, '')" for item in DERIVED)
    query = (
        f"SELECT avg(CASE WHEN {same} THEN 1.0 ELSE 0.0 END) FROM (SELECT *, try_cast(left(ssn, 17) AS BIGINT) AS key "
        f"FROM '{work}/OUT/persons.parquet') AS ours JOIN (SELECT {number} AS key, {', '.join(DERIVED)} "
        f"FROM '{peer}') AS theirs USING (key)"
    )
    ((share,),) = duckdb.connect().execute(query).fetchall()
    return f"{100 * share:.1f} %"


def _line(millions: float, what: str, one: Taken, limit: float, agreement: str) -> str:
    failed = f" (status {one.status})" if one.status else ""
    return (
        f"| {millions:g} M | {what}{failed} | {one.wall:.1f} | {one.cpu:.1f} | {one.memory:.1f} "
        f"| {one.wall / limit:.1f} | {agreement} |"
    )


if __name__ == "__main__":
    sys.exit(main())
