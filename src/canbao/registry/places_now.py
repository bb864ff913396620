"""The places of this register: the tree that comes with the program, and all changes that have come into force since.

Kept in each process, and looked at again a second later at most, so that all processes agree soon; whoever changes
something has its own process forget at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Any

from django.db import DatabaseError
from django.db.models import Count, Max
from django.utils import timezone

from canbao.core.place_changes import Row, tree_after
from canbao.law.places import Places, read_places
from canbao.registry.models import PlaceChange, PlaceRow

IN_FORCE = ("following", "in_force")
SECONDS = 1.0
OF_PLACES = ("division_code", "town_code", "village_code", "region_code")
"""How the names of items end that have the code of a place."""


@dataclass
class _Kept:
    """What this process knows: the tree, of which state of the register, and when that was last looked at."""

    places: Places
    version: Any = None
    looked_at: float = float("-inf")


_kept: list[_Kept] = []


def places() -> Places:
    """The tree of today; while the database is away, that of last time, or the one that comes with the program."""
    kept = _kept[0] if _kept else _Kept(read_places())
    if monotonic() - kept.looked_at < SECONDS:
        return kept.places
    try:
        version = _version()
        if version != kept.version:
            kept = _Kept(_after(read_places(), in_force()), version)
    except DatabaseError:
        return kept.places
    kept.looked_at = monotonic()
    _kept[:] = [kept]
    return kept.places


def called(code: str) -> str:
    """What a place is called, with the county above it for a town or village; empty for one that nobody knows."""
    tree = places()
    name = tree.name(code)
    return (tree.name(code[:6]) if len(code) > 6 else "") + name if name else ""


def forget() -> None:
    """Look again the next time: something has changed."""
    _kept.clear()


def places_on(day: date) -> Places:
    """The tree of a day: with the changes in force by then; of a day to come, also with those that are approved."""
    states = (*IN_FORCE, "approved") if day > timezone.localdate() else IN_FORCE
    known = PlaceChange.objects.filter(day__lte=day, state__in=states)
    return _after(read_places(), known.order_by("day", "id"))


def in_force() -> list[PlaceChange]:
    """The changes that are in force, in the order in which they came."""
    return list(PlaceChange.objects.filter(state__in=IN_FORCE).order_by("day", "id"))


def rows_of(changes: Iterable[PlaceChange]) -> list[tuple[Row, ...]]:
    """The rows of each change."""
    changes = list(changes)
    found: dict[int, list[Row]] = {change.pk: [] for change in changes}
    for one in PlaceRow.objects.filter(change__in=found).order_by("old_code", "new_code"):
        found[one.change_id].append(Row(one.old_code, one.new_code, one.name, one.town_name, one.is_said))
    return [tuple(found[change.pk]) for change in changes]


def _after(tree: Places, changes: Iterable[PlaceChange]) -> Places:
    changes = list(changes)
    for change, rows in zip(changes, rows_of(changes), strict=True):
        tree = tree_after(rows, tree, change.day.isoformat())
    return tree


def _version() -> Any:
    changed = PlaceChange.objects.filter(state__in=IN_FORCE)
    return tuple(changed.aggregate(many=Count("id"), latest=Max("in_force_at")).values())
