"""Which code has taken a place's over, through all changes, and what a code of today was on the map of another day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from canbao.core.place_changes.rows import Row

LEVELS = (12, 9, 6)


@dataclass(frozen=True)
class Followed:
    """What has become of a code: the code, and the names that have changed on the way (empty: as it was)."""

    code: str
    name: str = ""
    town_name: str = ""


def follow(changes: Iterable[Iterable[Row]]) -> dict[str, Followed]:
    """What has become of every old code after some changes, given in the order in which they came.

    Chains are followed to their end: A → B and later B → C is A → C.
    """
    now: dict[str, Followed] = {}
    for rows in changes:
        moved = {row.old: Followed(row.new, row.name, row.town_name) for row in rows if row.old}
        for old, before in now.items():
            after = today_of(before.code, moved)
            town_name = after.town_name or before.town_name
            now[old] = Followed(after.code, after.name or before.name, town_name)
        for old, after in moved.items():
            now.setdefault(old, after)
    return {old: one for old, one in now.items() if (one.code, one.name, one.town_name) != (old, "", "")}


def today_of(code: str, now: Mapping[str, Followed]) -> Followed:
    """What has become of a code; one that nobody knows goes with the smallest place it lies in that is known."""
    if code in now:
        return now[code]
    for digits in LEVELS:
        above = now.get(code[:digits])
        if digits < len(code) and above is not None:
            town_name = (above.name if digits == 9 else above.town_name) if len(code) == 12 else ""
            return Followed(above.code + code[digits:], "", town_name)
    return Followed(code)
