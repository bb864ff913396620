"""The requests about a package, as its page shows them."""

from __future__ import annotations

from typing import Any

from canbao.law.duties import read_duties
from canbao.registry.models import Officer, Package
from canbao.registry.package_requests import requests_about
from canbao.registry.requests import may_decide

PAGES = {"withdrawal": "package_withdrawal_decide", "doubtful_package": "package_accept_decide"}
"""Where the second officer's answer to each kind goes."""


def shown(package: Package, officer: Officer) -> list[dict[str, Any]]:
    """Each request with `label`, and `answer_at`, the name of the page that takes the officer's answer, if any."""
    decisions = read_duties().decisions
    return [
        {
            "request": one,
            "label": decisions[one.kind].label if one.kind in decisions else one.kind,
            "answer_at": PAGES.get(one.kind) if may_decide(one, officer) else None,
            "is_own": one.state == "asked" and one.asked_by_id == officer.pk,
        }
        for one in requests_about(package, by=officer)
    ]
