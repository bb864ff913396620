"""A partner with a key and an agreement, its system, and a way to ask that pushes and looks people up."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
from django.http import HttpRequest
from django.test import override_settings
from django.urls import clear_url_caches, include, path
from ninja import NinjaAPI, Router, Schema

from canbao.api.partners import interface
from canbao.api.partners.asking import PartnerParser
from canbao.api.partners.guard import Signed, SignedPush
from canbao.api.partners.problems import not_found
from canbao.api.partners.serving import serving
from canbao.registry import partner_alarms
from canbao.registry.models import Partner
from canbao.registry.partner_limits import count_people
from partner_desk import agreed, partner, with_key
from signed_requests import System


@pytest.fixture(autouse=True)
def by_day(monkeypatch) -> None:
    """Counters are open, at whatever hour the tests run."""
    monkeypatch.setattr(partner_alarms, "OPENS", 0)
    monkeypatch.setattr(partner_alarms, "CLOSES", 24)


@pytest.fixture
def owner(register) -> Partner:
    """A partner with an agreement about everything."""
    found = partner()
    agreed(found)
    return found


@pytest.fixture
def system(owner) -> System:
    """Its system, which has a key."""
    secret, key = with_key(owner)
    return System(secret, key.key_id)


class Rows(Schema):
    """A push."""

    rows: list[dict]


class Asked(Schema):
    """A look-up: whoever has a person is found."""

    person: int


@pytest.fixture(scope="session")
def _addresses() -> ModuleType:
    tried = NinjaAPI(urls_namespace="tried", openapi_url=None, docs_url=None, parser=PartnerParser())
    tried._exception_handlers = interface.api._exception_handlers
    router = Router(auth=Signed())

    @router.post("rows", auth=SignedPush())
    def push(request: HttpRequest, said: Rows):
        with serving(request, "push", rows=len(said.rows)):
            return {"kept": len(said.rows)}

    @router.post("look")
    def look(request: HttpRequest, said: Asked):
        with serving(request, "look_up", purpose="counter") as served:
            if not said.person:
                raise not_found()
            count_people(served.agreement, [said.person], served.note)
            return {"person": said.person}

    tried.add_router("", router)
    module = ModuleType("tried_addresses")
    module.urlpatterns = [path("api/v1/tried/", tried.urls), path("", include("canbao.urls"))]
    return sys.modules.setdefault("tried_addresses", module)


@pytest.fixture
def routes(_addresses) -> Iterator[None]:
    """Beside the real addresses two small ones: `tried/rows` pushes, `tried/look` looks up."""
    with override_settings(ROOT_URLCONF="tried_addresses"):
        clear_url_caches()
        yield
    clear_url_caches()
