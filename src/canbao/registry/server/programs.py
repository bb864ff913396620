"""PostgreSQL's own programs: where they are on this machine, and which of several versions to take."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from canbao.registry.server import wheel
from canbao.registry.server.trouble import ServerTrouble

OLDEST = 15
PACKAGED = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
"""Where Debian's and PostgreSQL's own RPM packages put their programs."""
TO_SERVE = ("initdb", "postgres", "pg_ctl")


@dataclass(frozen=True)
class Programs:
    """A folder of PostgreSQL programs and their major version; `is_wheel` if they came with a Python package."""

    folder: Path
    major: int
    is_wheel: bool = False

    def path(self, name: str) -> str:
        """The full path of a program, e.g. `pg_ctl`."""
        return str(self.folder / name)


def installed(needed: Sequence[str], packaged: Sequence[str] = PACKAGED) -> list[Programs]:
    """Every installation that has the `needed` programs: the system's, newest first, and last the wheel's."""
    system = sorted(_found(needed, packaged), key=lambda one: one.major, reverse=True)
    folder = wheel.programs_folder()
    if folder is None or not _has(folder, needed):
        return system
    return [*system, Programs(folder, _major(folder / needed[0]), is_wheel=True)]


def to_serve(data_major: int | None = None, packaged: Sequence[str] = PACKAGED) -> Programs:
    """The programs to run a server with: the system's newest, else the wheel's.

    A data folder that exists already (`data_major`) can only be served by its own major version. Raises ServerTrouble
    if nothing here will do; it says what was found and what to install.
    """
    found = installed(TO_SERVE, packaged)
    new_enough = [one for one in found if one.major >= OLDEST]
    if not new_enough:
        raise _nothing_found(found)
    if data_major is None:
        return new_enough[0]
    fitting = [one for one in new_enough if one.major == data_major]
    if not fitting:
        raise _other_version(data_major, new_enough)
    return fitting[0]


def to_dump(server_major: int, needed: str, packaged: Sequence[str] = PACKAGED) -> Programs:
    """The oldest installation that is not older than the server: `pg_dump` and `pg_restore` must not be.

    `needed` is the program's name. Raises ServerTrouble if there is none.
    """
    found = installed([needed], packaged)
    fitting = [one for one in found if one.major >= server_major]
    if not fitting:
        have = "、".join(str(one.major) for one in found) or "没有找到任何版本"
        remedy = f"请安装：apt-get install postgresql-client-{server_major}"
        raise ServerTrouble(needed, f"服务器是 PostgreSQL {server_major}，本机的 {needed} 不能更旧（{have}）", remedy)
    return min(fitting, key=lambda one: one.major)


def _found(needed: Sequence[str], packaged: Sequence[str]) -> Iterator[Programs]:
    for pattern in packaged:
        for folder in Path("/").glob(pattern.lstrip("/")):
            if _has(folder, needed):
                yield Programs(folder, _major(folder / needed[0]))


def _has(folder: Path, needed: Sequence[str]) -> bool:
    return all((folder / name).is_file() for name in needed)


def _major(program: Path) -> int:
    """The major version that a program says of itself; 0 if it can't be run here."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    number = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(number[1]) if number else 0


def _nothing_found(found: Sequence[Programs]) -> ServerTrouble:
    remedy = "请安装：apt-get install postgresql，或用环境变量 CANBAO_DATABASE_URL 指定已有的数据库"
    if found:
        have = "、".join(str(one.major) for one in found)
        return ServerTrouble("PostgreSQL", f"本机只有 {have} 版，太旧，需要 {OLDEST} 版或更新", remedy)
    return ServerTrouble("PostgreSQL", f"本机没有 {'、'.join(TO_SERVE)} 这些程序", remedy)


def _other_version(data_major: int, found: Sequence[Programs]) -> ServerTrouble:
    have = "、".join(str(one.major) for one in found)
    return ServerTrouble(
        "数据文件夹",
        f"是 PostgreSQL {data_major} 版建的，本机只有 {have} 版",
        f"请安装：apt-get install postgresql-{data_major}；要换版本，先用旧版 canbao backup，再在新库 canbao restore",
    )
