"""Restoring a backup into an empty database, and comparing what is there then with what the backup says."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import psycopg
from psycopg import sql
from pyrage.x25519 import Identity

from canbao.registry.backup.contents import OURS, pin, read_contents
from canbao.registry.backup.manifest import Manifest
from canbao.registry.backup.opening import opened, read
from canbao.registry.backup.programs import Running
from canbao.registry.backup.refusal import BackupRefused
from canbao.registry.server.programs import to_dump

WORDS = ["--format=custom", "--single-transaction", "--exit-on-error", "--no-owner", "--no-tablespaces"]
INHABITED = f"""
    SELECT nspname || '.' || relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND {OURS}
    UNION ALL SELECT nspname FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public') ORDER BY 1 LIMIT 1
"""
MISSING = "SELECT name FROM unnest(%s::text[]) AS name WHERE name NOT IN (SELECT rolname FROM pg_roles)"
BEGIN_ERA = """
    ALTER TABLE history DROP COLUMN written;
    ALTER TABLE history ADD COLUMN written xid8 NOT NULL DEFAULT pg_current_xact_id();
    CREATE INDEX history_written ON history (written, person_id, version);
    UPDATE feed_era SET era = gen_random_uuid()
"""
FORCED = f"""
    SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relforcerowsecurity AND relkind IN ('r', 'p') AND {OURS}
"""


def restore(source: Path, url: str, identity: Sequence[Identity], *, compare: bool = True) -> Manifest:
    """Restore a backup into the empty database at `url`; gives the backup's manifest.

    `url` is the owner's. The file is read to its end first, so that a wrong key or damage is found before the database
    is touched; the restore itself is one transaction. With `compare`, rows and digests of every table are compared
    afterwards. Raises BackupRefused for a file or database that won't do and for any difference, ServerTrouble if a
    program is missing, psycopg.Error if the server can't be reached.
    """
    with opened(source) as handle:
        manifest = read(source, handle, identity, len)
        with psycopg.connect(url, autocommit=True) as connection:
            _refuse_unfit(connection, manifest)
            _make_extensions(connection, manifest)
        _restore(source, handle, url, identity, manifest)
    found = differences(url, manifest) if compare else []
    if found:
        remedy = "这个数据库不能使用；请删除后换用另一份备份"
        raise BackupRefused(str(source), "恢复出的内容与备份时不同：" + "；".join(found), remedy)
    _begin_era(url)
    return manifest


def differences(url: str, manifest: Manifest) -> list[str]:
    """In what the database at `url` differs from the backup's contents; an empty list means in nothing.

    `url` is the owner's. Row-level security that is forced on the owner too is lifted inside a transaction that is
    rolled back; the tables are locked meanwhile.
    """
    with psycopg.connect(url) as connection:
        pin(connection)
        for schema, table in connection.execute(FORCED).fetchall():
            lift = sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(sql.Identifier(schema, table))
            connection.execute(lift)
        found = manifest.contents.differences(read_contents(connection))
        connection.rollback()
    return found


def _begin_era(url: str) -> None:
    """Number history's transactions anew: another server counts its own, and feeds go by them.

    A column that is taken away and added costs nothing, however long history is; cursors of before are refused.
    """
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT to_regclass('feed_era')").fetchone()
        if found and found[0]:  # a backup of before there were feeds is brought up to date afterwards
            connection.execute(BEGIN_ERA)


def _refuse_unfit(connection: psycopg.Connection, manifest: Manifest) -> None:
    place, major = f"数据库 {connection.info.dbname}", connection.info.server_version // 10000
    if major < manifest.server:
        problem = f"是 PostgreSQL {major} 版，备份来自更新的 {manifest.server} 版"
        raise BackupRefused(place, problem, f"请恢复到 {manifest.server} 版或更新的服务器")
    inhabitant = connection.execute(INHABITED).fetchone()
    if inhabitant:
        raise BackupRefused(place, f"不是空的（有 {inhabitant[0]}）", "请恢复到一个新建的空数据库")
    missing = [name for (name,) in connection.execute(MISSING, [list(manifest.roles)])]
    if missing:
        remedy = "请先由管理员建立角色，见 docs/guide/production.zh.md"
        raise BackupRefused(place, f"服务器上没有角色 {'、'.join(missing)}", remedy)


def _make_extensions(connection: psycopg.Connection, manifest: Manifest) -> None:
    for name in manifest.extensions:
        try:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
        except psycopg.Error as problem:
            remedy = f"请由管理员执行 CREATE EXTENSION {name}（Debian：apt-get install postgresql-contrib）"
            raise BackupRefused(f"数据库 {connection.info.dbname}", f"扩展 {name} 建不了", remedy) from problem


def _restore(source: Path, handle: BinaryIO, url: str, identity: Sequence[Identity], manifest: Manifest) -> None:
    programs = to_dump(manifest.dump, "pg_restore")
    with Running(programs, "pg_restore", url, WORDS) as restoring:
        stdin = restoring.process.stdin
        assert stdin is not None
        with suppress(BrokenPipeError):  # what pg_restore says is told below
            read(source, handle, identity, stdin.write)
            stdin.close()
        said = restoring.complaint()
    if said:
        raise BackupRefused("pg_restore", f"没有做完，数据库没有变动（{said}）", "请按所说的处理后再恢复")
