"""Passwords of the private server's roles: made once, kept in a file for its owner alone."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from canbao.registry.server.trouble import ServerTrouble

SUPERUSER, OWNER, APPLICATION, BACKUP = "postgres", "canbao_owner", "canbao_app", "canbao_backup"
ROLES = (SUPERUSER, OWNER, APPLICATION, BACKUP)
BYTES = 24


def passwords_in(file: Path, *, is_new: bool) -> dict[str, str]:
    """Role to password, from the file; a role that isn't in it yet gets one.

    `is_new` if there is no database yet, and so no password that could be lost. Raises ServerTrouble if the file is
    gone or can't be read.
    """
    known = _read(file, is_new)
    missing = [role for role in ROLES if role not in known]
    if missing:
        known |= {role: secrets.token_urlsafe(BYTES) for role in missing}
        _write(file, known)
    return known


def _read(file: Path, is_new: bool) -> dict[str, str]:
    if is_new and not file.exists():
        return {}
    try:
        return dict(json.loads(file.read_text()))
    except (OSError, ValueError) as problem:
        remedy = "请从备份恢复这个文件，并核对读取权限"
        raise ServerTrouble(str(file), "数据库口令读不出来", remedy) from problem


def _write(file: Path, known: dict[str, str]) -> None:
    unfinished = file.with_name(file.name + ".part")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        json.dump(known, handle)
        handle.flush()
        os.fsync(handle.fileno())
    unfinished.rename(file)
