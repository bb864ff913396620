"""What goes to the server's own log: where a fault is and of what kind, never whose record it met.

What a database or a library says of a fault has the values in it, so only our own words are kept, and those without
numbers.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from typing import Any

from django.db import Error
from pythonjsonlogger.json import JsonFormatter

from canbao.core.masks import hide_identity_numbers

TOLD = ("partner", "service", "status", "milliseconds", "rows")
"""What a line about a request of another system says (canbao.api.partners.telling)."""


class WithoutPersons(logging.Formatter):
    """A formatter that leaves out what exceptions say, other than ours, and hides numbers that somebody typed."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the places of the fault."""
        record.exc_text = None
        return hide_identity_numbers(super().format(record))

    def formatException(self, ei: object) -> str:
        """The frames of each exception of the chain, the first cause first, each with its kind alone."""
        return "\n".join(_lines(ei[1])) if isinstance(ei, tuple) and isinstance(ei[1], BaseException) else ""


class WithoutPersonsInJson(WithoutPersons, JsonFormatter):
    """The same as a JSON object a line; of what goes with a line only what is TOLD: there may be whole requests."""

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
        )

    def add_fields(self, told: dict[str, Any], record: logging.LogRecord, message: dict[str, Any]) -> None:
        """The line's own fields and those that are TOLD."""
        super().add_fields(told, record, message)
        for name in set(told) - {*TOLD, "time", "level", "logger", "message", "exc_info"}:
            del told[name]


def told(problem: BaseException) -> str:
    """What may be said of an exception: our own words without numbers, else its kind."""
    if type(problem).__module__.startswith("canbao."):
        return hide_identity_numbers(str(problem))
    diagnosis = getattr(problem.__cause__, "diag", None) if isinstance(problem, Error) else None
    where = [one for one in (getattr(diagnosis, "sqlstate", ""), getattr(diagnosis, "constraint_name", "")) if one]
    return f"程序出错（{' '.join([type(problem).__name__, *where])}）"


def _lines(problem: BaseException) -> Iterator[str]:
    before = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    if before is not None:
        yield from _lines(before)
    yield "Traceback (most recent call last):"
    yield "".join(traceback.format_tb(problem.__traceback__)).rstrip()
    yield told(problem)
