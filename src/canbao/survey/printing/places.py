"""Places as papers name them."""

from __future__ import annotations

from canbao.registry.places_now import places

LEVELS = (4, 6, 9, 12)


def name_of(area: str) -> str:
    """The name of an area by its leading digits; a city's has two noughts behind them. Empty for an unknown one."""
    return places().name(area.ljust(6, "0")) if len(area) >= LEVELS[0] else ""


def heading(place: str) -> tuple[str, str, str]:
    """County with its city, town and village of a place, as a form's heading has them; empty where it ends above."""
    county = name_of(place[:4]) + (name_of(place[:6]) if len(place) >= 6 else "")
    return county, name_of(place[:9]) if len(place) >= 9 else "", name_of(place) if len(place) >= 12 else ""
