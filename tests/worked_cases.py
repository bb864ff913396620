"""The law's worked cases, gathered into cities that can hold them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby

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
