"""How large a request may be: whatever is larger is turned away before any of it is read.

Packages and departments' lists alone are large; they are bounded by their spool (and by the proxy before us). Machines
and phones are answered in JSON by whoever reads what they send, which is never as much as this.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from canbao.registry.actions.papers import LARGEST, MOST

BYTES = MOST * LARGEST + (2 << 20)
"""All papers of a request, and the text around them."""
BOUNDED_ELSEWHERE = ("/packages/upload/", "/exchange/runs/upload/", "/api/")


class BoundedRequests:
    """Answers 413 to what announces more than BYTES; what announces nothing is read as empty."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        is_too_large = not announced.isdecimal() or int(announced) > BYTES
        if is_too_large and not request.path.startswith(BOUNDED_ELSEWHERE):
            why = f"一次提交的内容超过 {BYTES >> 20} MB，没有收下；请返回上一页，减少或压缩材料后再提交"
            return render(request, "office/too_large.html", {"why": why}, status=413)
        return self.get_response(request)
