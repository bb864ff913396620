"""Whether a server may be trusted with the register: asked at every start, and a fault stops the start."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from canbao.registry.server.programs import OLDEST
from canbao.registry.server.trouble import ServerTrouble

SETTINGS: dict[str, tuple[set[str], str]] = {
    "fsync": ({"on"}, "断电会损坏数据库"),
    "full_page_writes": ({"on"}, "断电会留下写了一半的页"),
    "synchronous_commit": ({"on", "remote_apply"}, "已答复“成功”的登记在断电后会丢失"),
    "data_checksums": ({"on"}, "磁盘的错误不会被发现；可停库后用 pg_checksums --enable 打开"),
    "server_encoding": ({"UTF8"}, "存不下全部汉字；请另建编码为 UTF8 的数据库"),
    "default_transaction_isolation": ({"read committed"}, "加锁和唯一约束是按 read committed 设计的"),
    "default_transaction_read_only": ({"off"}, "登记写不进去"),
}
"""Parameter to the values that are sound, and what happens with any other; as they stand for this connection."""
ZONES = {"Asia/Shanghai", "PRC"}

STATE = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"
ZONE = "SELECT reset_val FROM pg_settings WHERE name = 'TimeZone'"
"""What the server gives a new connection; Django sets its own connections to UTC afterwards, and may."""
ROLE = """
    SELECT rolname, rolsuper, rolbypassrls,
        (SELECT pg_has_role(rolname, datdba, 'MEMBER') FROM pg_database WHERE datname = current_database())
        OR EXISTS (SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE relkind IN ('r', 'p') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
            AND pg_has_role(rolname, relowner, 'MEMBER'))
    FROM pg_roles WHERE rolname = session_user
"""
TRIGRAMS = "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')"
CHINESE = "SELECT cardinality(show_trgm('参保')) > 0"


def faults(connection: psycopg.Connection) -> list[str]:
    """What is unsafe about the server, the database and the role of `connection`, one Chinese sentence each.

    `connection` is one as the application uses it, with its role; an empty list means that it may work. Raises
    psycopg.Error if the server can't be asked.
    """
    return [*_version(connection), *_settings(connection), *_zone(connection), *_role(connection), *_names(connection)]


def _version(connection: psycopg.Connection) -> Iterator[str]:
    version = connection.info.server_version
    if version < OLDEST * 10000:
        yield f"PostgreSQL 是 {version // 10000} 版，太旧；需要 {OLDEST} 版或更新"
    if _asked(connection, "SELECT pg_is_in_recovery()"):
        yield "连上的是备用服务器，只能读；请把 CANBAO_DATABASE_URL 指向主服务器"


def _settings(connection: psycopg.Connection) -> Iterator[str]:
    found: dict[str, str] = dict(connection.execute(STATE, [list(SETTINGS)]).fetchall())
    for name, (sound, consequence) in SETTINGS.items():
        if found.get(name, "") not in sound:
            yield f"数据库参数 {name} 是 {found.get(name)}，应为 {' 或 '.join(sorted(sound))}：{consequence}"


def _zone(connection: psycopg.Connection) -> Iterator[str]:
    zone = _asked(connection, ZONE)
    if zone not in ZONES:
        yield f"数据库参数 timezone 是 {zone}，应为 Asia/Shanghai：经办日期会差一天"


def _role(connection: psycopg.Connection) -> Iterator[str]:
    role, is_superuser, bypasses, owns = connection.execute(ROLE).fetchone() or ("", True, True, True)
    remedy = "请按 docs/guide/production.zh.md 另建应用角色"
    if is_superuser:
        yield f"应用角色 {role} 是超级用户，行级权限对它无效；{remedy}"
    elif owns:
        yield f"应用角色 {role} 是数据库或表的所有者（或属于所有者），能改表结构和审计日志；{remedy}"
    if bypasses:
        yield f"应用角色 {role} 有 BYPASSRLS，行级权限对它无效；{remedy}"


def _names(connection: psycopg.Connection) -> Iterator[str]:
    if not _asked(connection, TRIGRAMS):
        yield "数据库没有扩展 pg_trgm，姓名不能模糊查找；请由所有者执行 CREATE EXTENSION pg_trgm"
    elif not _asked(connection, CHINESE):
        yield "数据库的 LC_CTYPE 不认汉字，姓名不能模糊查找；请另建 LC_CTYPE 为 C.UTF-8 的数据库"


def _asked(connection: psycopg.Connection, query: str) -> object:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def unsound(url: str) -> list[str]:
    """The faults of the database behind an address, as the application would meet it."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            return faults(connection)
    except psycopg.OperationalError as problem:
        remedy = "请核对 CANBAO_DATABASE_URL 的主机、端口、用户和口令，以及数据库是否在运行"
        raise ServerTrouble("数据库", "连不上", remedy) from problem
