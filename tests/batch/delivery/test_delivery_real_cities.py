"""What cleaning and packing make of a dirty city is right: where a check finds fault with it, the check is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from delivery_desk import DeliveryDesk, clean_made_city

SEEDS = (3, 4, 5)
PROFILES = ("guangdong_2017", "evidence_first")


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_dirty_city_has_no_errors(tmp_path: Path, seed: int, profile: str) -> None:
    out = clean_made_city(tmp_path, persons=3_000, seed=seed, profile=profile, dirt=4.0)
    assert DeliveryDesk(out, tmp_path / "desk").errors() == []


@pytest.mark.parametrize("division", ["441900", "442000", "440300"])
def test_cities_without_counties_have_no_errors(tmp_path: Path, division: str) -> None:
    out = clean_made_city(tmp_path, persons=500, seed=6, division=division)
    assert DeliveryDesk(out, tmp_path / "desk").errors() == []


def test_a_plain_city_has_no_errors(tmp_path: Path) -> None:
    out = clean_made_city(tmp_path, persons=2_000, seed=7, shape="plain")
    assert DeliveryDesk(out, tmp_path / "desk").errors() == []
