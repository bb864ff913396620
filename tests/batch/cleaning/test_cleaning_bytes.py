"""The same input gives the same bytes, whatever the threads, the memory, the parts, the order of rows or the past."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from canbao.batch import loading
from canbao.batch.city import clean_city
from canbao.batch.generator import generate_city
from canbao.batch.trouble import SourceTrouble
from cleaning_desk import TABLES, digests, read_tables

PERSONS = 3_000
PLACED = {"row", "source"}
"""Where a row stood; shuffling changes it."""


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up city as Parquet files, and OUT of its cleaning."""
    folder = tmp_path_factory.mktemp("plain")
    generate_city(folder, persons=PERSONS, shape="plain", truth=False, dirt=5)
    clean_city(folder / "city.toml", folder / "OUT")
    return folder


@pytest.mark.parametrize("options", [{"threads": 1}, {"threads": 2}, {"memory": "300MB"}], ids=str)
def test_threads_and_memory_leave_no_trace(plain: Path, tmp_path: Path, options: dict[str, Any]) -> None:
    clean_city(plain / "city.toml", tmp_path / "OUT", **options)
    assert digests(tmp_path / "OUT") == digests(plain / "OUT")


def test_parts_leave_no_trace(plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "ROWS_OF_A_PART", 1_500)
    stages: list[tuple[str, int, int, int | None]] = []
    clean_city(plain / "city.toml", tmp_path / "OUT", announce=lambda *stage: stages.append(stage))
    assert max(total for name, _, total, _ in stages if name == "比对与判定") > 4
    assert digests(tmp_path / "OUT") == digests(plain / "OUT")


@pytest.mark.parametrize("since", [lambda plain: None, lambda plain: plain / "OUT"], ids=["whole", "since"])
def test_every_stage_begins_with_nothing_and_comes_to_its_end(
    plain: Path, tmp_path: Path, since: Callable[[Path], Path | None]
) -> None:
    told: list[tuple[str, int, int, int | None]] = []
    summary = clean_city(
        plain / "city.toml", tmp_path / "OUT", since=since(plain), announce=lambda *one: told.append(one)
    )
    stages = list(dict.fromkeys(stage for stage, *_ in told))
    assert [stage for stage in stages if stage != "与上次比较"] == [
        "读取来源",
        "清洗",
        "比对与判定",
        "写出清单",
        "汇总",
    ]
    assert ("与上次比较" in stages) == (since(plain) is not None)
    for stage in stages:
        done = [(parts, total) for name, parts, total, _ in told if name == stage]
        assert done == [(parts, done[0][1]) for parts in range(done[0][1] + 1)], stage
    rows = sum(source["rows_in"] for source in summary["sources"].values())
    assert ("读取来源", len(summary["sources"]), len(summary["sources"]), rows) in told
    assert ("清洗", 11, 11, None if since(plain) else rows) in told


def test_the_order_of_rows_leaves_no_trace(plain: Path, tmp_path: Path) -> None:
    for file in plain.glob("*.parquet"):
        rewrite(file, tmp_path / file.name, "SELECT * FROM rows ORDER BY hash(row_number() OVER ())")
    shutil.copy(plain / "city.toml", tmp_path)
    clean_city(tmp_path / "city.toml", tmp_path / "OUT")
    for name in ("persons", "survey"):
        assert digests(tmp_path / "OUT")[f"{name}.parquet"] == digests(plain / "OUT")[f"{name}.parquet"]
    shuffled, straight = read_tables(tmp_path / "OUT"), read_tables(plain / "OUT")
    for name in TABLES:
        assert contents(shuffled[name]) == contents(straight[name]), name


def contents(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(repr({name: value for name, value in row.items() if name not in PLACED}) for row in rows)


def rewrite(old: Path, new: Path, query: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW rows AS SELECT * FROM '{old}'")
        connection.execute(f"COPY ({query}) TO '{new}' (FORMAT parquet)")


def replacing(column: str, value: str, one_in: int) -> str:
    """The rows with another value in a column of some."""
    return f"SELECT * REPLACE (CASE WHEN hash(ssn) % {one_in} = 0 THEN {value} ELSE {column} END AS {column}) FROM rows"


CHANGES: dict[str, tuple[str, str]] = {
    "nothing": ("insurance", "SELECT * FROM rows"),
    "a state": ("insurance", replacing("contrib_status", "'3'", 50)),
    "a name": ("household", replacing("name", "'改' || name", 60)),
    "a number": ("household", replacing("ssn", "reverse(ssn)", 70)),
    "rows more": ("insurance", "FROM rows UNION ALL (SELECT * REPLACE ('390' AS insurance_type) FROM rows LIMIT 20)"),
    "rows fewer": ("insurance", "SELECT * FROM rows LIMIT (SELECT count(*) - 100 FROM rows)"),
    "a list": ("death", "SELECT * FROM rows LIMIT 0"),
    "everything": ("household", "SELECT * FROM rows ORDER BY ssn DESC"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_building_on_an_earlier_run_gives_the_bytes_of_a_full_one(plain: Path, tmp_path: Path, change: str) -> None:
    source, query = CHANGES[change]
    for file in plain.glob("*.parquet"):
        shutil.copy(file, tmp_path)
    rewrite(plain / f"{source}.parquet", tmp_path / f"{source}.parquet", query)
    shutil.copy(plain / "city.toml", tmp_path)
    clean_city(tmp_path / "city.toml", tmp_path / "FULL")
    warned: list[str] = []
    clean_city(tmp_path / "city.toml", tmp_path / "SINCE", since=plain / "OUT", warn=warned.append)
    assert digests_of_all(tmp_path / "SINCE") == digests_of_all(tmp_path / "FULL")
    assert any("太多，这次全部重算" in words for words in warned) == (change == "everything")


def digests_of_all(out: Path) -> dict[str, str]:
    return digests(out) | digests(out / "basis")


@pytest.mark.parametrize("decision", ["same", "different", "correct"])
def test_decisions_that_come_and_go_are_seen(plain: Path, tmp_path: Path, decision: str) -> None:
    """Officers decide, and later take their word back; each time only the change is judged again."""
    conflicts = read_tables(plain / "OUT")["conflicts"][:12]
    elsewhere = read_tables(plain / "OUT")["persons"][5]["ssn"]
    lines = [f"{one['ssn']},{one['other_name']},{decision},{elsewhere}" for one in conflicts]
    (tmp_path / "resolution.csv").write_text("ssn,name,decision,correct_ssn\n" + "\n".join(lines) + "\n", "utf-8")
    (tmp_path / "none.csv").write_text("ssn,name,decision,correct_ssn\n", "utf-8")
    for file in plain.glob("*.parquet"):
        shutil.copy(file, tmp_path)
    config = tmp_path / "city.toml"
    written = (plain / "city.toml").read_text("utf-8")
    config.write_text(f'{written}\nresolution = "resolution.csv"\n', "utf-8")
    without, with_ = tmp_path / "WITHOUT", tmp_path / "WITH"
    clean_city(config, with_)
    shutil.copy(tmp_path / "resolution.csv", tmp_path / "kept.csv")
    shutil.copy(tmp_path / "none.csv", tmp_path / "resolution.csv")
    clean_city(config, without)
    clean_city(config, tmp_path / "TAKEN_BACK", since=with_)
    assert digests_of_all(tmp_path / "TAKEN_BACK") == digests_of_all(without)
    shutil.copy(tmp_path / "kept.csv", tmp_path / "resolution.csv")
    clean_city(config, tmp_path / "DECIDED", since=without)
    assert digests_of_all(tmp_path / "DECIDED") == digests_of_all(with_)


def test_an_earlier_run_with_other_settings_is_not_built_on(plain: Path, tmp_path: Path) -> None:
    for file in plain.glob("*.parquet"):
        shutil.copy(file, tmp_path)
    written = (plain / "city.toml").read_text("utf-8").replace("guangdong_2017", "evidence_first")
    (tmp_path / "city.toml").write_text(written, "utf-8")
    warned: list[str] = []
    clean_city(tmp_path / "city.toml", tmp_path / "SINCE", since=plain / "OUT", warn=warned.append)
    clean_city(tmp_path / "city.toml", tmp_path / "FULL")
    assert warned == [f"基准日、口径等设置与 {plain / 'OUT'} 那次运行的不同，不能接着算，这次全部重算"]
    assert digests_of_all(tmp_path / "SINCE") == digests_of_all(tmp_path / "FULL")


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("summary.json", None, "不是 canbao clean 的输出"),
        ("basis/fingerprints.parquet", None, "缺 basis/fingerprints.parquet；请不用 --since"),
        ("basis/run.json", "{", "读不出来；请不用 --since"),
        ("basis/run.json", "[]", "读不出来；请不用 --since"),
    ],
)
def test_a_wrong_folder_is_refused_before_any_source_is_read(
    plain: Path, tmp_path: Path, file: str, content: str | None, words: str
) -> None:
    shutil.copytree(plain / "OUT", tmp_path / "EARLIER")
    (tmp_path / "EARLIER" / file).unlink()
    if content is not None:
        (tmp_path / "EARLIER" / file).write_text(content)
    stages: list[tuple[str, int, int, int | None]] = []
    with pytest.raises(SourceTrouble, match=words):
        clean_city(
            plain / "city.toml",
            tmp_path / "OUT",
            since=tmp_path / "EARLIER",
            announce=lambda *stage: stages.append(stage),
        )
    assert stages == [] and not (tmp_path / "OUT").exists()


def test_it_may_replace_the_run_it_builds_on(plain: Path, tmp_path: Path) -> None:
    shutil.copytree(plain / "OUT", tmp_path / "OUT")
    clean_city(plain / "city.toml", tmp_path / "OUT", since=tmp_path / "OUT")
    assert digests_of_all(tmp_path / "OUT") == digests_of_all(plain / "OUT")
