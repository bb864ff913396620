"""The law's worked cases, on the Python reading."""

from __future__ import annotations

import pytest

from canbao.core.registration import register
from canbao.law.reader import read_law

LAW = read_law()
CASES = [(case, profile) for case in LAW.cases for profile in case.profiles]


@pytest.mark.parametrize(("case", "profile"), CASES, ids=[f"{case.id}-{profile}" for case, profile in CASES])
def test_worked_case(case, profile):
    registration = register(case.rows, law=LAW, profile=profile, as_of=case.as_of)
    got = {item: registration.items.get(item) for item in case.expects}
    assert got == case.expects
