"""What a database holds, in few words: rows and a digest for each table, and the head of the audit log.

The digest is the sum of a 64-bit hash of each row's text: it doesn't depend on the order of rows, and a server counts
it in one pass. It finds what got lost or changed by accident; against changes of the file the encryption authenticates.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

PINNED = {
    "row_security": "off",  # a role that may not see every row gets an error, not a part
    "search_path": "",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "statement_timeout": "0",
    "lock_timeout": "60s",
    "idle_in_transaction_session_timeout": "0",
}
"""What a row's text depends on, and what would end a long transaction."""

OURS = """
    nspname !~ '^pg_' AND nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend
        WHERE objid = pg_class.oid AND classid = 'pg_class'::regclass AND deptype = 'e')
"""
TABLES = f"""
    SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind = 'r' AND relpersistence <> 't' AND {OURS} ORDER BY nspname, relname
"""
COUNT = "SELECT count(*), coalesce(sum(hashtextextended(ROW(one.*)::text, 0)), 0)::text FROM ONLY {} AS one"
"""`one.*` and not `one`: the table may have a column of that name."""
AUDIT_LOG = "audit_log"
HEAD = "SELECT number, hash::text FROM {} ORDER BY number DESC LIMIT 1"


@dataclass(frozen=True)
class Contents:
    """`tables`: `schema.table` to (rows, digest). `audit_head`: number and hash of the audit log's last entry."""

    tables: dict[str, tuple[int, str]]
    audit_head: tuple[int, str] | None

    def differences(self, other: Contents) -> list[str]:
        """In what `other`, found in a database, differs from these: one Chinese sentence for each table."""
        names = sorted(self.tables.keys() | other.tables.keys())
        said = [_difference(name, self.tables.get(name), other.tables.get(name)) for name in names]
        if self.audit_head != other.audit_head:
            said.append(f"审计日志的末条不同：备份是 {_head(self)}，数据库是 {_head(other)}")
        return [one for one in said if one]


def pin(connection: psycopg.Connection) -> None:
    """Within the transaction that is open, set what the texts of rows depend on."""
    for name, value in PINNED.items():
        connection.execute("SELECT set_config(%s, %s, true)", [name, value])


def read_contents(connection: psycopg.Connection) -> Contents:
    """The contents as the open, pinned transaction sees them.

    Raises psycopg.errors.InsufficientPrivilege if the role may not see every row of every table.
    """
    names = connection.execute(TABLES).fetchall()
    tables = {f"{schema}.{table}": _count(connection, sql.Identifier(schema, table)) for schema, table in names}
    logs = [sql.Identifier(schema, table) for schema, table in names if table == AUDIT_LOG]
    return Contents(tables, _audit_head(connection, logs[0]) if logs else None)


def _count(connection: psycopg.Connection, table: sql.Identifier) -> tuple[int, str]:
    rows, digest = connection.execute(sql.SQL(COUNT).format(table)).fetchone() or (0, "0")
    return int(rows), str(digest)


def _audit_head(connection: psycopg.Connection, log: sql.Identifier) -> tuple[int, str] | None:
    row = connection.execute(sql.SQL(HEAD).format(log)).fetchone()
    return (int(row[0]), str(row[1])) if row else None


def _difference(name: str, ours: tuple[int, str] | None, found: tuple[int, str] | None) -> str:
    if ours == found:
        return ""
    if found is None:
        return f"数据库缺少表 {name}"
    if ours is None:
        return f"备份没有表 {name}"
    if ours[0] != found[0]:
        return f"表 {name} 的行数不同：备份 {ours[0]}，数据库 {found[0]}"
    return f"表 {name} 的内容不同（{ours[0]} 行）"


def _head(contents: Contents) -> str:
    return f"第 {contents.audit_head[0]} 条" if contents.audit_head else "空"
