"""Putting work with packages on the queue, in the same transaction as the decision for it."""

from __future__ import annotations

from canbao.registry.actions import work
from canbao.registry.models import Officer, Package, Work
from canbao.registry.packages import brought
from canbao.registry.places_now import places

JOBS = {"check_package": "检查", "admit_package": "准入", "rehearse_package": "试运行", "withdraw_package": "撤回"}
"""What is done with packages in the background, as the list of work calls it."""


def asked(kind: str, package: Package, by: Officer, total: int | None = None) -> Work:
    """The work, written down, that somebody has asked for with a package; `total` people, or all of the package's."""
    place = places().name(package.division_code) or package.division_code
    label = f"{JOBS[kind]} {place} 的数据包 {package.id}"
    total = package.people if total is None else total
    return work.ask(kind=kind, label=label, area=package.division_code[:4], total=total, by=by, package=package)


def queue(kind: str, package: Package, by: Officer, total: int | None = None) -> None:
    """Put a job on the queue."""
    from canbao.office import jobs

    getattr(jobs, kind).defer(work_id=asked(kind, package, by, total).id)


def queue_withdrawal(package: Package, by: Officer) -> None:
    """Have a worker take out what the package brought, or go on with it."""
    did = brought(package)
    queue("withdraw_package", package, by, did.stated + did.dropped)
