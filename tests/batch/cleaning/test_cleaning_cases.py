"""The law's worked cases through files and DuckDB: the same answers as from the Python reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path

import pytest
from cleaning_desk import CleaningDesk

from canbao.core.numbering.judge import judge
from canbao.law.models import Case
from canbao.law.reader import read_law

LAW = read_law()


def number_of(case: Case) -> str:
    """The one number that all rows of the case bear."""
    (written,) = {row["ssn"] for rows in case.rows.values() for row in rows}
    return judge(written).normalised


def batches(profile: str) -> Iterator[tuple[date, list[Case]]]:
    """Cases of one day that can share a city, since no two are about the same number."""
    cases = sorted((one for one in LAW.cases if profile in one.profiles), key=lambda one: one.as_of)
    for day, of_day in groupby(cases, key=lambda one: one.as_of):
        waiting = list(of_day)
        while waiting:
            taken = {number_of(case): case for case in reversed(waiting)}
            yield day, list(taken.values())
            waiting = [case for case in waiting if case is not taken[number_of(case)]]


@pytest.mark.parametrize("profile", LAW.profiles)
def test_worked_cases(profile: str, tmp_path: Path) -> None:
    seen = 0
    for place, (day, cases) in enumerate(batches(profile)):
        desk = CleaningDesk(tmp_path / str(place))
        desk.folder.mkdir()
        for source in LAW.sources:
            desk.put(source, *(row for case in cases for row in case.rows.get(source, ())))
        persons = {one["ssn"]: one for one in desk.clean(profile, day).tables["persons"]}
        for case in cases:
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
