"""Where the private server keeps what: data, socket, passwords, parameters.

    postgresql/            0700; as root 0711, so that the server's account can go through
        data/              0700, the server's account's: the database itself
        socket/            0700, the server's account's (in the temporary folder if the path were too long)
        passwords.json     0600, ours
        postgresql.conf, pg_hba.conf, lock

As root, below a folder where the server's account may not go (as /root), `postgresql` is a link into
/var/lib/canbao-postgresql.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from canbao.registry.server.account import Account, account_for
from canbao.registry.server.passwords import passwords_in
from canbao.registry.server.trouble import NO_ROOM, ServerOutOfRoom, ServerTrouble

LONGEST_SOCKET = 100
"""Bytes; the system's limit for the path of a socket is 107 on Linux, 103 elsewhere."""
SOCKET_NAME = ".s.PGSQL.5432"
ELSEWHERE = Path("/var/lib/canbao-postgresql")


@dataclass(frozen=True)
class Place:
    """The folder `home` of a private server, and the account that serves it."""

    home: Path
    account: Account

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.home / "data"

    @property
    def socket(self) -> Path:
        """The folder of the socket; outside `home` if its path would be too long for the system."""
        inside = self.home / "socket"
        if len(os.fsencode(inside / SOCKET_NAME)) <= LONGEST_SOCKET:
            return inside
        return Path("/tmp") / f"canbao-{hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]}"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.data / "server.log"

    @property
    def data_major(self) -> int | None:
        """The major version that made the data folder, or None if there is none yet."""
        version = self.data / "PG_VERSION"
        return int(version.read_text().strip()) if version.exists() else None

    def passwords(self) -> dict[str, str]:
        """Role to password; raises ServerTrouble if they can't be read."""
        return passwords_in(self.home / "passwords.json", is_new=self.data_major is None)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time makes, starts or stops the server; the lock ends with the process."""
        with os.fdopen(os.open(self.home / "lock", os.O_WRONLY | os.O_CREAT, 0o600), "w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def make_socket_folder(self) -> None:
        """Make the socket's folder, or check that the one there is nobody else's: /tmp is open to all."""
        try:
            self.socket.mkdir(mode=0o700)
            self.account.give(self.socket)
        except FileExistsError:
            found = self.socket.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (self.account.uid, 0) or found.st_mode & 0o077:
                remedy = "请删除它后再启动"
                raise ServerTrouble(str(self.socket), "这个文件夹不是本程序的，或别人也能进入", remedy) from None
            self.account.give(self.socket)


def place_in(folder: Path) -> Place:
    """The private server's place in the state folder, made if it isn't there; raises ServerTrouble if it can't be."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=_mode())
        with _alone_in(folder):
            return _made_place(folder.absolute() / "postgresql")
    except OSError as problem:
        raise folder_trouble(problem, folder) from problem


def folder_trouble(problem: OSError, folder: Path) -> ServerTrouble:
    """What the system said about a folder, as a trouble."""
    if problem.errno in NO_ROOM:
        return ServerOutOfRoom(str(folder), "磁盘空间用完了", "请腾出空间后再启动")
    return ServerTrouble(str(folder), f"文件夹用不了（{problem.strerror}）", "请核对路径和写入权限")


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One process at a time makes the place."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _made_place(home: Path) -> Place:
    _make_home(home)
    place = Place(home.resolve(), account_for(home / "data"))
    if place.account.reaches(place.home):
        return place
    if place.data.exists():
        remedy = f"请准许进入上层文件夹（chmod o+x），或用 CANBAO_STATE 另指一个文件夹；账号编号 {place.account.uid}"
        raise ServerTrouble(str(place.home), "运行 PostgreSQL 的系统账号进不了这个文件夹", remedy)
    return Place(_moved_elsewhere(home), place.account)


def _mode() -> int:
    return 0o711 if os.geteuid() == 0 else 0o700


def _make_home(home: Path) -> None:
    if not home.exists():
        home.unlink(missing_ok=True)  # a link whose target is gone
        home.mkdir(mode=_mode())
        home.chmod(_mode())


def _moved_elsewhere(home: Path) -> Path:
    """A home without data becomes a link to a folder that the server's account reaches."""
    ELSEWHERE.mkdir(mode=0o711, parents=True, exist_ok=True)
    moved = Path(tempfile.mkdtemp(prefix="postgresql-", dir=ELSEWHERE))
    moved.chmod(_mode())
    shutil.rmtree(home)
    home.symlink_to(moved)
    return moved
