"""The law's worked cases through files and DuckDB: the same answers as from the Python reading.

Those about surveys are not among them: no file brings what the register alone has.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaning_desk import CleaningDesk
from worked_cases import LAW, batches, number_of


@pytest.mark.parametrize("profile", LAW.profiles)
def test_worked_cases(profile: str, tmp_path: Path) -> None:
    seen = 0
    for place, (day, cases) in enumerate(batches(profile)):
        desk = CleaningDesk(tmp_path / str(place))
        desk.folder.mkdir()
        for source in LAW.sources:
            desk.put(source, *(row for case in cases for row in case.rows.get(source, ())))
        persons = {one["ssn"]: one for one in desk.clean(profile, day).tables["persons"]}
        for case in (one for one in cases if "survey" not in one.rows):
            person = persons[number_of(case)]
            expected = {item: value for item, value in case.expects.items() if item in person}
            assert {item: person[item] for item in expected} == expected, case.id
            assert expected
        seen += len(cases)
    assert seen == sum(profile in case.profiles for case in LAW.cases)


def test_there_are_enough_cases() -> None:
    """All of the fifteen worked examples, and ten more for each table at least."""
    told = {item for case in LAW.cases for item in case.expects}
    assert set(LAW.tables) <= told
    for table in LAW.tables:
        assert sum(table in case.expects for case in LAW.cases) >= 10, table
