"""What has come of duplicates, month by month and kind by kind: as a table of the page, and as lines of a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from canbao.law.reader import read_law
from canbao.registry.duplicate_figures import Figure

HEADERS = ("月份", "种类", "新发现", "属实", "已终止", "停止重复的人数")


@dataclass(frozen=True)
class Months:
    """Headers and lines of the page's table: a line for each month, a column for each kind's people."""

    headers: list[str]
    rows: list[list[str]]


def by_month(found: Sequence[Figure]) -> Months:
    """Months with all that was found, found right and ended; then for how many people each kind was stopped."""
    kinds = read_law().duplicate_cover
    rows = []
    for month in dict.fromkeys(one.month for one in found):
        of_month = [one for one in found if one.month == month]
        sums = [sum(getattr(one, name) for one in of_month) for name in ("found", "settled", "ended")]
        people = {one.kind: one.people for one in of_month}
        rows.append([f"{month:%Y-%m}", *(f"{many:,}" for many in [*sums, *(people.get(one.kind, 0) for one in kinds)])])
    return Months([HEADERS[0], *HEADERS[2:5], *(one.short for one in kinds)], rows)


def lines(found: Sequence[Figure]) -> Iterator[list[str]]:
    """A line for each month and kind."""
    kinds = read_law().duplicate_kinds
    for one in found:
        counts = (one.found, one.settled, one.ended, one.people)
        yield [f"{one.month:%Y-%m}", kinds[one.kind].label, *map(str, counts)]
