"""How many people are registered where, by today's map or by that of an earlier day: counts, never people.

A record says where somebody is by today's codes. The map of an earlier day is found by undoing the changes since. What
came together without a village's code to tell it by can't be taken apart any more, and is one line that says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from canbao.core.place_changes import Followed, follow, today_of
from canbao.core.place_changes.mapping import before, origins
from canbao.law.places import Places
from canbao.registry.access import Refused, beyond, require_area
from canbao.registry.database import Cursor
from canbao.registry.deeds import deed
from canbao.registry.models import Officer
from canbao.registry.places_now import in_force, places, places_on, rows_of

DIGITS = {"town": 9, "village": 12}
"""What is counted: towns, or villages."""


@dataclass(frozen=True)
class Line:
    """People of one place of the map; of several that can't be told apart, or of one of which no more is known.

    `codes` are the places; `is_whole` says that the line is a place of the level that was asked for.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    people: int
    household: int
    is_whole: bool


@dataclass(frozen=True)
class Counts:
    """The lines of a county on the map of a day."""

    county: str
    name: str
    day: date | None
    lines: tuple[Line, ...]

    @property
    def people(self) -> int:
        """All together."""
        return sum(line.people for line in self.lines)

    @property
    def household(self) -> int:
        """Those of whom a household register is known."""
        return sum(line.household for line in self.lines)


def counted(*, county: str, level: str, day: date | None, by: Officer) -> Counts:
    """The people of a county by town or village, on today's map (no day) or on that of an earlier day.

    `county` is a code of that map. Raises Refused for a place that is none of the officer's, or no county.
    """
    with deed(by=by, action="place.count", permission="place.count") as note:
        note.details.update(county=county, level=level, day=day.isoformat() if day else "")
        tree = places_on(day) if day else places()
        now = _since(day) if day else {}
        if not tree.is_county(county):
            raise Refused(f"{county} 不是{'那一天的' if day else ''}县级区划；请从名单里选")
        today = {today_of(code, now).code[:6] for code in _all_of(county, tree)}
        for one in sorted(today):
            require_area(by, one)
        origin = origins(_of_city(county, tree), now)
        with connection.cursor() as cursor:
            homes = [home for one in sorted(today) for home in _homes(cursor, one)]
        return Counts(county, tree.name(county), day, _lines(homes, origin, county, DIGITS[level], tree))


def counties_on(day: date | None, *, by: Officer) -> list[tuple[str, str]]:
    """The counties of the officer's area on a map, by code, each with its city's name before its own."""
    tree = places_on(day) if day else places()
    now = _since(day) if day else {}
    found = [code for code in tree.by_code if len(code) == 6 and tree.is_county(code)]
    own = sorted(code for code in found if today_of(code, now).code.startswith(by.area))
    return [(code, _with_city(code, tree)) for code in own]


def _since(day: date) -> dict[str, Followed]:
    """What has become of codes since the day."""
    return follow(rows_of(change for change in in_force() if change.day > day))


def _with_city(code: str, tree: Places) -> str:
    place = tree.by_code[code]
    return place.name if place.level == "city" else tree.name(place.parent) + place.name


def _all_of(county: str, tree: Places) -> list[str]:
    return [code for code in tree.by_code if code.startswith(county)]


def _of_city(county: str, tree: Places) -> list[str]:
    """All places of the county's city: changes don't leave it."""
    return [code for code in tree.by_code if code[:4] == county[:4] and (len(code) > 6 or tree.is_county(code))]


def _homes(cursor: Cursor, county: str) -> list[tuple[str, int, int]]:
    cursor.execute(
        "SELECT home, count(*), count(*) FILTER (WHERE is_household) FROM person "
        "WHERE home >= %s AND home < %s GROUP BY home",
        [county, beyond(county)],
    )
    return cursor.fetchall()


def _lines(
    homes: list[tuple[str, int, int]], origin: Mapping[str, tuple[str, ...]], county: str, digits: int, tree: Places
) -> tuple[Line, ...]:
    people: Counter[tuple[str, ...]] = Counter()
    household: Counter[tuple[str, ...]] = Counter()
    for home, many, registered in homes:
        codes = tuple(sorted({code[:digits] for code in before(home, origin)}))
        if any(code.startswith(county) for code in codes):
            people[codes] += many
            household[codes] += registered
    return tuple(
        Line(
            codes, tuple(tree.name(code) for code in codes), people[codes], household[codes],
            len(codes) == 1 and len(codes[0]) == digits,
        )
        for codes in sorted(people, key=lambda codes: (codes[0], len(codes)))
    )  # fmt: skip
