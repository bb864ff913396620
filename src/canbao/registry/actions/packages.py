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
from canbao.registry.deeds import deed, require_words
from canbao.registry.models import Officer, Package, PackageMove
from canbao.registry.packages import last_admitted
from canbao.registry.plausibility import is_doubtful

OVER = ("refused", "cancelled", "withdrawn")
"""The states of packages that may be sent once more."""
ON_ITS_WAY = ("admitting", "withdrawing")
IN_REGISTER = (*ON_ITS_WAY, "admitted")
KEPT_FINDINGS = 3
"""Of how many of a division's packages the findings are kept: so many can be withdrawn and leave the one before whole.
"""


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
    _step(package, "refuse", by, note="；".join(faults)[:2000], saving=("faults",))


def pass_check(
    *,
    package: Package,
    as_of: date,
    profile: str,
    serial: int,
    summary: dict[str, Any],
    plausibility: dict[str, Any],
    by: Officer,
) -> None:
    """Nothing is wrong with the package; it may be admitted, or is doubtful and two officers decide about it first.

    `plausibility` is what the gate has found (registry.plausibility).
    """
    package.as_of, package.profile, package.serial, package.summary = as_of, profile, serial, summary
    package.people = int(summary.get("persons", 0))
    package.plausibility = plausibility
    move = "doubt" if is_doubtful(plausibility) else "pass"
    _step(package, move, by, saving=("as_of", "profile", "serial", "summary", "people", "plausibility"))


def give_back(*, package: Package, reason: str, by: Officer) -> None:
    """A provincial officer gives a package back that has passed its check, and says why."""
    with deed(by=by, action="package.give_back", permission="package.admit") as note:
        note.objects.append(f"package:{package.id}")
        require_area(by, package.division_code)
        require_words(reason, "退回的理由")
        package.faults = [reason.strip()]
        _move(package, "refuse", by, reason.strip(), saving=("faults",))


def check_again(*, package: Package, by: Officer) -> None:
    """Have a package checked and compared once more, with what is in the register now."""
    with deed(by=by, action="package.check_again", permission="package.admit") as note:
        note.objects.append(f"package:{package.id}")
        require_area(by, package.division_code)
        _move(package, "check_again", by)


def accept_doubtful(*, package: Package, measured: str, by: Officer) -> None:
    """Two officers have decided that a doubtful package may be admitted as it is; within their deed.

    Raises Refused if it was measured anew since the moment `measured`, which they had before them.
    """
    if package.plausibility.get("at") != measured:
        raise Refused("申请之后这个数据包又重新检查过，申请时看到的比对已经过时；请按现在的比对重新申请")
    _move(package, "accept", by)


def order_admission(*, package: Package, by: Officer) -> None:
    """A provincial officer has decided that the package goes into the register.

    Raises Refused while another one of the division is on its way in or out: each rests on what was there before it.
    """
    with deed(by=by, action="package.admit", permission="package.admit") as note:
        note.objects.append(f"package:{package.id}")
        require_area(by, package.division_code)
        _require_alone(package)
        _require_fresh(package)
        _move(package, "admit", by)


def finish_admission(*, package: Package, delivery: Delivery, by: Officer) -> None:
    """All of the package is in the register; its findings take the place of those of the division's packages before.

    Those of the last packages before it are kept: they count again if this one is withdrawn.
    """
    with working(), connection.cursor() as cursor:
        cursor.execute(
            _OLD_FINDINGS,
            {"division": package.division_code, "package": package.id, "kept": KEPT_FINDINGS - 1},
        )
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
    """Raise Refused unless it is the last package of its division in the register, and what it replaced was kept.

    Raises IllegalMove if it isn't in the register at all.
    """
    after(read_workflows()["package"], package.state, "withdraw")
    if package.works.filter(kind="admit_package", state__in=["waiting", "running"]).exists():
        raise Refused("这个数据包还在准入；请先取消那个后台任务，等它停下再撤回")
    if not package.is_reversible:
        raise Refused(
            "这个数据包是系统升级以前准入的，没有留下被它取代的资料，不能撤回；请由报送单位重新报送正确的数据包"
        )
    latest = package.ranges.aggregate(latest=Max("pk"))["latest"] or 0
    later = Package.objects.filter(division_code=package.division_code, state__in=IN_REGISTER, ranges__pk__gt=latest)
    blocking = later.exclude(pk=package.pk).order_by("-pk").first()
    if blocking is not None:
        raise Refused(f"这个数据包之后又准入了编号 {blocking.pk} 的数据包；请先撤回那一个")
    _require_alone(package)


def _require_fresh(package: Package) -> None:
    """Raise Refused if the package was compared with another one than it would now take the place of."""
    if not package.plausibility:
        return  # checked before there was a gate
    last = last_admitted(package)
    if package.plausibility.get("before") != (last.pk if last else None):
        raise Refused("比对之后本单位又有数据包准入或撤回，比对已经过时；请先点“重新检查”")


def _require_alone(package: Package) -> None:
    """Raise Refused while another package of the division is on its way in or out, and let none begin meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('division'), %s)", [int(package.division_code)])
    others = Package.objects.filter(division_code=package.division_code, state__in=ON_ITS_WAY).exclude(pk=package.pk)
    busy = others.order_by("pk").first()
    if busy is not None:
        raise Refused(f"同一单位编号 {busy.pk} 的数据包还在准入或撤回中；请先办完它（停下的可以继续）")


def begin_withdrawal(*, package: Package, by: Officer) -> None:
    """Two officers have decided that the package shall go out of the register again; within their deed."""
    require_withdrawable(package)
    _move(package, "withdraw", by)


def go_on_withdrawing(*, package: Package, by: Officer) -> None:
    """Go on with a withdrawal that two officers have decided and somebody has stopped."""
    with deed(by=by, action="withdrawal.go_on", permission="withdrawal.approve") as note:
        note.objects.append(f"package:{package.id}")
        require_area(by, package.division_code)
        after(read_workflows()["package"], package.state, "finish_withdrawal")


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


def _step(package: Package, move: str, by: Officer, note: str = "", saving: Sequence[str] = ()) -> None:
    """A step of the machine, in the name of whoever asked for it."""
    with working():
        _move(package, move, by, note, saving)


def _move(package: Package, move: str, by: Officer, note: str = "", saving: Sequence[str] = ()) -> None:
    """Make a legal move and save nothing else but what is named: others may have changed the rest meanwhile."""
    with transaction.atomic():
        locked = Package.objects.select_for_update().get(pk=package.pk)
        package.state = after(read_workflows()["package"], locked.state or None, move)
        package.save(update_fields=["state", *saving])
        PackageMove.objects.create(package=package, move=move, by=by, note=note)


_OLD_FINDINGS = (
    "DELETE FROM finding WHERE package_id IN (SELECT id FROM registry_package WHERE division_code = %(division)s "
    "AND id <> %(package)s EXCEPT (SELECT package.id FROM registry_package AS package "
    "JOIN registry_admissionrange AS range ON range.package_id = package.id AND NOT range.is_withdrawal "
    "WHERE division_code = %(division)s AND state = 'admitted' AND package.id <> %(package)s "
    "GROUP BY package.id ORDER BY max(range.id) DESC LIMIT %(kept)s))"
)
