"""When a request fails: 503 and why for what passes by itself, 500 for everything else; never more than that."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader

from canbao.registry.deeds import Unwritten
from canbao.registry.outage import outage

SECONDS = 10
"""After which a browser or a program may ask again."""


def failed(request: HttpRequest) -> HttpResponse:
    """The page for a request that has failed; it asks the database for nothing."""
    problem = sys.exc_info()[1]
    why = outage(problem) or ("审计日志写不进去，查询和办理都停了" if isinstance(problem, Unwritten) else "")
    if not why:
        return HttpResponseServerError(loader.get_template("500.html").render())
    page = loader.get_template("503.html").render({"why": why})
    return HttpResponse(page, status=503, headers={"Retry-After": str(SECONDS)})
