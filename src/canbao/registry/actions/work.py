"""Background work: asked for by an officer, watched by many, stopped on request."""

from __future__ import annotations

from django.utils import timezone

from canbao.registry.access import require_area
from canbao.registry.deeds import deed
from canbao.registry.models import Officer, Package, Work


def ask(*, kind: str, label: str, area: str, total: int, by: Officer, package: Package | None = None) -> Work:
    """Write down that work waits; whoever puts it on the queue gives it this row's id."""
    return Work.objects.create(kind=kind, label=label, area=area, total=total, asked_by=by, package=package)


def begin(*, work: Work) -> None:
    """A worker has taken it up, perhaps not for the first time."""
    Work.objects.filter(pk=work.pk).update(state="running", started_at=timezone.now(), ended_at=None, message="")


def wait(*, work: Work, message: str) -> None:
    """Something is in its way that will pass; it goes on by itself."""
    Work.objects.filter(pk=work.pk).update(state="waiting", message=message[:2000])


def is_over(work: Work) -> bool:
    """Whether there is nothing left to do about it; what has failed may be tried again."""
    return work.state in ("done", "refused", "cancelled")


def advance(*, work: Work, done: int) -> bool:
    """Say how far it is; answers whether to go on."""
    Work.objects.filter(pk=work.pk).update(done=done)
    return not Work.objects.filter(pk=work.pk, is_cancel_asked=True).exists()


def end(*, work: Work, state: str, message: str = "") -> None:
    """It is over: `done`, `failed`, `cancelled` or `refused`, and what there is to say about it."""
    Work.objects.filter(pk=work.pk).update(state=state, ended_at=timezone.now(), message=message[:2000])


def cancel(*, work: Work, by: Officer) -> None:
    """Ask running or waiting work to stop; it stops at the next safe place."""
    with deed(by=by, action="work.cancel", permission="work.cancel") as note:
        note.objects.append(f"work:{work.pk}")
        require_area(by, work.area)
        Work.objects.filter(pk=work.pk, state__in=["waiting", "running"]).update(is_cancel_asked=True)
