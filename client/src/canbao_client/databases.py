"""Business databases: reading in a read-only transaction, and filling what is empty; four kinds of servers."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from importlib import import_module
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from canbao_client.trouble import ConfigurationTrouble, DatabaseTrouble

PARAMETER = re.compile(r"('(?:[^']|'')*'|--[^\n]*|/\*.*?\*/)|(?<![:\w]):([A-Za-z_]\w*)|%", re.DOTALL)
"""Strings and comments, which are left as they are; parameters; and what drivers take for one."""
PIECE = 1_000
EXTRAS = {"postgresql": "psycopg", "mysql": "pymysql", "oracle": "oracledb"}


class Database:
    """One business database by its address, such as `mysql://user:password@host:3306/name`."""

    def __init__(self, address: str) -> None:
        self._address = urlsplit(address)
        if self._address.scheme not in CONNECT:
            kinds = "、".join(f"{kind}://" for kind in CONNECT)
            raise ConfigurationTrouble("database", f"不认得 {self._address.scheme}://", f"可用的有 {kinds}")

    @contextmanager
    def rows(self, statement: str, parameters: Mapping[str, object]) -> Iterator[tuple[list[str], Iterator[Any]]]:
        """Names of columns (lower case) and rows of a query, read piece by piece in a read-only transaction."""
        with self._connected(writing=False) as connection, closing(self._cursor(connection)) as cursor:
            with self._telling():
                self._begin_reading(connection)
                cursor.execute(*self._worded(statement, parameters))
                first = cursor.fetchmany(PIECE)  # a server-side cursor knows its columns only then
            yield [column[0].lower() for column in cursor.description], self._pieces(cursor, first)

    @contextmanager
    def updating(self) -> Iterator[Callable[[str, Mapping[str, object]], int]]:
        """One transaction in which a function carries out statements and returns how many rows each has changed."""
        with self._connected(writing=True) as connection, closing(connection.cursor()) as cursor:

            def update(statement: str, parameters: Mapping[str, object]) -> int:
                with self._telling():
                    cursor.execute(*self._worded(statement, parameters))
                return int(cursor.rowcount)

            yield update  # what is raised here closes the connection, and nothing is kept
            with self._telling():
                connection.commit()

    @contextmanager
    def _connected(self, writing: bool) -> Iterator[Any]:
        with self._telling():
            connection = CONNECT[self._address.scheme](self._address, writing)
        with closing(connection):
            yield connection

    def _pieces(self, cursor: Any, piece: list[Any]) -> Iterator[Any]:
        while piece:
            yield from piece
            with self._telling():
                piece = cursor.fetchmany(PIECE)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except _driver(self._address.scheme).Error as problem:
            raise DatabaseTrouble("database", f"业务库（{self._address.scheme}）：{_first_line(problem)}") from problem

    def _cursor(self, connection: Any) -> Any:
        """One that leaves the rows with the server until they are asked for."""
        match self._address.scheme:
            case "postgresql":
                return connection.cursor(name="canbao")
            case "mysql":
                return connection.cursor(_driver("mysql").cursors.SSCursor)
        return connection.cursor()

    def _begin_reading(self, connection: Any) -> None:
        begin = {"mysql": "START TRANSACTION READ ONLY", "oracle": "SET TRANSACTION READ ONLY"}
        if self._address.scheme in begin:
            with closing(connection.cursor()) as cursor:
                cursor.execute(begin[self._address.scheme])

    def _worded(self, statement: str, parameters: Mapping[str, object]) -> tuple[str, dict[str, object]]:
        """The statement as the driver wants it, with the parameters that occur in it; `:name` is written by all."""
        percent = self._address.scheme in ("postgresql", "mysql")
        used: dict[str, object] = {}

        def word(found: re.Match[str]) -> str:
            quoted, name = found[1], found[2]
            if name in parameters:
                used[name] = parameters[name]
                return f"%({name})s" if percent else f":{name}"
            kept = quoted or found[0]
            return kept.replace("%", "%%") if percent else kept

        return PARAMETER.sub(word, statement), used


def _sqlite(address: SplitResult, writing: bool) -> Any:
    """`sqlite:////folder/file` as elsewhere: three strokes and the path."""
    mode = "rw" if writing else "ro"
    return sqlite3.connect(f"file:{address.path[1:]}?mode={mode}", uri=True, timeout=30)


def _postgresql(address: SplitResult, writing: bool) -> Any:
    connection = _driver("postgresql").connect(address.geturl(), connect_timeout=15)
    connection.read_only = not writing
    return connection


def _mysql(address: SplitResult, writing: bool) -> Any:
    return _driver("mysql").connect(**_login(address), database=address.path[1:], charset="utf8mb4", connect_timeout=15)


def _oracle(address: SplitResult, writing: bool) -> Any:
    """`oracle://user:password@host:1521/service`; the thin driver needs nothing of Oracle's."""
    given = _login(address)
    given["port"] = given.get("port", 1521)
    return _driver("oracle").connect(**given, service_name=address.path[1:])


def _login(address: SplitResult) -> dict[str, Any]:
    given = {"host": address.hostname, "port": address.port, "user": address.username, "password": address.password}
    return {name: unquote(part) if isinstance(part, str) else part for name, part in given.items() if part}


def _driver(kind: str) -> Any:
    if kind == "sqlite":
        return sqlite3
    try:
        return import_module(EXTRAS[kind])
    except ImportError as problem:
        remedy = f'请运行 pip install "canbao-client[{kind}]"'
        raise ConfigurationTrouble("database", f"没有安装 {kind} 的驱动", remedy) from problem


def _first_line(problem: Exception) -> str:
    """What a driver says, without the lines that quote the statement, and without numbers that may be people's."""
    line = (str(problem).splitlines() or [type(problem).__name__])[0]
    return re.sub(r"\d{7,}", "…", line)[:200]


CONNECT: dict[str, Callable[[SplitResult, bool], Any]] = {
    "sqlite": _sqlite,
    "postgresql": _postgresql,
    "mysql": _mysql,
    "oracle": _oracle,
}
