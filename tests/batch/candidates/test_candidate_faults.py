"""What can't be used is refused in words, what was there stays; and Splink stays at home until it is called."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from people_desk import person, write_people

from canbao.batch.candidates import propose, read_pairs, read_settings
from canbao.batch.candidates.model import OURS, read_model
from canbao.batch.generator.registered import REGISTERED
from canbao.batch.trouble import OutOfRoom, SourceTrouble


def write(file: Path, rows: list[dict[str, Any]], drop: str | None = None) -> Path:
    table = pa.Table.from_pylist(rows, schema=REGISTERED)
    pq.write_table(table.drop_columns([drop]) if drop else table, file)
    return file


@pytest.mark.parametrize(
    ("rows", "drop", "words"),
    [
        ([], None, "表里没有人"),
        ([person(1)], "birth_date", "缺少 birth_date 列"),
        ([person(1), person(1)], None, "1 行的 person_id 空缺或重复"),
        ([person(1), {**person(1), "person_id": None}], None, "1 行的 person_id 空缺或重复"),
    ],
)
def test_a_table_that_can_not_be_used(tmp_path: Path, rows: list[dict[str, Any]], drop: str | None, words: str) -> None:
    with pytest.raises(SourceTrouble, match=f"people.parquet：{words}；请重新导出"):
        propose(write(tmp_path / "people.parquet", rows, drop), None, tmp_path / "pairs.parquet")
    assert [file.name for file in tmp_path.iterdir()] == ["people.parquet"]


def test_keys_that_are_no_numbers(tmp_path: Path) -> None:
    table = pa.Table.from_pylist([person(1)], schema=REGISTERED)
    pq.write_table(table.set_column(0, "person_id", pa.array(["a"])), tmp_path / "people.parquet")
    with pytest.raises(SourceTrouble, match="person_id 不是整数"):
        propose(tmp_path / "people.parquet", None, tmp_path / "pairs.parquet")


def test_a_file_that_is_not_there_or_no_parquet(tmp_path: Path) -> None:
    with pytest.raises(SourceTrouble, match="没有这个文件"):
        propose(tmp_path / "people.parquet", None, tmp_path / "pairs.parquet")
    (tmp_path / "people.parquet").write_text("person_id,ssn\n")
    with pytest.raises(SourceTrouble, match="不是完好的 Parquet"):
        propose(tmp_path / "people.parquet", None, tmp_path / "pairs.parquet")


def test_a_file_with_damage_inside(tmp_path: Path) -> None:
    file = write_people(tmp_path / "people.parquet")
    damaged = bytearray(file.read_bytes())
    damaged[200:2000] = bytes(1800)
    file.write_bytes(damaged)
    with pytest.raises(SourceTrouble, match=r"people\.parquet"):
        propose(file, None, tmp_path / "pairs.parquet")


def test_decisions_that_can_not_be_read(tmp_path: Path) -> None:
    file, decided = write_people(tmp_path / "people.parquet"), tmp_path / "decided.parquet"
    pq.write_table(pa.table({"left_id": [1], "right_id": [2]}), decided)
    with pytest.raises(SourceTrouble, match=r"decided\.parquet：缺少 left_digest、right_digest 列"):
        propose(file, decided, tmp_path / "pairs.parquet")


def test_what_was_there_stays_when_there_is_no_room(tmp_path: Path) -> None:
    out = tmp_path / "pairs.parquet"
    out.write_text("earlier")
    with pytest.raises(OutOfRoom):
        propose(write_people(tmp_path / "people.parquet", person(1)), None, out, memory="1MB", threads=1)
    assert out.read_text() == "earlier"
    assert {file.name for file in tmp_path.iterdir()} == {"people.parquet", "pairs.parquet"}


@pytest.mark.parametrize("people", [[person(1)], [person(1), person(2, None, name=None, birth_date=None)]])
def test_people_without_anything_in_common_give_no_pairs(tmp_path: Path, people: list[dict[str, Any]]) -> None:
    people = [{**one, "mobile": None, "residence_address": None} for one in people]
    counts = propose(write(tmp_path / "people.parquet", people), None, tmp_path / "pairs.parquet", threads=1)
    assert (counts.people, counts.compared, counts.proposed) == (len(people), 0, 0)
    assert list(read_pairs(tmp_path / "pairs.parquet")) == []


def test_columns_that_nobody_has_to_have(tmp_path: Path) -> None:
    rows = [person(1), person(2, "440604860312034")]
    needed = ["person_id", "ssn", "name", "sex", "birth_date"]
    pq.write_table(pa.Table.from_pylist(rows, schema=REGISTERED).select(needed), tmp_path / "people.parquet")
    assert propose(tmp_path / "people.parquet", None, tmp_path / "pairs.parquet", threads=1).proposed == 1


@pytest.mark.parametrize("text", ["[]", "{", '{"chances": {"name": {}}}', '{"chances": {"name": {"same": [2, 0]}}}'])
def test_a_model_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "model.json").write_text(text)
    with pytest.raises(SourceTrouble, match=r"model\.json.*重新训练"):
        read_model(tmp_path / "model.json")
    assert read_model(OURS)


@pytest.mark.parametrize("text", ["threshold: 2", "{", "threshold: 0.9"])
def test_settings_that_are_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "candidates.yaml").write_text(text)
    with pytest.raises(SourceTrouble, match=r"candidates\.yaml"):
        read_settings(tmp_path / "candidates.yaml")


def test_splink_is_not_imported_before_it_is_needed() -> None:
    asked = (
        "import sys, canbao.batch.candidates; print({'splink', 'pypinyin', 'altair', 'pandas'} & sys.modules.keys())"
    )
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True).stdout == "set()\n"


def test_nothing_is_asked_of_the_network_and_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    file = write_people(tmp_path / "people.parquet", person(1), person(2, "440604860312034"))
    propose(file, None, tmp_path / "pairs.parquet", threads=1)
    assert not {"altair", "pandas", "pyspark"} & sys.modules.keys()
    told = "".join(capfd.readouterr()) + "".join(record.getMessage() for record in caplog.records)
    assert person(1)["name"] not in told and person(1)["ssn"] not in told and person(1)["mobile"] not in told
