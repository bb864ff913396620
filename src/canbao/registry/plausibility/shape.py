"""What a package looks like as a whole, as `batch.delivery.measures` tells it and as it is kept for the next one."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


class Spread(BaseModel):
    """How many people have no value of an item, how many the commonest, and how many each coded value."""

    empty: int
    most: int
    values: dict[str, int] = {}


class Shape(BaseModel):
    """Counts of people and rows; `items` by item, `places` by column and code."""

    people: int
    covers: int
    evidence: int
    twins: int
    covers_twice: int
    items: dict[str, Spread]
    places: dict[str, dict[str, int]] = {}
    fingerprint: str

    def kept(self) -> dict[str, Any]:
        """What the next package is compared with: all but the places."""
        return self.model_dump(exclude={"places"})
