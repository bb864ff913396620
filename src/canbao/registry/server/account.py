"""Under which account of the operating system the private server runs; PostgreSQL refuses root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from canbao.registry.server.trouble import ServerTrouble

USUAL = "postgres"
OWN = "canbao-postgres"
"""Made when we are root and the machine has no account `postgres`."""


@dataclass(frozen=True)
class Account:
    """An account by its numbers; `is_other` if it isn't the one that this process runs under."""

    uid: int
    gid: int
    is_other: bool

    def start_as(self) -> dict[str, Any]:
        """What `subprocess.run` needs to start a program under this account, with nothing of the caller's about it."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        common: dict[str, Any] = {"cwd": "/", "umask": 0o077, "env": {**kept, "LC_ALL": "C"}}
        if not self.is_other:
            return common
        return {**common, "user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make the account the owner of a file or folder."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)

    def reaches(self, folder: Path) -> bool:
        """Whether the account may go into `folder` and so into all folders above it."""
        if not self.is_other:
            return True
        asked = subprocess.run([shutil.which("test") or "/usr/bin/test", "-x", folder], **self.start_as())
        return asked.returncode == 0


def account_for(data: Path) -> Account:
    """The account that owns the data folder; before there is one: ours, or as root `postgres` or one that we make."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), is_other=False)
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid, is_other=True)
    entry = _entry(USUAL) or _entry(OWN) or _made()
    return Account(entry.pw_uid, entry.pw_gid, is_other=True)


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", OWN]
    remedy = f"请以普通用户运行，或先执行：{' '.join(command)}"
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        raise ServerTrouble(OWN, "PostgreSQL 不能以 root 运行，而给它用的系统账号建不了", remedy) from problem
    entry = _entry(OWN)
    if entry is None:
        raise ServerTrouble(OWN, "系统账号建了却查不到", remedy)
    return entry
