"""The province's check of a package and its admission, as a worker does them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.db import connection, transaction

from canbao.batch.delivery import Delivery, open_delivery, write_error_file
from canbao.batch.package import PackageRefused
from canbao.batch.trouble import SourceTrouble
from canbao.law.places import read_places
from canbao.office.packages import spool, summary
from canbao.registry.actions import packages, work
from canbao.registry.actions.admission import Cancelled, admit
from canbao.registry.actions.keys import trusted_keys
from canbao.registry.models import Officer, Package, Work
from canbao.registry.places_now import places

MOST_ERRORS = 100_000
JOBS = {"check_package": "检查", "admit_package": "准入"}
"""What is done with packages in the background, as the list of work calls it."""


def asked(kind: str, package: Package, by: Officer) -> Work:
    """The work, written down, that somebody has asked for with a package."""
    place = read_places().name(package.division_code) or package.division_code
    label = f"{JOBS[kind]} {place} 的数据包 {package.id}"
    return work.ask(
        kind=kind, label=label, area=package.division_code[:4], total=package.people, by=by, package=package
    )


class InOtherHands(SourceTrouble):
    """Another worker has the package, or the database has not yet noticed that it is dead."""


def check(package: Package, task: Work) -> None:
    """Open a package as nobody's friend; it ends refused, with everything that is wrong, or ready to be admitted."""
    packages.begin_check(package=package, by=task.asked_by)
    try:
        with _alone(package), _delivery(package) as delivery:
            strange = _strange(package, delivery)
            if strange:
                raise PackageRefused(spool.path(package.id), [strange])
            wrong = write_error_file(
                delivery.errors(_counties()),
                spool.error_file(package.id),
                manifest=delivery.manifest,
                limit=MOST_ERRORS,
            )
            if wrong:
                told = f"内容有 {wrong:,} 处错误，详见错误清单；请更正后重新打包"
                raise PackageRefused(spool.path(package.id), [told])
            spool.error_file(package.id).unlink(missing_ok=True)
            _pass(package, delivery, task)
    except PackageRefused as refusal:
        _refuse(package, task, list(refusal.faults))


def put_in(package: Package, task: Work) -> None:
    """Admit a package, or go on with it; one worker at a time has it."""
    with _alone(package), _delivery(package) as delivery:
        try:
            admit(
                package=package,
                delivery=delivery,
                by=task.asked_by,
                announce=lambda done: work.advance(work=task, done=done),
            )
        except Cancelled as stopped:
            work.end(work=task, state="cancelled", message=str(stopped))
            return
        with transaction.atomic():
            packages.finish_admission(package=package, delivery=delivery, by=task.asked_by)
            work.end(work=task, state="done", message=f"{package.people:,} 人已准入")


def _counties() -> list[str]:
    """The counties of today; cities begin to name a new one on its first day."""
    return [code for code in places().by_code if len(code) == 6]


@transaction.atomic
def _pass(package: Package, delivery: Delivery, task: Work) -> None:
    manifest = delivery.manifest
    packages.pass_check(
        package=package,
        as_of=manifest.as_of,
        profile=manifest.profile,
        serial=manifest.serial,
        summary=delivery.summary,
        by=task.asked_by,
    )
    work.end(work=task, state="done", message="检查通过，等待省级准入")


@transaction.atomic
def _refuse(package: Package, task: Work, faults: list[str]) -> None:
    packages.refuse(package=package, faults=faults, by=task.asked_by)
    work.end(work=task, state="refused", message=faults[0])


def _strange(package: Package, delivery: Delivery) -> str:
    if delivery.manifest.division != package.division_code:
        return f"数据包是 {delivery.manifest.division} 的，不是上传单位 {package.division_code} 的；请由该单位上传"
    if delivery.sha256 != package.sha256:
        return "收到之后文件变了；请重新上传"
    return summary.strange(delivery.summary)


@contextmanager
def _delivery(package: Package) -> Iterator[Delivery]:
    """The package, opened with the keys of its division; what it was opened into is removed again."""
    identity = os.environ.get("CANBAO_PACKAGE_IDENTITY")
    with _trust(package) as trust:
        try:
            yield open_delivery(
                spool.path(package.id),
                spool.opened(package.id),
                trust=trust,
                identity=Path(identity) if identity else None,
            )
        finally:
            spool.clear(package.id)


@contextmanager
def _trust(package: Package) -> Iterator[Path]:
    keys = trusted_keys(package.division_code)
    if not keys:
        raise PackageRefused(
            spool.path(package.id), [f"省里还没有登记 {package.division_code} 的签名公钥；请先报送公钥"]
        )
    with NamedTemporaryFile("w", dir=settings.SPOOL, suffix=".pub") as file:
        file.write("".join(keys))
        file.flush()
        yield Path(file.name)


@contextmanager
def _alone(package: Package) -> Iterator[None]:
    """Hold the package for this session of the database; raises InOtherHands if another worker has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('package'), %s)", [package.id])
        if not cursor.fetchone()[0]:
            raise InOtherHands(f"数据包 {package.id}", "另一个进程正在处理", "请等它结束")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('package'), %s)", [package.id])
