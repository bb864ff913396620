"""What goes wrong, as partners are told: the words, and their place in the interface's description."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from ninja import Schema

from canbao.api.answering import said_in_json
from canbao.registry.partners import PartnerRefused

ALWAYS = (400, 401, 403, 413, 429, 503)
"""What can come of every signed request."""
SECONDS = 10
"""After which a program may ask again for what is away."""


class Problem(Schema):
    """What went wrong: `why` for programs, `says` in Chinese for people; `now` is our time, where clocks differ."""

    why: str
    says: str
    now: int | None = None


def problems(*more: int) -> dict[Any, Any]:
    """What a route says it answers besides what it is there for: `response={200: …, **problems(404)}`."""
    return {frozenset((*ALWAYS, *more)): Problem}


def told(refusal: PartnerRefused) -> HttpResponse:
    """A refusal as an answer; `seconds` of it become Retry-After."""
    more = dict(refusal.more)
    seconds = more.pop("seconds", None)
    answer = said_in_json({"why": refusal.why, "says": str(refusal), **more}, refusal.status)
    if seconds is not None:
        answer.headers["Retry-After"] = str(seconds)
    return answer


def not_found() -> PartnerRefused:
    """The refusal of what isn't there, or not for this partner."""
    return PartnerRefused(404, "not_found", "没有找到")


@csrf_exempt
def nothing_there(request: HttpRequest, rest: str) -> HttpResponse:
    """The answer at addresses that there are none."""
    return told(PartnerRefused(404, "not_found", "没有这个地址；接口说明在 /api/v1/openapi.json"))
