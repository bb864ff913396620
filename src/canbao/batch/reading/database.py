"""A query to PostgreSQL or MySQL: its answer becomes a CSV file in the work folder."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pymysql
import pymysql.converters
import pymysql.cursors
import sqlglot
from psycopg import sql
from sqlglot import exp
from sqlglot.errors import SqlglotError

from canbao.batch.source_specs import SourceSpec
from canbao.batch.trouble import SourceTrouble

SECONDS_TO_CONNECT = 15
WRITING = (
    exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Alter, exp.Command, exp.Into, exp.Copy,
    exp.Lock, exp.Set, exp.TruncateTable,
)  # fmt: skip
REMEDY = "请核对 city.toml 的 url、query 和网络；密码可放在环境变量 PGPASSWORD（PostgreSQL）或 MYSQL_PWD（MySQL）里"


def fetch(spec: SourceSpec, target: Path) -> None:
    """Write the answer to the spec's query into `target`, a UTF-8 CSV with header.

    The query runs in a read-only transaction. Raises SourceTrouble, without password, for a query that is not one
    SELECT, and for whatever the server refuses.
    """
    url, query = spec.url or "", (spec.query or "").strip().rstrip(";")
    is_mysql = url.startswith("mysql")
    _refuse_writing(query, "mysql" if is_mysql else "postgres", spec.label)
    try:
        (_from_mysql if is_mysql else _from_postgresql)(url, query, target)
    except (psycopg.Error, pymysql.Error, ValueError) as problem:
        said = _without_password(str(problem), url)
        raise SourceTrouble(spec.label, f"数据库没有给出结果（{said}）", REMEDY) from None


def _refuse_writing(query: str, dialect: str, label: str) -> None:
    try:
        statements = sqlglot.parse(query, read=dialect)
    except (SqlglotError, RecursionError) as problem:
        raise SourceTrouble(f"{label} 的 query", "不合 SQL 的写法", "请写一条 SELECT 语句") from problem
    only = statements[0] if len(statements) == 1 else None
    if not isinstance(only, exp.Query) or only.find(*WRITING):
        raise SourceTrouble(f"{label} 的 query", "不是一条只读的 SELECT 语句", "请只写一条 SELECT 语句")


def _from_postgresql(url: str, query: str, target: Path) -> None:
    copy = sql.SQL("COPY ({}\n) TO STDOUT (FORMAT csv, HEADER true)").format(sql.SQL(query))
    with psycopg.connect(url, connect_timeout=SECONDS_TO_CONNECT, autocommit=False) as connection:
        connection.read_only = True
        connection.execute("SET client_encoding TO 'UTF8'")
        connection.execute("SET datestyle TO 'ISO'")
        connection.execute("SET timezone TO 'Asia/Shanghai'")
        with connection.cursor() as cursor, cursor.copy(copy) as rows, target.open("wb") as file:
            for block in rows:
                file.write(block)


def _from_mysql(url: str, query: str, target: Path) -> None:
    parts = urlsplit(url)
    encoders: dict[Any, Any] = dict(pymysql.converters.encoders)
    connection = pymysql.connect(
        host=parts.hostname or "localhost",
        port=parts.port or 3306,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or os.environ.get("MYSQL_PWD", "")),
        database=parts.path.strip("/") or None,
        charset="utf8mb4",
        connect_timeout=SECONDS_TO_CONNECT,
        cursorclass=pymysql.cursors.SSCursor,
        conv=encoders,  # no decoders: every value is the server's own text
    )
    with connection, connection.cursor() as cursor:
        cursor.execute("START TRANSACTION READ ONLY")
        cursor.execute(query)
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([column[0] for column in cursor.description or ()])
            writer.writerows([_text(value) for value in row] for row in cursor)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)


def _without_password(message: str, url: str) -> str:
    first = message.strip().splitlines()[0] if message.strip() else "没有说明原因"
    try:
        password = urlsplit(url).password or ""
    except ValueError:
        password = ""
    for secret in (url, password, unquote(password), url.partition("://")[2].rpartition("@")[0]):
        first = first.replace(secret, "***") if secret else first
    return first
