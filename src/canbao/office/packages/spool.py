"""Where uploaded packages lie until they are admitted: under names of ours, complete or not there."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

from django.conf import settings
from django.core.files import File

from canbao.registry.access import Refused
from canbao.registry.disk import sync_folder

LARGEST = 20 << 30
"""Bytes; the largest city's package is a tenth of it."""


@dataclass(frozen=True)
class Spooled:
    """An upload that lies complete on the disk."""

    part: Path
    size: int
    sha256: str


def spool(upload: File) -> Spooled:
    """Write an upload, or a file of our own, to the disk.

    Raises Refused if it is empty or too large, or if there is no room.
    """
    folder = Path(settings.SPOOL)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not upload.size or upload.size > LARGEST:
        raise Refused("文件是空的，或超过 20 GB；请重新选择 canbao pack 写出的文件")
    handle, name = mkstemp(dir=folder, suffix=".part")
    digest = hashlib.sha256()
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in upload.chunks():
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        Path(name).unlink(missing_ok=True)
        raise Refused("服务器磁盘写不下，没有收下；请联系系统管理员") from problem
    return Spooled(Path(name), upload.size, digest.hexdigest())


def keep(spooled: Spooled, package_id: int) -> Path:
    """Give a complete upload its package's name; when it is acknowledged, it is on the disk."""
    kept = path(package_id)
    spooled.part.rename(kept)
    sync_folder(kept.parent)
    return kept


def path(package_id: int) -> Path:
    """Where a package lies."""
    return Path(settings.SPOOL) / f"{package_id}.canbao"


def error_file(package_id: int) -> Path:
    """Where the list of what is wrong with a package lies."""
    return Path(settings.SPOOL) / f"{package_id}-errors.xlsx"


def opened(package_id: int) -> Path:
    """The folder in which a package is opened, emptied."""
    folder = Path(settings.SPOOL) / f"{package_id}-opened"
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def clear(package_id: int) -> None:
    """Remove the opened contents; the package itself is kept as it came in."""
    shutil.rmtree(Path(settings.SPOOL) / f"{package_id}-opened", ignore_errors=True)
