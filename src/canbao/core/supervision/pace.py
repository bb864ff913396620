"""Pace: what should be done by a day, when it will be done at this pace, and how long a review takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

FARTHEST = 3_650
"""Days beyond which a forecast says nothing."""


@dataclass(frozen=True)
class Period:
    """The first and the last day of a survey, both included."""

    starts: date
    ends: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.ends - self.starts).days + 1

    def planned(self, many: int, day: date) -> int:
        """How many of `many` should be done when `day` ends, at an even pace: none before, all afterwards."""
        gone = min(max((day - self.starts).days + 1, 0), self.days)
        return many * gone // self.days


@dataclass(frozen=True)
class Rate:
    """Forms handed in and approved in the last `days`."""

    handed_in: int
    approved: int
    days: int


@dataclass(frozen=True)
class Forecast:
    """The day on which the last form will be approved, and what decides it: `field` or `review`."""

    day: date
    by: str


def forecast(*, to_hand_in: int, to_approve: int, rate: Rate, today: date, least: int) -> Forecast | None:
    """When all is done if it goes on as in the last days; None if too little was done in them to say so.

    `to_hand_in` forms are still in the field, `to_approve` are all that are not approved yet.
    """
    if to_approve <= 0:
        return Forecast(today, "field")
    field = _days(to_hand_in, rate.handed_in, rate.days, least)
    review = _days(to_approve, rate.approved, rate.days, least)
    if field is None or review is None or max(field, review) > FARTHEST:
        return None
    return Forecast(today + timedelta(days=max(field, review)), "review" if review > field else "field")


def _days(left: int, done: int, days: int, least: int) -> int | None:
    if left <= 0:
        return 0
    return ceil(left * days / done) if done >= least else None


def median_of(counts: Mapping[int, int]) -> int | None:
    """The median of values given with how often each comes; the lower one of two, None of nothing."""
    total = sum(counts.values())
    passed = 0
    for value in sorted(counts):
        passed += counts[value]
        if 2 * passed >= total and passed:
            return value
    return None
