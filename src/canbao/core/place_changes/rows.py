"""The rows of a change, written out for every place that goes with another, and the tree that they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from canbao.law.places import Place, Places, level_of, parent_of


@dataclass(frozen=True)
class Row:
    """`old` becomes `new`; `name` is the new place's name where it is another one than the old place's.

    `town_name` is that of a village's town where it is another one. `is_said` tells what somebody wrote from what goes
    with it.
    """

    old: str
    new: str
    name: str = ""
    town_name: str = ""
    is_said: bool = True

    @property
    def is_move(self) -> bool:
        """Whether the old code ceases to be."""
        return bool(self.old) and self.old != self.new


def expanded(rows: Sequence[Row], places: Places) -> tuple[Row, ...]:
    """The rows with one for each place below that goes with its own, by old code; names are those that differ."""
    own = {row.old: row for row in rows if row.old}
    names = new_names(rows, places)
    found = {("", row.new): replace(row, name=names[row.new]) for row in rows if not row.old}
    for old in sorted(own, key=len):
        for code in _with_below(old, places):
            row = own.get(code) or _gone_with(code, own[_nearest(code, own)])
            found[code, ""] = _named(row, names, places)
    return tuple(found[key] for key in sorted(found))


def new_names(rows: Iterable[Row], places: Places) -> dict[str, str]:
    """The name that each new code of the rows has afterwards; a name that is written wins."""
    names: dict[str, str] = {}
    for row in rows:
        there = places.by_code.get(row.new) or places.by_code.get(row.old)
        names[row.new] = row.name or names.get(row.new) or (there.name if there else "")
    return names


def _with_below(code: str, places: Places) -> list[str]:
    below = [one for child in places.children(code) for one in _with_below(child.code, places)]
    return [code, *below]


def _nearest(code: str, own: Mapping[str, Row]) -> str:
    """The smallest place with a row of its own that a place lies in."""
    return max((old for old in own if code.startswith(old)), key=len)


def _gone_with(code: str, row: Row) -> Row:
    return Row(code, row.new + code[len(row.old) :], is_said=False)


def _named(row: Row, names: Mapping[str, str], places: Places) -> Row:
    """The row with the names that are others than before."""
    before = places.by_code[row.old].name
    after = names.get(row.new) or before
    town_name = ""
    if level_of(row.new) == "village":
        town = names.get(row.new[:9]) or places.name(row.new[:9]) or places.name(row.old[:9])
        town_name = town if town != places.name(row.old[:9]) else ""
    return replace(row, name=after if after != before else "", town_name=town_name)


def tree_after(rows: Iterable[Row], places: Places, day: str) -> Places:
    """The tree after a change that came into force on `day` (ISO); the rows are those of `expanded`."""
    there: dict[str, Place] = {}
    gone: dict[str, Place] = {}
    rows = list(rows)
    heirs = successors(rows)
    for row in rows:
        before = places.by_code.get(row.old)
        if row.is_move and before:
            gone[row.old] = replace(before, valid_to=day, successors=heirs.get(row.old, (row.new,)))
        name = row.name or (before.name if before else "")
        known = places.by_code.get(row.new)
        if known is None and row.new not in there:
            there[row.new] = Place(row.new, name, level_of(row.new), parent_of(row.new), valid_from=day)
        elif known is not None and row.old == row.new:
            there[row.new] = replace(known, name=name)
    return places.with_changes(there.values(), {code: one for code, one in gone.items() if code not in there})


def successors(rows: Iterable[Row]) -> dict[str, tuple[str, ...]]:
    """The codes that took each place over: its own successor first, then those of what lay in it and went elsewhere.

    A place that is still there is its own.
    """
    heirs: dict[str, dict[str, None]] = {}
    moves = sorted((row for row in rows if row.old), key=lambda row: (len(row.old), row.old))
    for row in moves:
        for digits in {6, 9, 12} & set(range(6, len(row.old) + 1)):
            above, heir = row.old[:digits], row.new[:digits]
            own = heirs.setdefault(above, {} if digits == len(row.old) else {above: None})
            own.setdefault(heir)
    return {code: tuple(found) for code, found in heirs.items()}
