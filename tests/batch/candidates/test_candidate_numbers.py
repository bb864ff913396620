"""Numbers taken apart in SQL agree with core, which judges them one by one."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canbao.batch.candidates.numbers import numbers
from canbao.core.numbering.judge import judge
from canbao.core.numbering.resident import check_character


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def taken_apart(connection: duckdb.DuckDBPyConnection, *written: str) -> list[tuple[str | None, ...]]:
    people = pa.table({"person_id": list(range(len(written))), "ssn": list(written)})
    connection.register("people", people)
    query = f"SELECT number, kind, document, region, sequence, verified FROM ({numbers('people')}) ORDER BY person_id"
    return connection.execute(query).fetchall()


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("440604198603120347", "resident"),
        ("440604860312034", "resident"),
        ("440604010101998", "resident"),
        ("810000198603120021", "permit"),
        ("944276198603120025", "permanent"),
        ("HKG0H12345678", "hmt"),
        ("HKG000000H12345678", "hmt"),
        ("HKG0H1234567801", "hmt"),
        ("TWN012345678", "hmt"),
        ("DEU0C1234567", "foreign"),
        ("DEU0000000C1234567", "foreign"),
        ("CHNG12345678", "overseas"),
        ("TMP-440600201706300001", "temporary"),
        ("４４０６０４１９８６０３１２０３４７", "resident"),
        ("hello", None),
    ],
)
def test_kinds_and_normal_forms(connection: duckdb.DuckDBPyConnection, written: str, kind: str | None) -> None:
    ((number, found, *_),) = taken_apart(connection, written)
    assert found == kind
    judged = judge(written)
    if judged.number is not None:
        assert number == judged.normalised


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True), min_size=1, max_size=50))
def test_verified_is_what_core_says(connection: duckdb.DuckDBPyConnection, written: list[str]) -> None:
    fitting = [number[:6] + "1986" + number[10:17] for number in written]
    both = [*written, *(first + check_character(first) for first in fitting)]
    for number, (_, kind, _, region, sequence, verified) in zip(both, taken_apart(connection, *both), strict=True):
        assert (region, sequence) == ((number[:6], number[14:17]) if kind else (None, None))
        judged = judge(number)
        if judged.number is not None and judged.birth_date and judged.birth_date.year >= 1890:
            assert verified
        if verified:
            assert judged.number is not None or number[:2] not in ("81", "82", "83")
