"""The requests about a package, as its page shows them."""

from __future__ import annotations

from typing import Any

from canbao.office.requests.showing import kind_label
from canbao.registry.models import Officer, Package
from canbao.registry.package_requests import requests_about
from canbao.registry.requests import may_decide, may_take_back

PAGES = {"withdrawal": "package_withdrawal_decide", "doubtful_package": "package_accept_decide"}
"""Where the second officer's answer to each kind goes."""


def shown(package: Package, officer: Officer) -> list[dict[str, Any]]:
    """Each request with `label`, and `answer_at`, the name of the page that takes the officer's answer, if any."""
    return [
        {
            "request": one,
            "label": kind_label(one.kind),
            "answer_at": PAGES.get(one.kind) if may_decide(one, officer) else None,
            "is_own": may_take_back(one, officer),
        }
        for one in requests_about(package, by=officer)
    ]
