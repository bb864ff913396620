"""Days as sources write them, and the ages that follow from them. No clock: a day is always an argument."""

from __future__ import annotations

import re
from datetime import date, timedelta

from canbao.core.text import normalise_text

FIRST_YEAR, LAST_YEAR = 1800, 2200
LAST_SERIAL = 2958465
"""31 December 9999, where spreadsheets end."""

_CLOCK = r"([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?( ?Z|[+-][0-9]{2}:?[0-9]{2})?"
_TIME = rf"([ T]{_CLOCK})?"
_DAYS = tuple(
    re.compile(written)
    for written in (
        r"(?P<year>[0-9]{4})(?P<sign>[-/.])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})" + _TIME,
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(\.0+|([01][0-9]|2[0-3])([0-5][0-9]){2})?" + _TIME,
        r"(?P<year>[0-9]{4}) ?年 ?(?P<month>[0-9]{1,2}) ?月 ?(?P<day>[0-9]{1,2}) ?日" + _TIME,
    )
)
_SERIAL = re.compile(r"([0-9]{5})(\.[0-9]+)?")


def read_day(raw: str) -> date | None:
    """The day that a text means, or None for anything that is no day between 1800 and 2200.

    `20170630`, `2017-06-30`, `2017/6/30`, `2017.6.30`, `2017年6月30日`, each also with a time of day, `20170630120000`,
    and spreadsheet serials of five digits (`42916`, `42916.0`; a fraction is a time of day). Five digits reach from
    18 May 1927 to 13 October 2173; shorter numbers are refused, since `1950` is a year and `1` is a mark.
    """
    text = normalise_text(raw)
    serial = _SERIAL.fullmatch(text)
    if serial:
        return serial_day(int(serial[1]))
    for written in _DAYS:
        match = written.fullmatch(text)
        if match:
            return real_day(int(match["year"]), int(match["month"]), int(match["day"]))
    return None


def real_day(year: int, month: int, day: int) -> date | None:
    """The day if the calendar has it and its year lies between 1800 and 2200, else None."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def serial_day(serial: int) -> date | None:
    """The day of a spreadsheet serial in the 1900 system (1 is 1 January 1900), or None.

    That system takes 1900 for a leap year: 60 is its 29 February 1900, which never was, and later days are one ahead
    (ECMA-376 part 1, 18.17.4.1).
    """
    if not 1 <= serial <= LAST_SERIAL or serial == 60:
        return None
    day = date(1899, 12, 31) + timedelta(days=serial - (serial > 60))
    return day if day.year <= LAST_YEAR else None


def anniversary(birth: date, years: int) -> date:
    """The birthday on which `years` whole years are reached; 29 February falls on 28 February in common years."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 2, 28)


def attained(birth: date, years: int, on: date) -> bool:
    """Whether somebody born on `birth` has reached the age of `years` on the day `on`: from the birthday itself."""
    return on >= anniversary(birth, years)


def age(birth: date, on: date) -> int:
    """Whole years lived on the day `on`; negative before the birth."""
    years = on.year - birth.year
    return years if attained(birth, years, on) else years - 1


def cut_off(as_of: date) -> date:
    """31 August of the year of `as_of`, the school cut-off (粤人社办〔2017〕96号 二（三）2), be it past or to come."""
    return date(as_of.year, 8, 31)


def latest_birth_attaining(years: int, on: date) -> date:
    """The latest birth date of those who have attained `years` on the day `on`: attained means born by then.

    On the last day of February that is the last day of February, since 29 February counts as the 28th in common years.
    """
    birth_year = on.year - years
    if on.month == 2 and on + timedelta(days=1) == date(on.year, 3, 1):
        return date(birth_year, 3, 1) - timedelta(days=1)
    return on.replace(year=birth_year)
