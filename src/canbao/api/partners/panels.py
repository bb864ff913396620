"""Panels: an address that shows the agreed parts of a person once, in a frame of the counter's own system."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Schema

from canbao.api.partners.counter import ByOfficer, Person, require_purpose, told_to
from canbao.api.partners.guard import Signed
from canbao.api.partners.problems import problems
from canbao.api.partners.serving import serving
from canbao.law.exchange import read_exchange
from canbao.registry.streams.panels import ask_panel

router = Router(auth=Signed(), tags=["counter"])


class Address(Schema):
    """Where the panel is, and for how many seconds."""

    address: str
    seconds: int


@router.post("/persons/{person}/panel", response={200: Address, **problems(404)}, summary="取得嵌入页面的地址")
def panel(request: HttpRequest, person: Person, said: ByOfficer) -> Any:
    """An address that works once."""
    require_purpose(said.purpose)
    with serving(request, "panel", purpose=said.purpose) as served:
        token = ask_panel(served.agreement, person, purpose=said.purpose, told_to=told_to(said), note=served.note)
    address = f"{settings.PUBLIC_ADDRESS}{reverse('panel', args=[token])}"
    return {"address": address, "seconds": read_exchange().panel_seconds}
