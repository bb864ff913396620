"""Dispose: where each person goes next, by the law's table."""

from __future__ import annotations

from canbao.batch.steps.clean import Cleaning, quality_bits
from canbao.batch.steps.derive import decided
from canbao.batch.steps.step import Step, table


def disposed(cleaning: Cleaning, profile: str) -> Step:
    """The finished persons with their disposition."""
    household = 1 << quality_bits(cleaning.law)["household"]
    query = decided("SELECT * FROM checked", "disposition", cleaning, profile)
    return table("finished", f"SELECT *, (qualities & {household}) <> 0 AS is_household FROM ({query}) AS disposed")
