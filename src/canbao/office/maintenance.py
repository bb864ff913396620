"""Maintenance: while it lasts, nobody sees or changes anything."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

SECONDS = 300
WATCHED = ("/health/", "/metrics")
"""What machines ask that watch: they are told what is, whether others are let in or not."""


class Maintenance:
    """Answers every request with 503 while the state folder says so (`canbao maintenance on`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(WATCHED) or not (settings.STATE / "maintenance").exists():
            return self.get_response(request)
        answer = render(request, "office/maintenance.html", status=503)
        answer.headers["Retry-After"] = str(SECONDS)
        return answer
