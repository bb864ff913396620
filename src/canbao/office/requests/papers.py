"""A paper of a request, shown so that nothing in it can act: whatever somebody scanned came from outside."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from canbao.office.pages import unkept
from canbao.registry.actions.papers import BEGINNINGS, take
from canbao.registry.lookup import LARGEST_ID

ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
"""No script, no form, no request to anywhere; the browser's own frame around a picture needs its style."""


@unkept
@require_GET
def paper(request: HttpRequest, request_id: int, paper_id: int) -> HttpResponse:
    """One of a request within one's area."""
    return opened_paper(request, request_id, paper_id)


def opened_paper(request: HttpRequest, request_id: int, paper_id: int) -> HttpResponse:
    """A picture in the window, a PDF as a file: browsers open no PDF in a sandbox; raises Http404."""
    found = take(paper_id=min(paper_id, LARGEST_ID), request_id=min(request_id, LARGEST_ID), by=request.user)
    if found is None or found[0].media_type not in BEGINNINGS.values():
        raise Http404
    kept, content = found
    answer = HttpResponse(content, content_type=kept.media_type)
    how = "attachment" if kept.media_type == "application/pdf" else "inline"
    name = f"request-{request_id}-paper-{paper_id}.{ENDINGS[kept.media_type]}"
    answer.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
