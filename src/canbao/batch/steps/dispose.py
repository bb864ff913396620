"""Dispose: where each person goes next, by the law's table."""

from __future__ import annotations

from canbao.batch.steps.clean import Cleaning, quality_bits
from canbao.batch.steps.derive import decided
from canbao.batch.steps.step import Step, table
from canbao.core.covers import SLOT_ITEMS, SLUGS


def disposed(cleaning: Cleaning, profile: str) -> Step:
    """The finished persons with their disposition, in the order of keys; slots stay packed."""
    household = 1 << quality_bits(cleaning.law)["household"]
    query = decided("SELECT * FROM checked", "disposition", cleaning, profile)
    slots = ", ".join(f"{slug}_{item}" for slug in SLUGS for item in SLOT_ITEMS)
    finished = f"SELECT * EXCLUDE ({slots}), (qualities & {household}) <> 0 AS is_household FROM ({query}) AS disposed"
    return table("finished", finished, ordered=True)
