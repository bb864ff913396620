"""People by town or village of a county, on today's map or on that of an earlier day."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from canbao.core.dates import read_day
from canbao.registry.access import Refused
from canbao.registry.place_counts import DIGITS, counted, counties_on

LEVELS = {"town": "街道（乡镇）", "village": "社区（村）"}


@require_GET
def counts(request: HttpRequest) -> HttpResponse:
    """A county's counts; without a county, the form alone."""
    level = request.GET.get("level", "town")
    day, wrong = _day(request.GET.get("day", ""))
    choices = counties_on(day, by=request.user)
    county = request.GET.get("county", "") or (choices[0][0] if len(choices) == 1 else "")
    found = None
    if county and not wrong:
        try:
            found = counted(county=county, level=level if level in DIGITS else "town", day=day, by=request.user)
        except Refused as refusal:
            wrong = str(refusal)
    shown = {
        "counts": found, "county": county, "counties": choices, "level": level, "levels": LEVELS.items(),
        "level_label": LEVELS.get(level, LEVELS["town"]), "day": day, "wrong": wrong,
    }  # fmt: skip
    return render(request, "office/place_counts/counts.html", shown, status=400 if wrong else 200)


def _day(written: str) -> tuple[date | None, str]:
    """The day of the map, or None for today's; and what is wrong with it."""
    if not written:
        return None, ""
    day = read_day(written[:10])
    if day is None or day > timezone.localdate():
        return None, "按哪一天的区划：请按 年-月-日 填写，不晚于今天；空着是现在的区划"
    return day, ""
