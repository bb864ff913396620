"""The order of a village's people on its summary sheet, which its forms and its archive keep to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from canbao.survey.tasks import Row

DIGITS = re.compile(r"(\d+)")


def summary_order(rows: Iterable[Row]) -> list[Row]:
    """Tasks with their people (`survey.tasks.with_people`) by place, household address and task number.

    No. 9 comes before No. 10 of a street, as whoever walks along it meets them.
    """
    return sorted(rows, key=_key)


def _key(row: Row) -> tuple[Any, ...]:
    task = row["task"]
    return (task.place, _doors(row["hukou_address"] or row["residence_address"] or ""), task.pk)


def _doors(address: str) -> list[tuple[int, int | str]]:
    """An address as words and numbers; numbers before words, so that the two are never compared."""
    pieces = [piece for piece in DIGITS.split(address) if piece]
    return [(0, int(piece)) if piece.isascii() and piece.isdigit() else (1, piece) for piece in pieces]
