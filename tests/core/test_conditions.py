"""Conditions say the same in Python, SQL and JSON."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canbao.core.conditions import Columns, ConditionError, Record, holds, read_condition, to_json, to_sql

AS_OF = date(2017, 6, 30)
BITS = {"household": 0, "active_cover": 1}
COLUMNS = Columns(AS_OF, BITS)
TEXTS = st.sampled_from([None, "1", "2", "44", "440604", "440604001"])
DAYS = st.one_of(st.none(), st.dates(date(1950, 1, 1), date(2018, 1, 1)), st.just(date(1960, 2, 29)))

LEAVES = st.one_of(
    st.builds(lambda values: {"sex": values}, st.lists(st.sampled_from(["1", "2", "44"]), min_size=1)),
    st.sampled_from([{"sex": "missing"}, {"town": "present"}, {"always": True}, {"has": "household"}]),
    st.sampled_from([{"town": {"begins_with": ["44", "2"]}}, {"town": {"begins_with_field": "sex"}}]),
    st.sampled_from([{"birth_date": {"before_field": "as_of"}}, {"birth_date": {"after_field": "died"}}]),
    st.sampled_from([{"has": ["household", "active_cover"]}]),
    st.builds(lambda on, years: {on: {"below": years}}, st.sampled_from(["age_on_31_august", "age_on_day"]),
              st.integers(0, 70)),
    st.builds(lambda years: {"age_on_day": {"from": years, "to": years + 5}}, st.integers(0, 70)),
)  # fmt: skip
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=300)
@given(CONDITIONS, TEXTS, TEXTS, DAYS, DAYS, st.integers(0, 3))
def test_python_and_sql_agree(written, sex, town, birth, died, qualities):
    condition = read_condition(written)
    items = {"sex": sex, "town": town, "birth_date": birth, "died": died}
    have = frozenset(name for name, bit in BITS.items() if qualities >> bit & 1)
    expression = to_sql(condition, COLUMNS).sql("duckdb")
    answer = duckdb.execute(
        f"SELECT {expression} FROM (SELECT $1::VARCHAR AS sex, $2::VARCHAR AS town, $3::DATE AS birth_date, "
        "$4::DATE AS died, $5::BIGINT AS qualities)",
        [sex, town, birth, died, qualities],
    ).fetchone()[0]
    assert answer == holds(condition, Record(items, AS_OF, have))


@settings(max_examples=200)
@given(CONDITIONS)
def test_json_reads_back_to_the_same_condition(written):
    condition = read_condition(written)
    assert read_condition(to_json(condition)) == condition


@pytest.mark.parametrize(
    "written",
    [
        "x",
        {},
        {"a": 1},
        {"sex": [1]},
        {"all": []},
        {"age_on_day": {"over": 3}},
        {"sex": {"like": "x"}},
        {"a": ["1"], "b": ["1"]},
    ],
)
def test_what_is_not_on_the_list_is_refused(written):
    with pytest.raises(ConditionError):
        read_condition(written)
