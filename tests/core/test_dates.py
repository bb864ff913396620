"""Days as written, and ages on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canbao.core.dates import age, anniversary, attained, cut_off, latest_birth_attaining, read_day, serial_day

JUNE_30 = date(2017, 6, 30)
DAYS = st.dates(date(1800, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    "raw",
    [
        "20170630", "2017-06-30", "2017/6/30", "2017/06/30", "2017.6.30", "2017年6月30日", "２０１７年６月３０日",
        "2017 年 6 月 30 日", "2017-06-30 12:00:00", "2017-06-30T12:00:00.000+08:00", "2017/6/30 0:00",
        "20170630120000", "20170630.0", " 20170630 ", "42916", "42916.0", "42916.5", "2017年6月30日 08:30",
    ],
)  # fmt: skip
def test_every_way_of_writing_a_day(raw: str) -> None:
    assert read_day(raw) == JUNE_30


@pytest.mark.parametrize(
    "raw",
    [
        "", "无", "2017", "201706", "2017-06", "2017-6/30", "20170631", "2017-02-29", "19000229", "2017-13-01",
        "2017-00-10", "17990101", "22010101", "99991231", "00000000", "0", "1", "1950", "6/30/2017",
        "2017-06-30 25:00:00", "20170630250000", "2017-06-30x", "-42916", "٢٠١٧٠٦٣٠", "4.2916E+4", "20170630\n20170701",
    ],
)  # fmt: skip
def test_what_is_no_day(raw: str) -> None:
    assert read_day(raw) is None


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        (0, None), (1, date(1900, 1, 1)), (59, date(1900, 2, 28)), (60, None), (61, date(1900, 3, 1)),
        (10000, date(1927, 5, 18)), (36526, date(2000, 1, 1)), (42916, JUNE_30), (109939, date(2200, 12, 31)),
        (109940, None), (2958465, None), (2958466, None),
    ],
)  # fmt: skip
def test_serials_of_spreadsheets(serial: int, day: date | None) -> None:
    assert serial_day(serial) == day


@given(DAYS)
def test_a_day_written_is_a_day_read(day: date) -> None:
    forms = (
        f"{day:%Y-%m-%d}",
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    )
    assert {read_day(form) for form in forms} == {day}


@given(st.integers(10000, 99999))
def test_a_serial_counts_days(serial: int) -> None:
    assert read_day(f"{serial}.0") == date(1927, 5, 18) + timedelta(days=serial - 10000)


@given(st.text() | st.from_regex(r"[0-9./年月日 :-]{1,20}", fullmatch=True))
def test_reading_never_raises(raw: str) -> None:
    day = read_day(raw)
    assert day is None or 1800 <= day.year <= 2200


@pytest.mark.parametrize(
    ("birth", "years", "on", "reached"),
    [
        (date(2011, 8, 31), 6, date(2017, 8, 31), True),
        (date(2011, 9, 1), 6, date(2017, 8, 31), False),
        (date(2001, 8, 31), 16, date(2017, 8, 31), True),
        (date(2001, 9, 1), 16, date(2017, 8, 31), False),
        (date(1960, 2, 29), 55, date(2015, 2, 28), True),
        (date(1960, 2, 29), 55, date(2015, 2, 27), False),
        (date(1960, 2, 29), 56, date(2016, 2, 28), False),
        (date(1960, 2, 29), 56, date(2016, 2, 29), True),
    ],
)
def test_an_age_is_reached_on_the_birthday(birth: date, years: int, on: date, reached: bool) -> None:
    assert attained(birth, years, on) is reached


def test_cut_off_is_the_31_august_of_the_year() -> None:
    assert cut_off(date(2017, 5, 9)) == cut_off(date(2017, 12, 31)) == date(2017, 8, 31)


@given(DAYS, DAYS)
def test_age_is_the_last_one_attained(birth: date, on: date) -> None:
    years = age(birth, on)
    assert attained(birth, years, on) and not attained(birth, years + 1, on)
    assert anniversary(birth, years) <= on


@given(DAYS, st.integers(0, 120), DAYS)
def test_attained_means_born_by_the_latest_birth(birth: date, years: int, on: date) -> None:
    assert attained(birth, years, on) == (birth <= latest_birth_attaining(years, on))


@given(st.integers(1900, 2100), st.integers(0, 3), st.integers(0, 120))
def test_the_latest_birth_is_the_boundary_around_leap_days(year: int, days_later: int, years: int) -> None:
    on = date(year, 2, 27) + timedelta(days=days_later)
    latest = latest_birth_attaining(years, on)
    assert attained(latest, years, on) and not attained(latest + timedelta(days=1), years, on)
