"""What is remarkable about one surveyor's forms and visits, by the law's bounds. It is marked, never blocked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from math import asin, cos, radians, sin, sqrt
from statistics import median

from canbao.law.supervision import SupervisionLaw

EARTH = 6_371_000
"""Its mean radius in metres."""
PER_METRE = 5
"""Decimals of a degree that are about a metre."""
NAMED = ("returned", "passed", "check_differs")
"""The marks whose detail names reasons, rules, or kinds of checks; that of the others is a number."""
IN_PERSON = "1"
"""law's survey_way of a visit at the door: only those have an hour at which nobody should come."""


@dataclass(frozen=True)
class Form:
    """A form that was handed in, `at` in local time; `alike` is the same for forms with the same codes throughout."""

    task: int
    at: datetime
    seconds: int
    signed: str
    warnings: tuple[str, ...]
    alike: str


@dataclass(frozen=True)
class Visit:
    """A visit, `at` in local time; degrees are None where no phone said where it was."""

    task: int
    village: str
    at: datetime
    way: str
    latitude: float | None
    longitude: float | None
    is_faked: bool


@dataclass(frozen=True)
class Middle:
    """The median position of a village's visits, and of how many different tasks."""

    latitude: float
    longitude: float
    many: int


@dataclass(frozen=True)
class Mark:
    """A task that is remarkable: which mark, what more there is to say of it (a rule, a number), since when."""

    task: int
    kind: str
    detail: str
    at: datetime


def of_forms(forms: Sequence[Form], law: SupervisionLaw) -> Iterator[Mark]:
    """The marks of one surveyor's forms, given in the order in which they came."""
    bounds = {one.id: one.bounds for one in law.marks}
    for form in forms:
        yield from (Mark(form.task, "passed", rule, form.at) for rule in form.warnings)
        if form.signed == "0":
            yield Mark(form.task, "unsigned", "", form.at)
        if 0 < form.seconds < bounds["too_fast"]["seconds"]:
            yield Mark(form.task, "too_fast", str(form.seconds), form.at)
    for _, run in groupby(forms, key=lambda one: one.alike):
        same = [*run]
        if len(same) >= bounds["all_alike"]["forms"]:
            yield from (Mark(form.task, "all_alike", str(len(same)), form.at) for form in same)


def of_visits(visits: Sequence[Visit], middles: Mapping[str, Middle], law: SupervisionLaw) -> Iterator[Mark]:
    """The marks of one surveyor's visits; `middles` are the middles of the villages."""
    bounds = {one.id: one.bounds for one in law.marks}
    for visit in visits:
        if visit.way == IN_PERSON and _is_between(
            visit.at.hour, bounds["odd_hours"]["from"], bounds["odd_hours"]["to"]
        ):
            yield Mark(visit.task, "odd_hours", str(visit.at.hour), visit.at)
        if visit.is_faked:
            yield Mark(visit.task, "faked", "", visit.at)
        far = _metres_off(visit, middles.get(visit.village), bounds["far_away"]["others"])
        if far >= bounds["far_away"]["metres"]:
            yield Mark(visit.task, "far_away", str(far), visit.at)
    yield from _of_one_position(visits, bounds["same_position"]["doors"])


def middle_of(positions: Sequence[tuple[int, float, float]]) -> Middle:
    """The middle of positions, given as (task, latitude, longitude); raises StatisticsError without any."""
    return Middle(
        median(one[1] for one in positions), median(one[2] for one in positions), len({one[0] for one in positions})
    )


def metres_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """The way over the earth's surface between two positions in degrees."""
    south, north = radians(latitude), radians(other_latitude)
    half = sin((north - south) / 2) ** 2
    half += cos(south) * cos(north) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(half, 1)))


def _metres_off(visit: Visit, middle: Middle | None, others: int) -> int:
    """How far off the village's middle; 0 if too few others say where that is."""
    if middle is None or visit.latitude is None or visit.longitude is None or middle.many <= others:
        return 0
    return round(metres_between(visit.latitude, visit.longitude, middle.latitude, middle.longitude))


def _of_one_position(visits: Sequence[Visit], doors: int) -> Iterator[Mark]:
    there: dict[tuple[float, float], dict[int, Visit]] = {}
    for visit in visits:
        if visit.latitude is not None and visit.longitude is not None:
            position = (round(visit.latitude, PER_METRE), round(visit.longitude, PER_METRE))
            there.setdefault(position, {}).setdefault(visit.task, visit)
    for found in there.values():
        if len(found) >= doors:
            yield from (Mark(task, "same_position", str(len(found)), visit.at) for task, visit in found.items())


def _is_between(hour: int, start: int, end: int) -> bool:
    """Whether an hour lies in a span that may go over midnight."""
    return start <= hour < end if start <= end else hour >= start or hour < end


def once(marks: Iterable[Mark]) -> list[Mark]:
    """Of several marks of one kind on a task the first; rules and reasons of all of them, with commas between."""
    found: dict[tuple[int, str], Mark] = {}
    for mark in marks:
        known = found.setdefault((mark.task, mark.kind), mark)
        if mark.kind in NAMED and mark.detail not in known.detail.split(","):
            found[mark.task, mark.kind] = replace(known, detail=f"{known.detail},{mark.detail}")
    return [*found.values()]
