"""Looking through places by tree, by name and by code."""

from __future__ import annotations

from itertools import islice

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from canbao.law.places import PROVINCE, Place
from canbao.registry import places_now

MOST = 100
"""How many places a search shows."""
OPTIONS = 12
LEVELS = {"province": "省", "city": "市", "county": "县（市、区）", "town": "街道（乡镇）", "village": "社区（村）"}


@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """The cities, or what a search by name or code finds."""
    text = request.GET.get("text", "").strip()[:40]
    if not text:
        return _place(request, places_now.places().by_code[PROVINCE])
    found = _search(text, MOST)
    shown = {"text": text, "rows": [(one, LEVELS[one.level], _above(one)) for one in found], "most": MOST}
    return render(request, "office/places/found.html", shown)


@require_GET
def place(request: HttpRequest, code: str) -> HttpResponse:
    """One place and those below it."""
    tree = places_now.places()
    one = tree.by_code.get(code) or tree.former.get(code)
    if one is None:
        raise Http404
    return _place(request, one)


@require_GET
def place_options(request: HttpRequest) -> HttpResponse:
    """A few places by name, for forms that ask for a code."""
    found = _search(request.GET.get("text", "").strip()[:40], OPTIONS)
    return render(request, "office/places/options.html", {"rows": [(one, _above(one)) for one in found]})


def _place(request: HttpRequest, one: Place) -> HttpResponse:
    below = places_now.places().children(one.code)
    shown = {
        "place": one,
        "level": LEVELS[one.level],
        "above": _above(one),
        "heirs": [(heir, places_now.places().name(heir)) for heir in one.successors if one.valid_to],
        "may_ask": request.user.may("place_change.ask") and not one.valid_to and one.level not in ("province", "city"),
        "below": [(child, LEVELS[child.level], len(places_now.places().children(child.code))) for child in below],
    }
    return render(request, "office/places/place.html", shown)


def _search(text: str, most: int) -> list[Place]:
    """The first places, from the province down, whose name has the text or whose code begins with it."""
    if not text:
        return []
    tree = sorted(places_now.places().by_code.values(), key=lambda one: (len(one.code), one.code))
    return [*islice((one for one in tree if text in one.name or one.code.startswith(text)), most)]


def _above(one: Place) -> list[Place]:
    """The places that a place lies in, the province first."""
    above: list[Place] = []
    parent = places_now.places().by_code.get(one.parent)
    while parent is not None:
        above.insert(0, parent)
        parent = places_now.places().by_code.get(parent.parent)
    return above
