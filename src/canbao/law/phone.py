"""The phone client's limits: when it locks and empties itself, how much it sends at once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field

from canbao.law.consistency import uncited
from canbao.law.models import Cited
from canbao.law.reader import HOME, LawError, read_law, read_whole

TOLD = (
    "pin_digits", "wrong_pins", "lock_seconds", "offline_days", "picture_bytes", "piece_bytes", "parcel_bytes",
    "parcel_actions",
)  # fmt: skip
"""The limits that the phone itself keeps to."""


class PhoneLaw(Cited):
    """The whole of phone.yaml: counts, seconds, days and bytes as their names say."""

    pin_digits: int = Field(ge=4, le=12)
    wrong_pins: int = Field(ge=3, le=20)
    lock_seconds: int = Field(ge=15)
    offline_days: int = Field(ge=1)
    permit_days: int = Field(ge=1)
    clock_seconds: int = Field(ge=1)
    picture_bytes: int = Field(ge=50_000, le=2_000_000)
    piece_bytes: int = Field(ge=4_096, le=1 << 20)
    parcel_bytes: int = Field(ge=65_536, le=4 << 20)
    parcel_actions: int = Field(ge=1, le=1_000)
    oldest_app: int = Field(ge=1)

    def told(self) -> dict[str, int]:
        """The limits that the phone keeps to."""
        return {name: getattr(self, name) for name in TOLD}


@cache
def read_phone(home: Path = HOME) -> PhoneLaw:
    """Read and check `phone.yaml`; raises LawError naming the entry that can't be trusted."""
    found = read_whole(home / "phone.yaml", PhoneLaw)
    wrong = [*uncited([("phone.yaml", found)], read_law())]
    if wrong:
        raise LawError("手机客户端的限度有误：\n" + "\n".join(wrong))
    return found
