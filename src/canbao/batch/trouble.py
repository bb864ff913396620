"""What can stop a run: something that can't be read or written, or no room to work in."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from canbao.core.trouble import Trouble

ROOM_REMEDY = "请腾出磁盘空间或内存（--memory 可限制内存用量）后再运行；原有结果没有变动"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.ENOMEM)
"""What the system says when disk or memory is at an end; whatever else it says is not mended by more room."""

REASONS = {
    errno.ENOSPC: "磁盘空间用完了",
    errno.EDQUOT: "磁盘配额用完了",
    errno.EFBIG: "文件超过了磁盘允许的大小",
    errno.ENOMEM: "内存用完了",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EEXIST: "已经有了同名的文件或文件夹",
    errno.ENOTDIR: "路径中间有一段不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在磁盘是只读的",
    errno.ENAMETOOLONG: "名字太长",
    errno.EINVAL: "名字不能用",
    errno.ELOOP: "符号链接绕成了圈",
    errno.EBUSY: "正被别的程序占用",
    errno.EADDRINUSE: "正被别的程序占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
    errno.ETXTBSY: "正被别的程序占用",
    errno.EXDEV: "不在同一个磁盘上",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.EIO: "磁盘读写出错",
    errno.ENODEV: "设备不在了",
    errno.ENXIO: "设备不在了",
    errno.ESTALE: "网络文件夹断开了",
    errno.ETIMEDOUT: "网络文件夹没有回应",
    errno.EOPNOTSUPP: "所在磁盘不支持这样做",
    errno.ENOSYS: "所在磁盘不支持这样做",
}
"""Why the system refused a file, in words for whoever reads them."""


class SourceTrouble(Trouble):
    """The configuration or a source can't be read."""


class OutOfRoom(Exception):
    """Memory or disk is at an end; what was there before has not been touched."""

    exit_status = 3

    def __init__(self, problem: str, remedy: str = ROOM_REMEDY) -> None:
        super().__init__(problem, remedy)
        self.problem, self.remedy = problem, remedy

    def __str__(self) -> str:
        return f"{self.problem}；{self.remedy}"


def reason(number: int | None) -> str:
    """Why the system refused, by its number (`OSError.errno`), in Chinese."""
    return REASONS.get(number or 0, f"系统错误 {number}" if number else "系统没有说明原因")


def reason_within(text: str) -> int | None:
    """The number of the system's error whose words a library has put into its own; None where there are none."""
    return next((number for number in REASONS if os.strerror(number) in text), None)


def refused(
    number: int | None, place: str, failed: str, remedy: str, room_remedy: str = ROOM_REMEDY
) -> SourceTrouble | OutOfRoom:
    """What the system refused at `place`: no room, or something that can't be used; `failed` (写不下) may be empty."""
    problem = f"{failed}（{reason(number)}）" if failed else reason(number)
    if number in NO_ROOM:
        return OutOfRoom(f"{place}：{problem}", room_remedy)
    return SourceTrouble(place, problem, remedy)


@contextmanager
def refusing(place: str, failed: str, remedy: str, room_remedy: str = ROOM_REMEDY) -> Iterator[None]:
    """Turns what the system refuses inside into SourceTrouble or OutOfRoom, as `refused` words it.

    A reader of our output who has gone is no trouble of the place.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise refused(problem.errno, place, failed, remedy, room_remedy) from problem
