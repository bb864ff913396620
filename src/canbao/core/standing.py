"""Which of several statements under one number stand, and which are held out until an officer has decided.

A division that calls the person otherwise than those before it may mean another person: the same number, not the same
person (粤人社办〔2017〕96号 一（四）). Nothing is overwritten silently: the later statement waits.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Statement:
    """What one division calls the person; `since` and `named_since` order it among others, the smaller being earlier.

    `household_rank` is None without a household row, else the smaller the more it decides about the household.
    """

    division: str
    name: str | None
    since: int
    named_since: int
    household_rank: int | None = None


def held_out(
    statements: Sequence[Statement], *, accepted: Collection[str] = (), same: Collection[tuple[str, str]] = ()
) -> dict[str, str]:
    """Who is held out, by division, with the name that the statement is held against.

    `accepted` are names that officers have found to be the person's, `same` pairs of division and name that they have
    found to mean the person. The order of `statements` doesn't matter.
    """
    standing: list[Statement] = []
    held: dict[str, str] = {}
    for one in sorted(statements, key=lambda one: (one.named_since, one.since, one.division)):
        reference = _reference(standing)
        known = reference in (None, one.name) or one.name is None or one.name in accepted
        if known or (one.division, one.name) in same:
            standing.append(one)
        else:
            held[one.division] = reference or ""
    return held


def _reference(standing: Sequence[Statement]) -> str | None:
    """The name under which the person is known: the household's, else that of whoever spoke first."""
    households = [one for one in standing if one.household_rank is not None]
    order = (lambda one: (one.household_rank, one.since, one.division)) if households else _first
    return min(households or standing, key=order).name if standing else None


def _first(one: Statement) -> tuple[int, str]:
    return one.since, one.division
