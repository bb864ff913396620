"""Values of databases and files as the contract writes them: text, days as 2026-11-30, moments with their offset."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

BEIJING = timezone(timedelta(hours=8))
DAY_NAMES = ("_date", "_on")


def text_of(value: object) -> str:
    """A value as text; empty for none."""
    match value:
        case None:
            return ""
        case bool():
            return str(int(value))
        case datetime():
            return value.date().isoformat() if _midnight(value) else value.isoformat(" ", "seconds")
        case date():
            return value.isoformat()
        case Decimal() | float():
            return str(int(value)) if value == int(value) else str(value)
        case bytes():
            return value.decode("utf-8", "replace").strip()
    return str(value).strip()


def column_text(name: str, value: object) -> str:
    """A value as text for a column of the contract: columns of days have days alone."""
    if isinstance(value, datetime) and name.endswith(DAY_NAMES):
        return value.date().isoformat()
    return text_of(value)


def moment_text(value: object, form: str = "") -> str:
    """A moment in ISO 8601 with its offset; those without one are Beijing's. Raises ValueError for anything else."""
    moment = moment_of(value, form)
    return (moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).isoformat()


def moment_of(value: object, form: str = "") -> datetime:
    """A moment or day as a moment; text is read by its form (`%Y%m%d%H%M%S`) or as ISO 8601. Raises ValueError."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    written = text_of(value)
    return datetime.strptime(written, form) if form else datetime.fromisoformat(written)


def _midnight(value: datetime) -> bool:
    return (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
