"""A made city some of whose people business systems know under another number: cleaned, then told apart and found."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from canbao.batch.candidates import propose, read_pairs
from canbao.batch.city import clean_city
from canbao.batch.generator import GeneratorError, generate_city

ITEMS = "ssn, name, sex, birth_date, mobile, residence_address, hukou_address, hukou_village_code, unit_no, unit_name"
FLOOR = 0.9


def test_who_has_two_numbers_in_a_city_is_found_after_cleaning(tmp_path: Path) -> None:
    made = generate_city(tmp_path / "city", persons=6_000, seed=5, shape="plain", doubles=0.03)
    clean_city(made.config, tmp_path / "OUT", threads=2)
    people, out = tmp_path / "people.parquet", tmp_path / "pairs.parquet"
    with duckdb.connect() as connection:
        persons = f"SELECT row_number() OVER (ORDER BY ssn) AS person_id, {ITEMS} FROM '{tmp_path}/OUT/persons.parquet'"
        connection.execute(f"COPY ({persons}) TO '{people}'")
        wanted = connection.execute(
            f"SELECT least(one.person_id, other.person_id), greatest(one.person_id, other.person_id) "
            f"FROM '{made.truth}/doubles.parquet' JOIN '{people}' AS one USING (ssn) "
            f"JOIN '{people}' AS other ON other.ssn = second_ssn"
        ).fetchall()
    propose(people, None, out, threads=2)
    found = {(pair.left_id, pair.right_id) for pair in read_pairs(out)}
    assert len(wanted) > 60
    assert len(found & set(wanted)) >= FLOOR * len(wanted)
    assert len(found & set(wanted)) >= FLOOR * len(found)


@pytest.mark.parametrize("doubles", [-0.1, 1.5])
def test_a_share_that_can_not_be_is_refused(tmp_path: Path, doubles: float) -> None:
    with pytest.raises(GeneratorError, match="doubles"):
        generate_city(tmp_path, persons=10, doubles=doubles)
    assert list(tmp_path.iterdir()) == []
