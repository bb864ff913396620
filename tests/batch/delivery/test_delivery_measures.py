"""What a delivery looks like as a whole, counted by the engine and again by hand."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from delivery_desk import DeliveryDesk, with_sql

from canbao.batch.delivery.measures import CODED, FREE, Measures
from canbao.law.reader import read_law


@pytest.fixture
def measured(desk: DeliveryDesk) -> Measures:
    return desk.delivery().measures()


def test_counts_are_what_a_list_would_count(desk, measured):
    people = pq.read_table(desk.out / "persons.parquet").to_pylist()
    assert measured.people == len(people)
    for item in CODED:
        said = Counter(
            str(one[item]).lower() if isinstance(one[item], bool) else one[item]
            for one in people
            if one[item] is not None
        )
        assert measured.items[item].values == dict(said), item
        assert measured.items[item].empty == len(people) - said.total(), item
    for item in FREE:
        said = Counter(one[item] for one in people if one[item] is not None)
        assert measured.items[item].empty == len(people) - said.total(), item
        assert measured.items[item].values == {}, item
    assert measured.places["hukou_town_code"] == dict(
        sorted(Counter(one["hukou_town_code"] for one in people if one["hukou_town_code"]).items())
    )


def test_no_value_is_told_but_of_coded_items():
    fields = read_law().fields
    assert all(fields[item].codes or fields[item].type == "B" for item in CODED)
    assert not any(fields[item].codes for item in FREE)


def test_a_column_of_one_value_is_counted_whole(desk):
    same = with_sql("SELECT * REPLACE (CASE WHEN ssn < '5' THEN '13800138000' END AS mobile) FROM t")
    spread = desk.delivery(persons=same).measures().items["mobile"]
    assert spread.most + spread.empty == pq.read_metadata(desk.out / "persons.parquet").num_rows
    assert spread.most > 1000


def test_rows_twice_and_people_twice_are_counted(desk, measured):
    def twice(table: pa.Table) -> pa.Table:
        return pa.concat_tables([table, table]).sort_by("ssn")

    assert (measured.twins, measured.covers_twice) == (0, 0)
    doubled = desk.delivery(insurances=twice).measures()
    assert doubled.covers == 2 * measured.covers and doubled.covers_twice == measured.covers
    shifted = with_sql("SELECT * FROM t UNION ALL SELECT * REPLACE (ssn || 'X' AS ssn) FROM t ORDER BY ssn")
    people = desk.delivery(persons=shifted).measures()
    assert people.people == 2 * measured.people
    assert people.twins > 0.9 * measured.people


def test_the_same_numbers_have_one_fingerprint_in_any_order(desk, measured):
    other_order = with_sql("SELECT * FROM t ORDER BY name, ssn")
    assert desk.delivery(persons=other_order).measures().fingerprint == measured.fingerprint
    one_less = with_sql("SELECT * FROM t OFFSET 1")
    assert desk.delivery(persons=one_less).measures().fingerprint != measured.fingerprint


def test_an_empty_delivery_has_a_shape_too(desk):
    nobody = with_sql("SELECT * FROM t LIMIT 0")
    empty = desk.delivery(persons=nobody, insurances=nobody, evidence=nobody).measures()
    assert (empty.people, empty.twins, empty.items["sex"].most) == (0, 0, 0)
