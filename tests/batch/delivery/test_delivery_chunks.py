"""Every row is handed on once, in the order of numbers, in a form that COPY takes; what is unchanged is recognised."""

from __future__ import annotations

import hashlib

import pyarrow.parquet as pq
import pytest
from delivery_desk import DeliveryDesk, Doctor, as_texts, read_back, together, with_sql, with_value

from canbao.batch.delivery import Delivery
from canbao.batch.package import PackageRefused

TABLES = ("persons", "insurances", "evidence")


@pytest.mark.parametrize("table", TABLES)
def test_all_rows_come_once_and_unchanged(desk: DeliveryDesk, table: str) -> None:
    delivery = desk.delivery()
    rows = together(delivery, list(delivery.chunks(persons=400)), table)
    contents = [row.pop("content") for row in rows] if table == "persons" else []
    wanted = as_texts(desk.out / f"{table}.parquet", table)
    for row, other in zip(rows, wanted, strict=True):
        moments = {name: str(value)[:19] for name, value in row.items() if name.endswith("_at") and value}
        assert {**row, **moments} == other
    assert len(set(contents)) == len(contents) and all(len(one) == 32 for one in contents)


def test_a_chunk_has_its_own_persons_and_all_their_rows(desk: DeliveryDesk) -> None:
    delivery, before = desk.delivery(), ""
    for chunk in delivery.chunks(persons=133):
        people = [row["ssn"] for row in together(delivery, [chunk], "persons")]
        assert (people[0], people[-1], len(people)) == (chunk.first, chunk.last, chunk.count)
        assert before < chunk.first and people == sorted(people)
        for table in ("insurances", "evidence"):
            assert {row["ssn"] for row in together(delivery, [chunk], table)} <= set(people)
        before = chunk.last


@pytest.mark.parametrize(("size", "again"), [(100, 700), (700, 100), (1, 20_000)])
def test_resuming_gives_exactly_the_rest(desk: DeliveryDesk, size: int, again: int) -> None:
    delivery = desk.delivery()
    chunks = delivery.chunks(persons=size)
    done = [next(chunks), next(chunks)]
    chunks.close()
    rest = list(delivery.chunks(after=done[-1].last, persons=again))
    for table in TABLES:
        both = b"".join(getattr(chunk, table) for chunk in [*done, *rest])
        assert both == b"".join(getattr(chunk, table) for chunk in delivery.chunks())
    assert list(delivery.chunks(after=rest[-1].last)) == []


def test_findings_and_conflicts_are_handed_on_as_they_are(desk: DeliveryDesk) -> None:
    delivery = desk.delivery()
    for table in ("findings", "conflicts"):
        rows = read_back(table, b"".join(delivery.rows(table)), delivery.columns(table)).to_pylist()
        for row in rows:
            row |= {"similarity": str(float(row["similarity"]))} if table == "conflicts" else {}
        assert rows == as_texts(desk.out / f"{table}.parquet", table) and rows
    with pytest.raises(ValueError, match="persons"):
        list(delivery.rows("persons"))


def test_a_delivery_says_what_it_is(desk: DeliveryDesk) -> None:
    package = desk.package()
    delivery = desk.delivery(package)
    assert delivery.sha256 == hashlib.sha256(package.read_bytes()).hexdigest()
    assert delivery.manifest.division == delivery.summary["run"]["division"] == "440600"
    assert delivery.columns("persons")[-1] == "content"


def contents(delivery: Delivery) -> dict[str, str]:
    return {row["ssn"]: row["content"] for row in together(delivery, list(delivery.chunks(persons=97)), "persons")}


SAME: dict[str, dict[str, Doctor]] = {
    "ran later": {"persons": with_sql("SELECT * REPLACE (TIMESTAMP '2018-01-01' AS operated_at) FROM t")},
    "rows moved": {"insurances": with_sql("SELECT * REPLACE (row + 7 AS row, 'neu.csv' AS source) FROM t")},
    "lists moved": {"evidence": with_sql("SELECT * REPLACE (row + 7 AS row) FROM t")},
}


@pytest.mark.parametrize("case", SAME)
def test_an_unchanged_person_keeps_its_content(desk: DeliveryDesk, case: str) -> None:
    assert contents(desk.delivery(**SAME[case])) == contents(desk.delivery())


CHANGED: dict[str, tuple[str, Doctor]] = {
    "a person's item": ("persons", with_value("mobile", "14400000000")),
    "an item emptied": ("persons", with_value("name", None)),
    "a person's derived item": ("persons", with_value("registration_status", "2")),
    "a cover": ("insurances", with_value("unit_name", "另一单位")),
    "a cover less": ("insurances", lambda t: t.slice(1)),
    "a cover twice": ("insurances", with_sql("SELECT * FROM t UNION ALL SELECT * FROM (FROM t LIMIT 1) ORDER BY ssn")),
    "an evidence": ("evidence", with_value("quality", "retired")),
    "an evidence less": ("evidence", lambda t: t.slice(1)),
}


@pytest.mark.parametrize("case", CHANGED)
def test_a_changed_person_alone_has_another_content(desk: DeliveryDesk, case: str) -> None:
    table, doctor = CHANGED[case]
    before, after = contents(desk.delivery()), contents(desk.delivery(**{table: doctor}))
    (whose,) = pq.read_table(desk.out / f"{table}.parquet", columns=["ssn"]).column("ssn")[:1].to_pylist()
    assert [ssn for ssn in before if before[ssn] != after[ssn]] == [whose]


def test_rows_of_nobody_and_disorder_are_never_handed_on(desk: DeliveryDesk) -> None:
    cases: list[dict[str, Doctor]] = [
        {"persons": lambda t: t.slice(0, t.num_rows - 1)},
        {"persons": lambda t: t.slice(1)},
        {"insurances": with_sql("SELECT * FROM t ORDER BY ssn DESC")},
        {"evidence": with_value("ssn", "110101")},
    ]
    for doctors in cases:
        with pytest.raises(PackageRefused):
            list(desk.delivery(**doctors).chunks())
