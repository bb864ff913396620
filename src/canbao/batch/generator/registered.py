"""One registered person as the register holds it, and the chance that belongs to one person alone."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

REGISTERED = pa.schema(
    [
        ("person_id", pa.int64()),
        ("ssn", pa.string()),
        ("name", pa.string()),
        ("sex", pa.string()),
        ("birth_date", pa.date32()),
        ("mobile", pa.string()),
        ("residence_address", pa.string()),
        ("hukou_address", pa.string()),
        ("hukou_village_code", pa.string()),
        ("unit_no", pa.string()),
        ("unit_name", pa.string()),
    ]
)
"""The table of registered people; sex: 1 male, 2 female (GB/T 2261.1)."""


@dataclass(frozen=True)
class Registered:
    """The items of REGISTERED without the person's key; what is not known is None."""

    ssn: str
    name: str
    sex: str
    birth_date: date | None
    mobile: str | None
    residence_address: str | None
    hukou_address: str | None
    hukou_village_code: str | None
    unit_no: str | None
    unit_name: str | None


Lot = random.Random


def lot_of(seed: int, index: int) -> Lot:
    """The chance of one person: it follows from the seed and the person's index."""
    return random.Random(f"{seed}/{index}")


def falls(lot: Lot, *ways: tuple[float, Any]) -> Any:
    """One of several (share, what); the last takes what is left of 1."""
    left = lot.random()
    for share, what in ways[:-1]:
        left -= share
        if left < 0:
            return what
    return ways[-1][1]
