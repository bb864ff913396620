"""The requests that are about a package, as its page shows them to those who ask and those who decide."""

from __future__ import annotations

from canbao.registry.access import acting
from canbao.registry.models import Officer, Package, Request
from canbao.registry.requests import own_requests


def requests_about(package: Package, *, by: Officer) -> list[Request]:
    """The latest first; none for whoever may not see requests."""
    if not by.may("request.see"):
        return []
    with acting(by.area, by):
        found = own_requests(by).filter(package=package).select_related("asked_by", "decided_by")
        return list(found.order_by("-pk")[:20])


def to_decide(package: Package, kind: str, *, by: Officer) -> Request | None:
    """The package's open request of a kind, if there is one within the officer's area."""
    with acting(by.area, by):
        found = own_requests(by).filter(package=package, kind=kind, state="asked")
        return found.select_related("package", "asked_by").order_by("-pk").first()
