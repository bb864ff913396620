"""What a form says to whoever scans it or types its number; what was misread or made up leads nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canbao.survey.marks import mark, number, read_mark

KEYS = st.integers(1, 2**63 - 1)


@given(KEYS)
def test_marks_and_numbers_lead_to_their_task(key):
    assert read_mark(mark(key)) == read_mark(number(key)) == read_mark(number(key).replace("-", "")) == key


@given(KEYS, st.data())
def test_one_wrong_or_exchanged_digit_leads_nowhere(key, data):
    told = number(key).replace("-", "")
    at = data.draw(st.integers(0, len(told) - 1))
    wrong = told[:at] + data.draw(st.sampled_from("0123456789".replace(told[at], ""))) + told[at + 1 :]
    assert read_mark(wrong) is None


@pytest.mark.parametrize(
    "text", ["", "7", "0000000", "CB1:7:AAAAAAAA", "CB2:7:QX3ZT5AB", "CB1::", "样例", "-", "1" * 40]
)
def test_what_is_no_mark_leads_nowhere(text):
    assert read_mark(text) is None


def test_a_mark_of_one_task_is_none_of_another():
    prefix, _, check = mark(7).rpartition(":")
    assert read_mark(f"{prefix[:-1]}8:{check}") is None


def test_wide_letters_blanks_and_small_letters_are_read():
    wide = str.maketrans("0123456789-", "０１２３４５６７８９－")
    assert read_mark(f" {number(12).translate(wide)} ") == 12 == read_mark(mark(12).lower())


def test_what_an_earlier_key_has_marked_is_still_ours(settings_changed):
    kept = mark(7)
    settings_changed(SECRET_KEY="another key that is long enough", SECRET_KEY_FALLBACKS=[])
    assert read_mark(kept) is None and read_mark(number(7)) == 7
    settings_changed(SECRET_KEY_FALLBACKS=["made for tests, and long enough for that"])
    assert read_mark(kept) == 7
