"""The province's check of a package, its dry run, its admission and its withdrawal, as a worker does them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import transaction

from canbao.batch.delivery import Delivery, write_error_file
from canbao.batch.package import PackageRefused
from canbao.office.packages import spool, summary
from canbao.office.packages.opening import alone, opened
from canbao.registry.actions import packages, work
from canbao.registry.actions.admission import Announce, Cancelled, admit, rehearse, take_out
from canbao.registry.actions.rehearsals import BEFORE_ADMISSION, keep_rehearsal
from canbao.registry.models import Package, Work
from canbao.registry.places_now import places
from canbao.registry.plausibility import examine, is_doubtful

MOST_ERRORS = 100_000


def check(package: Package, task: Work) -> None:
    """Open a package as nobody's friend; it ends refused, with everything that is wrong, or ready to be admitted."""
    packages.begin_check(package=package, by=task.asked_by)
    try:
        with alone(package), opened(package) as delivery:
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
    with _told_if_stopped(task), alone(package):
        _require(package, ("admitting",), "准入中")
        with opened(package) as delivery:
            admit(package=package, delivery=delivery, by=task.asked_by, announce=_announcing(task))
            with transaction.atomic():
                packages.finish_admission(package=package, delivery=delivery, by=task.asked_by)
                work.end(work=task, state="done", message=f"{package.people:,} 人已准入")


def try_out(package: Package, task: Work) -> None:
    """Find out what admitting a package would change."""
    with _told_if_stopped(task), alone(package):
        _require(package, BEFORE_ADMISSION, "等待准入")
        with opened(package) as delivery:
            found = rehearse(package=package, delivery=delivery, by=task.asked_by, announce=_announcing(task))
        with transaction.atomic():
            keep_rehearsal(package=package, rehearsal=found, by=task.asked_by)
            work.end(work=task, state="done", message="试运行完成，登记库没有改动")


def take_back(package: Package, task: Work) -> None:
    """Take a package out of the register, or go on with it; one worker at a time has it."""
    with _told_if_stopped(task), alone(package):
        _require(package, ("withdrawing",), "撤回中")
        done = take_out(package=package, by=task.asked_by, announce=_announcing(task))
        with transaction.atomic():
            packages.finish_withdrawal(package=package, by=task.asked_by)
            work.end(work=task, state="done", message=f"{done['people']:,} 人的资料已恢复到准入以前")


@contextmanager
def _told_if_stopped(task: Work) -> Iterator[None]:
    """Work that finds nothing left to do, or that somebody asks to stop, is over and not failed."""
    try:
        yield
    except Cancelled as stopped:
        work.end(work=task, state="cancelled", message=str(stopped))


def _require(package: Package, states: Collection[str], words: str) -> None:
    """Raise Cancelled unless the package, held by us alone, is in one of these states."""
    if package.state not in states:
        raise Cancelled(f"这个数据包已经不在{words}")


def _announcing(task: Work) -> Announce:
    return lambda done: work.advance(work=task, done=done)


def _counties() -> list[str]:
    """The counties of today; cities begin to name a new one on its first day."""
    return [code for code in places().by_code if len(code) == 6]


def _pass(package: Package, delivery: Delivery, task: Work) -> None:
    found = examine(package, delivery)
    manifest = delivery.manifest
    with transaction.atomic():
        packages.pass_check(
            package=package,
            as_of=manifest.as_of,
            profile=manifest.profile,
            serial=manifest.serial,
            summary=delivery.summary,
            plausibility=found,
            by=task.asked_by,
        )
        told = "检查完成，整体存疑，等待省级核实" if is_doubtful(found) else "检查通过，等待省级准入"
        work.end(work=task, state="done", message=told)


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
