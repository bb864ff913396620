"""Asking that an admitted package be taken out of the register again."""

from __future__ import annotations

from collections.abc import Sequence

from canbao.registry.access import require_area
from canbao.registry.actions.packages import require_withdrawable
from canbao.registry.actions.papers import File
from canbao.registry.actions.requests import Asked, put
from canbao.registry.deeds import deed
from canbao.registry.models import Officer, Package, Request


def ask_withdrawal(*, package: Package, reason: str, papers: Sequence[File] = (), by: Officer) -> Request:
    """Ask that all a package brought be taken back; the province decides. Raises Refused if it can't be withdrawn."""
    with deed(by=by, action="withdrawal.ask", permission="withdrawal.ask") as note:
        note.objects.append(f"package:{package.pk}")
        require_area(by, package.division_code)
        require_withdrawable(package)
        return put(Asked("withdrawal", "44", {}, package=package), reason=reason, papers=papers, by=by, note=note)
