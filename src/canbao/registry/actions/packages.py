"""Packages on their way: received, checked, refused or admitted; each step is a legal move, written down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from canbao.core.masks import hide_identity_numbers
from canbao.core.progress import after
from canbao.law.moves import read_workflows
from canbao.registry.access import Refused, require_area, working
from canbao.registry.actions.admission.delivery import Delivery
from canbao.registry.actions.admission.staging import stage_findings
from canbao.registry.deeds import deed
from canbao.registry.models import Officer, Package, PackageMove

OVER = ("refused", "cancelled", "withdrawn")
"""The states of packages that may be sent once more."""
IN_REGISTER = ("admitting", "admitted", "withdrawing")


def receive(*, division_code: str, file_name: str, size: int, sha256: str, by: Officer) -> Package:
    """A package has come in; the same bytes come in once. Raises Refused for another division's package."""
    with deed(by=by, action="package.receive", permission="package.upload") as note:
        note.details.update(division=division_code, sha256=sha256, size=size)
        require_area(by, division_code)
        again = Package.objects.filter(sha256=sha256).exclude(state__in=OVER).first()
        if again is not None:
            raise Refused(f"这个数据包已经上传过（{again.received_at:%Y-%m-%d}，编号 {again.id}），不用再传")
        package = Package.objects.create(
            division_code=division_code,
            file_name=hide_identity_numbers(file_name),
            size=size,
            sha256=sha256,
            state="",
            received_by=by,
        )
        _move(package, "receive", by)
        note.objects.append(f"package:{package.id}")
        return package


def begin_check(*, package: Package, by: Officer) -> None:
    """The province's own check begins."""
    _step(package, "check", by)


def refuse(*, package: Package, faults: Sequence[str], by: Officer) -> None:
    """Give the package back whole, with everything that is wrong with it."""
    package.faults = list(faults)
    _step(package, "refuse", by, note="；".join(faults)[:2000])


def pass_check(
    *, package: Package, as_of: date, profile: str, serial: int, summary: dict[str, Any], by: Officer
) -> None:
    """Nothing is wrong with the package; a provincial officer may admit it."""
    package.as_of, package.profile, package.serial, package.summary = as_of, profile, serial, summary
    package.people = int(summary.get("persons", 0))
    _step(package, "pass", by)


def order_admission(*, package: Package, by: Officer) -> None:
    """A provincial officer has decided that the package goes into the register."""
    with deed(by=by, action="package.admit", permission="package.admit") as note:
        note.objects.append(f"package:{package.id}")
        require_area(by, package.division_code)
        _move(package, "admit", by)


def finish_admission(*, package: Package, delivery: Delivery, by: Officer) -> None:
    """All of the package is in the register; its findings take the place of those of the division's packages before.

    Those of the package before it are kept: they count again if this one is withdrawn.
    """
    with working(), connection.cursor() as cursor:
        cursor.execute(_OLD_FINDINGS, {"division": package.division_code, "package": package.id})
        stage_findings(cursor, delivery)
        columns = ", ".join(delivery.columns("findings"))
        cursor.execute(
            f"INSERT INTO finding (package_id, {columns}) SELECT %s, {columns} FROM new_finding", [package.id]
        )
        _move(package, "finish", by)


def cancel(*, package: Package, by: Officer) -> None:
    """The division takes back a package that is not admitted yet."""
    with deed(by=by, action="package.cancel", permission="package.upload") as note:
        note.objects.append(f"package:{package.id}")
        require_area(by, package.division_code)
        _move(package, "cancel", by)


def require_withdrawable(package: Package) -> None:
    """Raise Refused unless it is the last package of its division in the register, and what it replaced was kept."""
    if not package.is_reversible:
        raise Refused(
            "这个数据包是系统升级以前准入的，没有留下被它取代的资料，不能撤回；请由报送单位重新报送正确的数据包"
        )
    latest = package.ranges.aggregate(latest=Max("pk"))["latest"] or 0
    later = Package.objects.filter(division_code=package.division_code, state__in=IN_REGISTER, ranges__pk__gt=latest)
    blocking = later.exclude(pk=package.pk).order_by("-pk").first()
    if blocking is not None:
        raise Refused(f"这个数据包之后又准入了编号 {blocking.pk} 的数据包；请先撤回那一个")


def begin_withdrawal(*, package: Package, by: Officer) -> None:
    """Two officers have decided that the package shall go out of the register again; within their deed."""
    require_withdrawable(package)
    _move(package, "withdraw", by)


def finish_withdrawal(*, package: Package, by: Officer) -> None:
    """All that the package brought is out of the register, and its findings with it."""
    with working(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM finding WHERE package_id = %s", [package.id])
        _move(package, "finish_withdrawal", by)


def take_errors(*, package: Package, by: Officer) -> None:
    """The list of errors, which has numbers in it, is taken; only whoever reports for its division had them anyway."""
    with deed(by=by, action="package.errors", permission="package.upload") as note:
        note.objects.append(f"package:{package.id}")
        if not is_own(package, by):
            raise Refused("错误清单含完整号码，只有报送单位自己能下载")


def is_own(package: Package, by: Officer) -> bool:
    """Whether the officer reports for the package's division: a city, or the province itself."""
    return bool(by.area) and package.division_code == by.area[:4].ljust(6, "0")


def _step(package: Package, move: str, by: Officer, note: str = "") -> None:
    """A step of the machine, in the name of whoever asked for it."""
    with working():
        _move(package, move, by, note)


def _move(package: Package, move: str, by: Officer, note: str = "") -> None:
    with transaction.atomic():
        locked = Package.objects.select_for_update().get(pk=package.pk)
        package.state = after(read_workflows()["package"], locked.state or None, move)
        package.save()
        PackageMove.objects.create(package=package, move=move, by=by, note=note)


_OLD_FINDINGS = (
    "DELETE FROM finding WHERE package_id IN (SELECT id FROM registry_package WHERE division_code = %(division)s "
    "AND id <> coalesce((SELECT max(id) FROM registry_package WHERE division_code = %(division)s "
    "AND state = 'admitted' AND id <> %(package)s), 0))"
)
