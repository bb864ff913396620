"""Where printed papers lie till they are fetched, and while they are made: under names of ours, for us alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from canbao.survey.models import Printing


def file_of(printing: Printing) -> Path:
    """The whole PDF, which is there or not."""
    return _folder() / f"{printing.pk}.pdf"


def work_of(printing: Printing) -> Path:
    """The folder of pieces while it is made."""
    return _folder() / f"{printing.pk}.work"


def clear_work(printing: Printing) -> None:
    """Take the pieces away."""
    shutil.rmtree(work_of(printing), ignore_errors=True)


def kept_until(printing: Printing) -> datetime:
    """When the file is deleted."""
    return (printing.work.ended_at or timezone.now()) + timedelta(days=settings.PRINTS_KEPT_DAYS)


def delete_old() -> int:
    """Delete the files of work that has been over for some days, and what is left of work that is over; how many."""
    files = [(int(file.name.partition(".")[0]), file) for file in _files()]
    known = Printing.objects.select_related("work").in_bulk({key for key, _ in files})
    old = {key for key, _ in files if key not in known or _is_old(known[key])}
    for key, file in files:
        if key in old:
            shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)
    return len(old)


def _is_old(printing: Printing) -> bool:
    return printing.work.ended_at is not None and kept_until(printing) < timezone.now()


def _files() -> Iterator[Path]:
    return (file for file in _folder().iterdir() if file.name.partition(".")[0].isdecimal())


def _folder() -> Path:
    folder = Path(settings.SPOOL) / "prints"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
