"""A PDF in the browser's own window."""

from __future__ import annotations

from django.http import HttpResponse

POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""A browser's own reader of PDF is an embedded object with styles; nothing else is let in."""


def pdf(content: bytes, name: str) -> HttpResponse:
    """What we printed ourselves, to be looked at."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
