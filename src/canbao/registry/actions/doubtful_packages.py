"""Asking that a package be admitted though the gate found it doubtful."""

from __future__ import annotations

from canbao.core.progress import after
from canbao.law.moves import read_workflows
from canbao.registry.access import require_area
from canbao.registry.actions.requests import Asked, put
from canbao.registry.deeds import deed
from canbao.registry.models import Officer, Package, Request


def ask_acceptance(*, package: Package, reason: str, by: Officer) -> Request:
    """Ask that a doubtful package may be admitted as it is; raises IllegalMove if it isn't doubtful.

    The request holds the moment of the measures that the asker had before them: it ends with them.
    """
    with deed(by=by, action="doubtful_package.ask", permission="doubtful_package.ask") as note:
        note.objects.append(f"package:{package.pk}")
        require_area(by, package.division_code)
        after(read_workflows()["package"], package.state, "accept")
        content = {"measured": package.plausibility["at"]}
        return put(
            Asked("doubtful_package", "44", content, package=package), reason=reason, papers=(), by=by, note=note
        )
