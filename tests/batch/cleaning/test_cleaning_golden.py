"""The golden city: a made-up city in all its formats, whose results are written down and fit its truth.

If a change is meant to alter results, `python tests/batch/cleaning/test_cleaning_golden.py` writes them down again.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest

from canbao.batch.city import clean_city
from canbao.batch.generator import generate_city
from cleaning_desk import Results, read_tables

GOLDEN = Path(__file__).with_name("golden_summary.json")
PERSONS = 3_000


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return cleaned(tmp_path_factory.mktemp("city"))


def cleaned(folder: Path) -> Results:
    generate_city(folder / "city", persons=PERSONS, seed=2017)
    summary = clean_city(folder / "city" / "city.toml", folder / "OUT")
    return Results(folder / "OUT", read_tables(folder / "OUT"), summary)


def counts(summary: dict[str, Any]) -> dict[str, Any]:
    """The summary without sizes and digests of files, which a library may change, and without example rows."""
    told: dict[str, Any] = json.loads(json.dumps(summary))
    for source in told["sources"].values():
        source["files"] = [{"file": file["file"], "rows": file["rows"]} for file in source["files"]]
    for finding in told["findings"].values():
        del finding["examples"]
    return told


def test_the_results_are_those_written_down(city: Results) -> None:
    assert counts(city.summary) == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_no_row_is_lost(city: Results) -> None:
    for name, source in city.summary["sources"].items():
        not_used = sum(source["rows_not_used"].values())
        assert source["rows_in"] == source["rows_filtered"] + source["rows_used"] + not_used, name
        assert source["balanced"], name
        assert source["rows_in"] == sum(file["rows"] for file in source["files"]), name


def test_every_row_that_is_not_used_has_a_finding(city: Results) -> None:
    """By file and row; rows that say 未参保 have one too."""
    found = {(one["source"], one["row"]) for one in city.tables["findings"]}
    with duckdb.connect() as connection:
        query = "SELECT source, row, fate FROM read_parquet(?)"
        unused = connection.execute(query, [str(city.folder / "basis" / "unused.parquet")]).fetchall()
    assert unused
    assert [one for one in unused if one[:2] not in found] == []


def test_persons_are_the_true_ones(city: Results) -> None:
    truth = city.folder.parent / "city" / "truth"
    with duckdb.connect() as connection:
        people = dict(connection.execute(f"SELECT ssn, name FROM '{truth}/persons.parquet'").fetchall())
        own = connection.execute(
            f"SELECT DISTINCT ssn FROM '{truth}/rows.parquet' WHERE identified AND same_person"
        ).fetchall()
    found = {one["ssn"]: one["name"] for one in city.tables["persons"]}
    assert len(found.keys() - people.keys()) <= 0.01 * len(found)
    assert len({ssn for (ssn,) in own} - found.keys()) <= 0.01 * len(own)
    same = [people[ssn] == name for ssn, name in found.items() if ssn in people]
    assert sum(same) >= 0.98 * len(same)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        golden = json.dumps(counts(cleaned(Path(made)).summary), ensure_ascii=False, indent=1)
        GOLDEN.write_text(golden + "\n", encoding="utf-8")
