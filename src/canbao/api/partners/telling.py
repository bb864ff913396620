"""One line for each request of another system on the server's own log: whose, what, how it went, how long it took.

Never whose record it was about: no address as it was asked for, no number, no name. The line is there always, and is
printed where the log is JSON (`CANBAO_LOG=json`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HERE = "/api/v1/"
log = logging.getLogger("canbao.exchange")


def note_service(request: HttpRequest, service: str, rows: int = 0) -> None:
    """Say which service a request asks for, and how many rows come with it."""
    request.asked_for = (service, rows)  # type: ignore[attr-defined]


class OneLineEach:
    """Writes the line behind the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(HERE):
            return self.get_response(request)
        began = time.perf_counter()
        answer = self.get_response(request)
        _write(request, answer.status_code, time.perf_counter() - began)
        return answer


def _write(request: HttpRequest, status: int, seconds: float) -> None:
    partner = getattr(request, "auth", None)
    service, rows = getattr(request, "asked_for", ("", 0))
    told = {
        "partner": getattr(partner, "code", ""), "service": service, "status": status,
        "milliseconds": round(seconds * 1000), "rows": rows,
    }  # fmt: skip
    log.info("合作系统的请求", extra=told)
