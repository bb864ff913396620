"""Taking a backup: one snapshot, counted and dumped, encrypted on its way to the disk."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import psycopg
from psycopg.errors import InsufficientPrivilege
from pyrage.x25519 import Recipient

from canbao.registry.backup.contents import pin, read_contents
from canbao.registry.backup.manifest import Manifest
from canbao.registry.backup.programs import Running
from canbao.registry.backup.refusal import BackupRefused
from canbao.registry.backup.sealing import seal
from canbao.registry.disk import sync_folder
from canbao.registry.server.programs import Programs, to_dump
from canbao.registry.server.trouble import NO_ROOM, ServerOutOfRoom

NO_EXTENSIONS = "--extension=plpgsql"
"""Only the one that every database has. The others are noted in the manifest and made before the restore: their owner
may be another role, and then pg_restore could not set their comments."""
WORDS = ["--format=custom", "--compress=1", "--lock-wait-timeout=60s", NO_EXTENSIONS]
EXTENSIONS = "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY extname"
ROLES = """
    SELECT DISTINCT rolname FROM pg_shdepend JOIN pg_roles ON pg_roles.oid = refobjid
    JOIN pg_database ON pg_database.oid = dbid AND datname = current_database()
    WHERE refclassid = 'pg_authid'::regclass AND deptype IN ('a', 'r') AND rolname !~ '^pg_' ORDER BY rolname
"""
"""Roles that grants (a) and policies (r) of this database name."""


def backup(url: str, target: Path, recipient: Recipient) -> Manifest:
    """Write an encrypted backup of the database at `url` to the new file `target`; gives what is in it.

    `url` should be of a role with BYPASSRLS that may read all tables, such as `canbao_backup`, and lead to the server
    itself and not to pgBouncer. The plain dump is never on the disk. Raises BackupRefused if there is a file already
    or the role can't see every row, ServerTrouble if a program is missing, ServerOutOfRoom if the disk is full, and
    psycopg.Error if the server can't be reached; no file is left then.
    """
    if target.exists():
        raise BackupRefused(str(target), "已有这个文件", "备份不会覆盖文件；请换一个文件名")
    with _written_whole(target) as handle, psycopg.connect(url) as connection:
        connection.isolation_level, connection.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
        pin(connection)
        snapshot = _one(connection, "SELECT pg_export_snapshot()")
        programs = to_dump(connection.info.server_version // 10000, "pg_dump")
        manifest = _manifest(connection, programs)
        with Running(programs, "pg_dump", url, [*WORDS, f"--snapshot={snapshot}"]) as dump:
            seal(_ManifestAndDump(manifest.opening(), dump), handle, recipient)
    return manifest


def _manifest(connection: psycopg.Connection, programs: Programs) -> Manifest:
    try:
        contents = read_contents(connection)
    except InsufficientPrivilege as problem:
        role = connection.info.user
        remedy = "请用有 BYPASSRLS 和 pg_read_all_data 的角色（如 canbao_backup，环境变量 CANBAO_BACKUP_DATABASE_URL）"
        raise BackupRefused(f"角色 {role}", "不能看到全部数据，备份会不完整", remedy) from problem
    return Manifest(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        database=connection.info.dbname,
        server=connection.info.server_version // 10000,
        dump=programs.major,
        extensions=tuple(name for (name,) in connection.execute(EXTENSIONS)),
        roles=tuple(name for (name,) in connection.execute(ROLES)),
        contents=contents,
    )


class _ManifestAndDump:
    """The manifest's bytes and then the dump's; a dump that ends badly is an error and not an end."""

    def __init__(self, opening: bytes, dump: Running) -> None:
        self._opening, self._dump = memoryview(opening), dump

    def read(self, size: int = -1) -> bytes:
        if self._opening:
            taken, self._opening = self._opening[:size], self._opening[size:]
            return bytes(taken)
        assert self._dump.process.stdout is not None
        piece = self._dump.process.stdout.read(size)
        if not piece and (said := self._dump.complaint()):
            raise BackupRefused("pg_dump", f"没有做完（{said}）", "请按所说的处理后重做备份")
        return piece


@contextmanager
def _written_whole(target: Path) -> Iterator[BinaryIO]:
    """A file beside `target` that takes its name when it is written whole and on the disk, else is gone."""
    unfinished = target.with_name(target.name + ".part")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600), "wb") as handle:
            _lock(handle, unfinished)
            try:
                yield handle
                handle.flush()
                os.fsync(handle.fileno())
                unfinished.rename(target)
            except BaseException:
                unfinished.unlink()
                raise
        sync_folder(target.parent)
    except OSError as problem:
        if problem.errno in NO_ROOM:
            raise ServerOutOfRoom(str(target.parent), "磁盘空间用完了", "请腾出空间后重做备份") from problem
        raise BackupRefused(str(target), f"备份写不下（{problem.strerror}）", "请核对路径和写入权限") from problem


def _lock(handle: BinaryIO, unfinished: Path) -> None:
    """Another backup to the same file is let alone; what a killed one left is written over."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as problem:
        raise BackupRefused(str(unfinished), "另一个备份正在写这个文件", "请等它结束，或换一个文件名") from problem
    handle.truncate()


def _one(connection: psycopg.Connection, query: str) -> str:
    row = connection.execute(query).fetchone()
    return str(row[0]) if row else ""
