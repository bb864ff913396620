"""Watermarks: how far a query has been read, as a moment or a number, and from where it is read next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from canbao_client.page import Page
from canbao_client.texts import moment_of

STORED = "%Y-%m-%dT%H:%M:%S.%f"
"""As marks are kept: of one length, so that text compares as time does."""

EARLIEST = datetime(1800, 1, 1)

Mark = int | str


@dataclass(frozen=True)
class Watermark:
    """The column that grows; `overlap` is how far back each reading begins, for rows whose writers commit late.

    Marks are numbers, or moments as text in one form. `form` is how the database writes a moment that is text to it.
    """

    column: str
    timed: bool
    form: str
    overlap: float
    begin: Mark

    def mark(self, value: object) -> Mark:
        """A row's mark; raises ValueError or TypeError for a value that is none."""
        if not self.timed:
            return int(value)  # type: ignore[call-overload, no-any-return]
        if isinstance(value, str) and not self.form:
            raise ValueError("text without a form")
        return _stored(moment_of(value, self.form))

    def back_from(self, mark: Mark) -> Mark:
        """The mark from which to read again, given the last one; text, which may lack fractions, a second more."""
        if isinstance(mark, int):
            return mark - int(self.overlap)
        moment = max(_moment(mark), EARLIEST.replace(tzinfo=_moment(mark).tzinfo))
        back = moment - timedelta(seconds=self.overlap + bool(self.form))
        return _stored(datetime.strptime(self._written(back), self.form) if self.form else back)

    def parameter(self, mark: Mark) -> object:
        """A mark as the database compares it with its column."""
        if isinstance(mark, int):
            return mark
        moment = _moment(mark)
        return self._written(moment) if self.form else moment

    def _written(self, moment: datetime) -> str:
        return moment.replace(microsecond=0).strftime(self.form)


def read_watermark(page: Page) -> Watermark:
    """The watermark's part of the page; raises ConfigurationTrouble."""
    page.only("column", "kind", "format", "overlap", "begin")
    kind = page.text("kind", "time")
    if kind not in ("time", "number"):
        raise page.trouble(f"kind 是“{kind}”", "请写 time 或 number", "kind")
    form = page.text("format", "")
    overlap = page.number("overlap", 600 if kind == "time" else 0)
    return Watermark(page.text("column").lower(), kind == "time", form, overlap, _begin(page, kind == "time"))


def _begin(page: Page, timed: bool) -> Mark:
    written = page.text("begin", "1900-01-01" if timed else "0")
    try:
        return read_mark(written, timed)
    except ValueError as problem:
        raise page.trouble(
            f"begin 是“{written}”，读不懂", "时间请写 2026-01-01 00:00:00，编号请写数字", "begin"
        ) from problem


def read_mark(written: str, timed: bool) -> Mark:
    """A mark that a person has written; raises ValueError."""
    return _stored(datetime.fromisoformat(written)) if timed else int(written)


def _stored(moment: datetime) -> str:
    if moment.tzinfo is None:
        return moment.strftime(STORED)
    return moment.astimezone(UTC).strftime(STORED) + "+00:00"


def _moment(mark: str) -> datetime:
    return datetime.fromisoformat(mark)
