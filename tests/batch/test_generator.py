"""The invented city: always the same, near the shares it is meant to have, and its truth fits its files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from canbao.batch.city import clean_city
from canbao.batch.config import read_config
from canbao.batch.generator import FIRST_DAY, LAST_DAY, GeneratedCity, GeneratorError, generate_city
from canbao.batch.generator.dirt import NAMES
from canbao.batch.generator.layouts import CHINESE, COLUMNS, ELEMENTS
from canbao.batch.reading import SourceTable, read_source
from canbao.core.dates import age
from canbao.core.names import names_agree
from canbao.core.numbering.judge import judge
from canbao.law.models import Column, InForce, Profile, Source
from canbao.law.reader import Law

PERSONS = 20_000
AS_OF = date(2017, 6, 30)
EMPTY = {f"名单/{file}" for file in ("兵役.csv", "出入境.parquet", "审判服刑.csv")} | {"死亡.csv", "工伤待遇.csv"}
"""Files in which few people may have no rows."""

MAPPED = {
    "insurance_type",
    "contrib_status",
    "benefit_status",
    "enrol_date",
    "region_code",
    "payer_category",
    "updated_at",
}
"""Insurance columns whose foreign headers city.toml has to map."""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> GeneratedCity:
    return generate_city(tmp_path_factory.mktemp("city"), persons=PERSONS)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> GeneratedCity:
    return generate_city(tmp_path_factory.mktemp("plain"), persons=PERSONS, shape="plain")


@pytest.fixture(scope="module")
def law() -> Law:
    """The sources with the names under which their columns are known; nothing else of the law is needed to read."""
    profile = Profile(
        id="guangdong_2017", label="原文次序", reading="", in_force=InForce.model_validate({"from": "2017-05-09"}),
        source="test", clause="1",
    )  # fmt: skip
    return Law(
        instruments={}, fields={}, codes={}, sources={name: _source(name) for name in COLUMNS}, register_sources={},
        qualities={}, tables={}, requirements=(), checks={}, duplicate_cover=(), profiles={profile.id: profile},
        cases=(), unencoded=(),
    )  # fmt: skip


def _source(name: str) -> Source:
    columns = []
    for column in COLUMNS[name]:
        known = () if column in MAPPED else (CHINESE.get(column, ""), ELEMENTS.get(column, ""))
        columns.append(Column(name=column, needed=column in ("ssn", "name"), synonyms=tuple(filter(None, known))))
    return Source(name=name, label=name, columns=tuple(columns), source="test", clause="1")


@pytest.fixture(scope="module")
def read(city: GeneratedCity, law: Law, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The connection and what was read of each source of the city."""
    work = tmp_path_factory.mktemp("work")
    with duckdb.connect() as connection:
        specs = read_config(city.config, law).sources
        tables = {name: read_source(connection, name, specs[name], work, law) for name in specs}
        connection.execute(f"CREATE VIEW truth AS SELECT * FROM '{city.config.parent}/truth/rows.parquet'")
        yield {"connection": connection, "tables": tables}


def digest(folder: Path) -> dict[str, str]:
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        generate_city(tmp_path / name, persons=600, seed=seed, chunk=250)
    assert digest(tmp_path / "one") == digest(tmp_path / "same")
    one, other = digest(tmp_path / "one"), digest(tmp_path / "other")
    assert one.keys() == other.keys()
    assert {name for name in one if one[name] == other[name]} <= {"city.toml", *EMPTY}


def test_chunks_change_the_order_only(tmp_path: Path) -> None:
    for chunk in (170, 1_000):
        generate_city(tmp_path / str(chunk), persons=1_000, shape="plain", chunk=chunk)
    for source in COLUMNS:
        assert sorted_rows(tmp_path / "170" / f"{source}.parquet") == sorted_rows(
            tmp_path / "1000" / f"{source}.parquet"
        )
    people = [pq.read_table(tmp_path / name / "truth" / "persons.parquet") for name in ("170", "1000")]
    assert people[0].equals(people[1])


def sorted_rows(file: Path) -> list[Any]:
    return sorted(pq.read_table(file).to_pylist(), key=repr)


@pytest.mark.parametrize("persons", [0, 1, 2, 50])
@pytest.mark.parametrize("shape", ["plain", "city"])
def test_a_few_people_are_enough(tmp_path: Path, persons: int, shape: Any) -> None:
    made = generate_city(tmp_path, persons=persons, shape=shape)
    assert pq.read_table(tmp_path / "truth" / "persons.parquet").num_rows == persons
    assert pq.read_table(tmp_path / "truth" / "rows.parquet").num_rows == sum(made.rows.values())
    assert all((tmp_path / file).exists() for file in made.rows)


@pytest.mark.parametrize("division", ["441900", "442000", "440604", "445300", "440000"])
def test_every_kind_of_division_works(tmp_path: Path, division: str) -> None:
    generate_city(tmp_path, persons=300, division=division, shape="plain", dirt=0, truth=False)
    codes = pq.read_table(tmp_path / "household.parquet")["hukou_division_code"].to_pylist()
    assert all(code.startswith(division.rstrip("0")) for code in codes)


@pytest.mark.parametrize(
    "arguments",
    [
        {"persons": -1},
        {"persons": 10**12},
        {"persons": 1, "division": "110000"},
        {"persons": 1, "as_of": date(1960, 6, 30)},
        {"persons": 1, "as_of": date(2090, 6, 30)},
        {"persons": 1, "dirt": -1.0},
    ],
)
def test_what_can_not_be_is_refused(tmp_path: Path, arguments: Any) -> None:
    with pytest.raises(GeneratorError, match=r"人|440600|只能造|dirt"):
        generate_city(tmp_path, **arguments)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY])
def test_the_first_and_the_last_day_work(tmp_path: Path, day: date) -> None:
    made = generate_city(tmp_path / "city", persons=300, as_of=day)
    assert clean_city(made.config, tmp_path / "OUT")["persons"] == pytest.approx(300, abs=15)


def test_numbers_are_valid_and_given_once(plain: GeneratedCity) -> None:
    people = truth(plain, "persons").to_pylist()
    assert len({person["ssn"] for person in people}) == PERSONS
    for person in people[:3_000]:
        judged = judge(person["ssn"], as_of=AS_OF)
        assert judged.number is not None and judged.normalised == person["ssn"]
        assert judged.birth_date in (None, person["birth_date"]) and judged.sex in (None, person["sex"])


def test_ages_and_lives_have_their_shares(plain: GeneratedCity) -> None:
    people = truth(plain, "persons")
    ages = [age(birth, AS_OF) for birth in people["birth_date"].to_pylist()]
    for low, high, share in ((0, 6, 0.065), (6, 16, 0.14), (16, 60, 0.62), (60, 200, 0.17)):
        assert sum(low <= years < high for years in ages) / PERSONS == pytest.approx(share, abs=0.01)
    assert part(people, "life", "uninsured") == pytest.approx(0.04, abs=0.005)
    assert part(people, "life", "ended") == pytest.approx(0.015, abs=0.004)
    assert part(people, "sex", "1") == pytest.approx(0.5, abs=0.02)
    assert 1 - part(people, "kind", "local") == pytest.approx(0.10, abs=0.01)
    odd = sum(part(people, "kind", kind) for kind in ("hmt", "foreign", "overseas_chinese"))
    assert odd == pytest.approx(0.001, abs=0.001)


def part(table: Any, column: str, value: str) -> float:
    return float(table[column].to_pylist().count(value) / table.num_rows)


def test_rows_have_their_shares(plain: GeneratedCity) -> None:
    assert plain.rows["insurance.parquet"] / PERSONS == pytest.approx(1.9, abs=0.1)
    assert sum(plain.rows.values()) / PERSONS == pytest.approx(3.4, abs=0.15)
    rows = truth(plain, "rows")
    owners = {kind: owners_of(rows, kind) for kind in ("fifteen_digits", "same_number", "other_name")}
    assert len(owners["fifteen_digits"]) / PERSONS == pytest.approx(0.005, abs=0.002)
    assert len(owners["same_number"] | owners["other_name"]) / PERSONS == pytest.approx(0.003, abs=0.002)


def owners_of(rows: Any, kind: str) -> set[str]:
    return {row["ssn"] for row in rows.filter(pa.compute.equal(rows["dirt"], kind)).to_pylist()}


def truth(city: GeneratedCity, name: str) -> Any:
    assert city.truth is not None
    return pq.read_table(city.truth / f"{name}.parquet")


def test_every_kind_of_dirt_occurs(city: GeneratedCity) -> None:
    assert set(truth(city, "rows")["dirt"].to_pylist()) == {None, *NAMES[1:]}


def test_without_dirt_every_row_is_clean(tmp_path: Path) -> None:
    made = generate_city(tmp_path, persons=3_000, dirt=0)
    rows = truth(made, "rows")
    # Rare characters, and cover that nobody ended after a death, are life itself.
    assert set(rows["dirt"].to_pylist()) <= {None, "rare_character", "after_death"}
    assert all(rows["identified"].to_pylist()) and all(rows["same_person"].to_pylist())


def test_lines_have_their_headers_and_encodings(city: GeneratedCity) -> None:
    folder = city.config.parent
    household = (folder / "户籍人口.csv").read_bytes().split(b"\n")[0].decode("gb18030")
    assert household.startswith("社会保障号码,姓名,性别,出生日期")
    assert (folder / "失业工伤生育.csv").read_bytes().startswith(b"\xef\xbb\xbfssn,name,")
    assert (folder / "就业登记.csv").read_text(encoding="utf-8", errors="replace").startswith("身份证\t名字\t")
    assert (folder / "名单/兵役.csv").read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff")


def test_the_readers_find_as_many_rows_as_were_written(read: dict[str, Any], city: GeneratedCity) -> None:
    found = {file.label.partition("#")[0]: file.rows_in for table in read["tables"].values() for file in table.files}
    assert found == city.rows


def test_broken_lines_are_found_where_the_truth_has_them(read: dict[str, Any]) -> None:
    tables: dict[str, SourceTable] = read["tables"]
    query = "SELECT file, row FROM truth WHERE dirt = '{}' ORDER BY ALL"
    for kind, check in (("malformed", "row_malformed"), ("mixed_encoding", "encoding_mixed")):
        found = [(one.file, one.row) for table in tables.values() for one in table.troubles if one.check == check]
        assert sorted(found) == read["connection"].execute(query.format(kind)).fetchall(), kind


def test_truth_tells_what_each_number_is_worth(read: dict[str, Any]) -> None:
    for name, table in read["tables"].items():
        for written, known, identified, own in rows_with_truth(read["connection"], table, name):
            judged = judge(written or "", as_of=AS_OF)
            assert (judged.number is not None) == identified, written
            assert not identified or (judged.normalised == known) == own, written


def rows_with_truth(connection: Any, table: SourceTable, name: str) -> list[Any]:
    labels = ", ".join(f"({place}, '{file.label.partition('#')[0]}')" for place, file in enumerate(table.files))
    query = (
        f"SELECT found.ssn, truth.ssn, identified, same_person FROM {table.relation} AS found "
        f"JOIN (VALUES {labels}) AS labels (file, label) ON labels.file = found.file "
        f"JOIN truth ON truth.file = label AND truth.row = found.row AND truth.source = '{name}' "
        "WHERE dirt IS NOT NULL OR found.row % 40 = 2"
    )
    rows: list[Any] = connection.execute(query).fetchall()
    assert rows
    return rows


def test_names_differ_exactly_where_the_truth_says_so(read: dict[str, Any], city: GeneratedCity) -> None:
    people = f"'{city.config.parent}/truth/persons.parquet'"
    query = (
        "SELECT found.name, people.name, truth.dirt FROM truth JOIN read_household AS found USING (row) "
        f"JOIN {people} AS people ON people.ssn = truth.ssn WHERE truth.source = 'household'"
    )
    for written, known, dirt in read["connection"].execute(query).fetchall():
        assert names_agree(written or "", known) == (dirt != "name_missing"), (written, known)
