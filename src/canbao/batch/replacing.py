"""A folder of results appears by one rename, or stays as it was."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from canbao.batch.trouble import SourceTrouble, refusing

MARK = "summary.json"
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


@contextmanager
def replaced(out: Path) -> Iterator[Path]:
    """Gives an empty folder beside `out` to fill; on success it takes `out`'s place, on failure it is removed.

    Packages made from earlier results are kept. Raises SourceTrouble if `out` is something that is not ours or can't
    be written, OutOfRoom when the disk is full.
    """
    with refusing(str(out), "结果写不下", "请核对 --out 的位置和写入权限；原有结果没有变动"):
        _refuse_strangers(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        _sweep(out)
        fresh = Path(tempfile.mkdtemp(prefix=_prefix(out), dir=out.parent))
        try:
            yield fresh
            _keep_packages(out, fresh)
            fresh.chmod(0o750)
            _take_place(fresh, out)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def _refuse_strangers(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise SourceTrouble(str(out), "输出位置是一个文件", "请用 --out 指定一个文件夹")
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).exists():
        raise SourceTrouble(str(out), "文件夹里有别的东西，不是以前的清理结果", "请用 --out 指定一个空文件夹")


def _prefix(out: Path) -> str:
    return f".{out.name}.partial-{os.getpid()}-"


def _sweep(out: Path) -> None:
    """Remove what runs that were killed have left behind; a run that is still alive keeps its folder."""
    for left in out.parent.glob(f".{out.name}.partial-*"):
        owner = left.name.removeprefix(f".{out.name}.partial-").split("-")[0]
        if not Path("/proc", owner).exists():
            shutil.rmtree(left, ignore_errors=True)


def _keep_packages(out: Path, fresh: Path) -> None:
    for package in out.glob("*.canbao") if out.is_dir() else ():
        os.link(package, fresh / package.name)


def _take_place(fresh: Path, out: Path) -> None:
    """Exchange the two folders in one step of the file system, or rename where there was none."""
    for file in fresh.rglob("*"):
        sync(file)
    sync(fresh)
    if not out.exists():
        fresh.rename(out)
    elif not any(out.iterdir()):
        fresh.replace(out)
    else:
        _exchange(fresh, out)
    sync(out.parent)


def _exchange(fresh: Path, out: Path) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    failed = library.renameat2(_AT_FDCWD, os.fsencode(fresh), _AT_FDCWD, os.fsencode(out), _RENAME_EXCHANGE)
    number = ctypes.get_errno() if failed else 0
    if number in (errno.EINVAL, errno.ENOSYS):
        raise SourceTrouble(str(out), "所在的磁盘不能一步换掉整个文件夹", "请用 --out 指定一个还没有的文件夹")
    if failed:
        raise OSError(number, os.strerror(number), str(out))


def sync(path: Path) -> None:
    """Have the disk hold what was written to a file, or which names a folder has."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
