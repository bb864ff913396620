"""What every page has around it: who is signed in, where they may go, and the watermark."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from canbao.law.duties import level_of
from canbao.office.emergencies.under import opened, under
from canbao.office.navigation import Link, navigation
from canbao.registry.models import Emergency, Officer
from canbao.registry.places_now import places


@dataclass(frozen=True)
class Shell:
    """The frame of a page for an officer."""

    officer: Officer
    area_name: str
    navigation: list[tuple[str, list[Link]]]
    watermark: str
    is_trial: bool
    emergency: Emergency | None
    is_under: bool


def shell(request: HttpRequest) -> dict[str, Shell | None]:
    """`shell` for the templates; None if nobody is signed in."""
    officer = getattr(request, "user", None)
    if officer is None or not officer.is_authenticated:
        return {"shell": None}
    now = timezone.localtime()
    return {
        "shell": Shell(
            officer=officer,
            area_name=area_name(officer.area),
            navigation=navigation(officer, request.path),
            watermark=f"{officer.display_name} {officer.username} {now:%Y-%m-%d %H:%M}",
            is_trial=settings.IS_TRIAL,
            emergency=opened(request),
            is_under=under(request) is not None,
        )
    }


def area_name(area: str) -> str:
    """The name of an area with the city or county above it: `佛山市禅城区`; the digits where it is not known.

    An area that is no more keeps its name, so that whoever had it sees which one that was.
    """
    tree = places()
    code = area.ljust(6, "0")
    place = tree.by_code.get(code) or tree.former.get(code)
    if place is None:
        return area
    above = tree.by_code.get(place.parent)
    return place.name if above is None or above.level == "province" else above.name + place.name


def area_of(code: str) -> str:
    """The digits of an area for the code of a place: 440600 is 4406; raises ValueError if it is no place."""
    if code not in places().by_code:
        raise ValueError(f"没有区划 {code}")
    area = code
    while len(area) in (4, 6) and area.endswith("00"):
        area = area[:-2]
    level_of(area)
    return area
