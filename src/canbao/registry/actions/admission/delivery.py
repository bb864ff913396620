"""What the door takes: one division's statements about people, in the order of their numbers, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol


class Piece(Protocol):
    """The statements about `count` people: CSV as PostgreSQL's COPY reads it; `last` is the highest number."""

    @property
    def persons(self) -> bytes: ...
    @property
    def insurances(self) -> bytes: ...
    @property
    def evidence(self) -> bytes: ...
    @property
    def last(self) -> str: ...
    @property
    def count(self) -> int: ...


class Delivery(Protocol):
    """All that one division says; whoever opens a package has found it good before (`batch.delivery`)."""

    def columns(self, table: str) -> tuple[str, ...]:
        """The columns of a table's CSV, in their order."""
        ...

    def chunks(self, after: str | None = None, persons: int = 20_000, upto: str | None = None) -> Iterator[Piece]:
        """The pieces of those beyond the number `after`, the last one being `upto`."""
        ...

    def cuts(self, ranges: int) -> tuple[str, ...]:
        """The numbers, one fewer than `ranges`, that cut the people into about equal ranges, each being a last one."""
        ...

    def rows(self, table: str) -> Iterator[bytes]:
        """All rows of `findings` or `conflicts`, as CSV."""
        ...


@dataclass(frozen=True)
class Statement:
    """Who says it, of which day, and in which package."""

    division: str
    as_of: date
    package: int


CAUSES = {
    "registered": "首次登记", "changed": "资料变化", "settled": "争议核准", "merged": "合并", "unmerged": "撤销合并",
    "split": "分立", "unsplit": "撤销分立", "corrected": "更正", "uncorrected": "撤销更正", "withdrawn": "撤回数据包",
    "place": "区划变更", "surveyed": "调查登记", "unsurveyed": "撤回调查登记", "pushed": "动态更新",
}  # fmt: skip
"""Why a record changed, as history keeps it and as people read it."""


@dataclass(frozen=True)
class Cause:
    """Why records are derived anew: `kind` is one of CAUSES; the package, officer and request behind it."""

    kind: str
    package: int | None = None
    officer: int | None = None
    request: int | None = None
