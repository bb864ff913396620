"""How a route serves a signed request: `with serving(request, "look_up") as served:`."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.http import HttpRequest

from canbao.api.partners.telling import note_service
from canbao.registry.models import Partner
from canbao.registry.partner_deeds import Served, partner_deed


def serving(request: HttpRequest, service: str, *, rows: int = 0, purpose: str = "") -> AbstractContextManager[Served]:
    """The partner's deed (registry.partner_deeds) that a signed request asks for."""
    note_service(request, service, rows)
    return partner_deed(partner_of(request), service, rows=rows, purpose=purpose)


def partner_of(request: HttpRequest) -> Partner:
    """Who has signed a request."""
    return request.auth  # type: ignore[attr-defined,no-any-return]
