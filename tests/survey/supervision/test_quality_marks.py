"""What is remarkable about one surveyor's rows, and what a pace leads to: worked cases, no database."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canbao.core.supervision import marks
from canbao.core.supervision.pace import Forecast, Period, Rate, forecast, median_of
from canbao.law.reader import LawError
from canbao.law.supervision import read_supervision

LAW = read_supervision()
NOON = datetime(2026, 6, 1, 12)
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))


def form(task: int, **more) -> marks.Form:
    said = {"at": NOON, "seconds": 0, "signed": "1", "warnings": (), "alike": str(task)}
    return marks.Form(task=task, **{**said, **more})


def visit(task: int, **more) -> marks.Visit:
    position = {"latitude": 23.0 + task / 10_000, "longitude": 113.0, "is_faked": False}
    said = {"village": "v", "at": NOON, "way": "1", **position}
    return marks.Visit(task=task, **{**said, **more})


def found(which) -> dict[tuple[int, str], str]:
    return {(one.task, one.kind): one.detail for one in marks.once(which)}


def test_a_plain_form_and_a_plain_visit_bear_no_mark():
    assert found(marks.of_forms([form(1)], LAW)) == {} and found(marks.of_visits([visit(1)], {}, LAW)) == {}


@pytest.mark.parametrize(
    ("more", "kind", "detail"),
    [
        ({"seconds": 29}, "too_fast", "29"),
        ({"signed": "0"}, "unsigned", ""),
        ({"warnings": ("SF07", "SF11")}, "passed", "SF07,SF11"),
    ],
)
def test_marks_of_one_form(more, kind, detail):
    assert found(marks.of_forms([form(1, **more)], LAW)) == {(1, kind): detail}


@pytest.mark.parametrize("seconds", [0, 30, 3_600])
def test_a_form_whose_time_nobody_knows_or_that_took_its_time_is_not_too_fast(seconds):
    assert found(marks.of_forms([form(1, seconds=seconds)], LAW)) == {}


def test_answers_that_are_alike_in_a_row_are_marked_from_the_tenth_on_and_another_form_between_ends_the_row():
    ten = [form(task, alike="same") for task in range(10)]
    assert found(marks.of_forms(ten, LAW)) == {(task, "all_alike"): "10" for task in range(10)}
    assert found(marks.of_forms([*ten[:5], form(99), *ten[5:]], LAW)) == {}


@pytest.mark.parametrize(("hour", "is_odd"), [(21, False), (22, True), (0, True), (6, True), (7, False)])
def test_visits_at_the_door_by_night(hour, is_odd):
    by_night = visit(1, at=NOON.replace(hour=hour))
    assert ((1, "odd_hours") in found(marks.of_visits([by_night], {}, LAW))) == is_odd
    by_phone = visit(1, at=NOON.replace(hour=hour), way="2")
    assert found(marks.of_visits([by_phone], {}, LAW)) == {}


def test_positions_that_are_faked_or_the_same_for_many_doors():
    assert found(marks.of_visits([visit(1, is_faked=True)], {}, LAW)) == {(1, "faked"): ""}
    ten = [visit(task, latitude=23.000001, longitude=113.0) for task in range(10)]
    assert found(marks.of_visits(ten, {}, LAW)) == {(task, "same_position"): "10" for task in range(10)}
    assert found(marks.of_visits(ten[:9], {}, LAW)) == {}
    assert found(marks.of_visits([ten[0]] * 30, {}, LAW)) == {}, "one door, however often"


def test_a_visit_far_from_the_others_of_its_village_is_marked_if_enough_others_say_where_that_is():
    positions = [(task, 23.0, 113.0) for task in range(6)]
    far, no_position = visit(7, latitude=23.05), visit(8, latitude=None, longitude=None)
    middle = marks.middle_of([*positions, (7, 23.05, 113.0)])
    ((key, metres),) = found(marks.of_visits([far, visit(1), no_position], {"v": middle}, LAW)).items()
    assert key == (7, "far_away") and 5_500 < int(metres) < 5_620
    assert found(marks.of_visits([far], {"v": marks.middle_of([*positions[:4], (7, 23.05, 113.0)])}, LAW)) == {}


def test_a_plan_is_even_over_the_period_and_stops_at_its_ends():
    asked = [date(2026, *day) for day in ((5, 31), (6, 1), (6, 15), (6, 30), (7, 9))]
    assert [JUNE.planned(300, day) for day in asked] == [0, 10, 150, 300, 300]


@given(st.integers(0, 10**6), st.integers(-50, 80), st.integers(0, 400))
def test_a_plan_never_shrinks_and_ends_whole(many, day, length):
    period = Period(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=length))
    at = period.starts + timedelta(days=day)
    assert 0 <= period.planned(many, at) <= period.planned(many, at + timedelta(days=1)) <= many
    assert period.planned(many, period.ends) == many


TODAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("to_hand_in", "to_approve", "rate", "expected"),
    [
        (70, 70, Rate(70, 70, 7), Forecast(date(2026, 6, 22), "field")),
        (10, 80, Rate(70, 35, 7), Forecast(date(2026, 7, 1), "review")),
        (70, 75, Rate(35, 70, 7), Forecast(date(2026, 6, 29), "field")),
        (0, 30, Rate(0, 70, 7), Forecast(date(2026, 6, 18), "review")),
        (0, 0, Rate(0, 0, 7), Forecast(TODAY, "field")),
        (70, 70, Rate(19, 70, 7), None),
        (70, 70, Rate(70, 19, 7), None),
        (10**9, 10**9, Rate(70, 70, 7), None),
    ],
)
def test_a_forecast_goes_by_what_is_slower_and_says_nothing_of_too_little(to_hand_in, to_approve, rate, expected):
    assert forecast(to_hand_in=to_hand_in, to_approve=to_approve, rate=rate, today=TODAY, least=20) == expected


@given(st.lists(st.integers(0, 500), max_size=40))
def test_a_median_of_counts_is_that_of_the_values(values):
    counts = {value: values.count(value) for value in values}
    assert median_of(counts) == (sorted(values)[(len(values) - 1) // 2] if values else None)


def test_a_law_with_a_mark_missing_or_a_bound_of_another_name_is_refused(tmp_path):
    from canbao.law.reader import HOME

    written = (HOME / "supervision.yaml").read_text(encoding="utf-8")
    for wrong, other, says in (
        ("seconds: 30", "minutes: 30", "尺度"), ("id: faked", "id: forged", "标记应为"),
        ("source: gd-2017-96, clause: 三（二）", "source: nowhere, clause: 三（二）", "依据"),
    ):  # fmt: skip
        (tmp_path / "supervision.yaml").write_text(written.replace(wrong, other), encoding="utf-8")
        read_supervision.cache_clear()
        with pytest.raises(LawError, match=says):
            read_supervision(tmp_path)
