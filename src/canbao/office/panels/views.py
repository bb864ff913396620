"""A panel: the agreed parts of one person, in a frame that the agreement allows and in no other."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET

from canbao.office.panels.laying_out import Part, laid_out
from canbao.registry.partners import PartnerRefused
from canbao.registry.streams.panels import GONE, look, open_panel
from canbao.registry.throttle import TooManyGuesses


@require_GET
@xframe_options_exempt
def panel(request: HttpRequest, token: str) -> HttpResponse:
    """The page, once; afterwards, and for whatever is refused, the reason."""
    try:
        opened = open_panel(token)
    except TooManyGuesses as problem:
        return _page((), why=str(problem), status=problem.status)
    if opened is None:
        return _page((), why=GONE, status=404)
    try:
        return _page(opened.origins, parts=laid_out(look(opened.panel)))
    except PartnerRefused as refusal:
        return _page(opened.origins, why=str(refusal), status=refusal.status)


def _page(origins: Sequence[str], *, parts: Sequence[Part] = (), why: str = "", status: int = 200) -> HttpResponse:
    """Drawn without the request: nothing of a session, and so no cookie."""
    page = get_template("office/panels/panel.html").render({"parts": parts, "why": why})
    headers = {
        "Content-Security-Policy": _policy(origins),
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
    }
    return HttpResponse(page, status=status, headers=headers)


def _policy(origins: Sequence[str]) -> str:
    """Our own style sheet and nothing else; framed by these origins alone."""
    framed_by = " ".join(origins) or "'none'"
    return f"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {framed_by}"
