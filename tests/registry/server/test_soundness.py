"""One thing at a time is made unsafe, and each is named."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from canbao.registry.server import PrivateServer, soundness
from canbao.registry.server.place import place_in
from canbao.registry.server.programs import to_serve
from canbao.registry.server.soundness import faults


def found(url: str, **options: str) -> list[str]:
    words = " ".join(f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in options.items())
    with psycopg.connect(url, options=words) as connection:
        return faults(connection)


@contextmanager
def changed(server: PrivateServer, change: str, back: str, database: str = "canbao") -> Iterator[None]:
    with psycopg.connect(server.url("postgres", database), autocommit=True) as connection:
        connection.execute(sql.SQL(change))  # type: ignore[arg-type]
        connection.execute("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            connection.execute(sql.SQL(back))  # type: ignore[arg-type]
            connection.execute("SELECT pg_reload_conf()")


def test_a_private_server_is_sound(server: PrivateServer) -> None:
    assert found(server.url("canbao_app")) == []


SERVER_WIDE = ["fsync", "full_page_writes"]


@pytest.mark.parametrize("name", SERVER_WIDE)
def test_what_the_server_does_not_keep(server: PrivateServer, name: str) -> None:
    with changed(server, f"ALTER SYSTEM SET {name} = off", f"ALTER SYSTEM RESET {name}"):
        until_reloaded(server, name, "off")
        assert [fault.split()[1] for fault in found(server.url("canbao_app"))] == [name]
    until_reloaded(server, name, "on")


def until_reloaded(server: PrivateServer, name: str, value: str) -> None:
    """The parameters are read again a moment after the server was asked to."""
    for _ in range(500):
        with psycopg.connect(server.url("postgres")) as connection:
            if connection.execute("SELECT current_setting(%s)", [name]).fetchone() == (value,):
                return
    raise AssertionError(name)


OPTIONS = [
    ("synchronous_commit", "off"),
    ("synchronous_commit", "local"),
    ("synchronous_commit", "remote_write"),
    ("default_transaction_isolation", "serializable"),
    ("default_transaction_isolation", "repeatable read"),
    ("default_transaction_read_only", "on"),
    ("timezone", "UTC"),
    ("timezone", "America/New_York"),
]


@pytest.mark.parametrize(("name", "value"), OPTIONS)
def test_what_a_role_may_set(server: PrivateServer, name: str, value: str) -> None:
    faulty = found(server.url("canbao_app"), **{name: value})
    assert len(faulty) == 1
    assert f"{name} 是 {value}，应为" in faulty[0]


def test_a_stricter_commit_is_sound(server: PrivateServer) -> None:
    assert found(server.url("canbao_app"), synchronous_commit="remote_apply") == []


def test_a_connection_that_django_has_set_to_utc_is_sound(server: PrivateServer) -> None:
    with psycopg.connect(server.url("canbao_app")) as connection:
        connection.execute("SELECT set_config('TimeZone', 'UTC', false)")
        assert faults(connection) == []


def test_no_checksums(folder: Path) -> None:
    server, place = PrivateServer(folder), place_in(folder)
    server.start()
    server.prepare()
    server.stop()
    disable = [to_serve().path("pg_checksums"), "--disable", "-D", str(place.data)]
    subprocess.run(disable, check=True, capture_output=True, **place.account.start_as())
    server.start()
    assert [fault.split()[1] for fault in found(server.url("canbao_app"))] == ["data_checksums"]


@pytest.fixture
def odd_database(server: PrivateServer, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database made with other words than ours; the name is gone afterwards."""
    make = f"CREATE DATABASE odd OWNER canbao_owner TEMPLATE template0 {request.param}"
    with changed(server, make, "DROP DATABASE odd WITH (FORCE)", "postgres"):
        server.prepare("odd")
        yield server.url("canbao_app", "odd")


@pytest.mark.parametrize("odd_database", ["ENCODING 'SQL_ASCII' LOCALE 'C'"], indirect=True)
def test_another_encoding(odd_database: str) -> None:
    assert any("server_encoding 是 SQL_ASCII" in fault for fault in found(odd_database, client_encoding="UTF8"))


@pytest.mark.parametrize("odd_database", ["LC_CTYPE 'C' LC_COLLATE 'C'"], indirect=True)
def test_letters_that_are_none(odd_database: str) -> None:
    assert [fault.split("，")[0] for fault in found(odd_database)] == ["数据库的 LC_CTYPE 不认汉字"]


def test_no_trigrams(server: PrivateServer) -> None:
    with changed(server, "DROP EXTENSION pg_trgm", "SET ROLE canbao_owner; CREATE EXTENSION pg_trgm; RESET ROLE"):
        assert [fault.split("，")[0] for fault in found(server.url("canbao_app"))] == ["数据库没有扩展 pg_trgm"]


def test_an_old_version(server: PrivateServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "OLDEST", 99)
    assert "太旧；需要 99 版" in "".join(found(server.url("canbao_app")))


def test_a_superuser(server: PrivateServer) -> None:
    assert [fault.split("，")[0] for fault in found(server.url("postgres"))] == [
        "应用角色 postgres 是超级用户",
        "应用角色 postgres 有 BYPASSRLS",
    ]


def test_the_owner(server: PrivateServer) -> None:
    assert [fault.split("（")[0] for fault in found(server.url("canbao_owner"))] == [
        "应用角色 canbao_owner 是数据库或表的所有者"
    ]


ROLES = [
    ("GRANT canbao_owner TO canbao_app", "REVOKE canbao_owner FROM canbao_app", "是数据库或表的所有者"),
    ("ALTER ROLE canbao_app BYPASSRLS", "ALTER ROLE canbao_app NOBYPASSRLS", "有 BYPASSRLS"),
    ("ALTER ROLE canbao_app SUPERUSER", "ALTER ROLE canbao_app NOSUPERUSER", "是超级用户"),
    (
        "CREATE TABLE stray (); ALTER TABLE stray OWNER TO canbao_app",
        "DROP TABLE stray",
        "是数据库或表的所有者",
    ),
]


@pytest.mark.parametrize(("change", "back", "fault"), ROLES)
def test_an_application_with_too_much_power(server: PrivateServer, change: str, back: str, fault: str) -> None:
    with changed(server, change, back):
        said = found(server.url("canbao_app"))
    assert [fault in one for one in said] == [True]
    assert found(server.url("canbao_app")) == []


def test_a_role_that_took_another_s_place(server: PrivateServer) -> None:
    """`SET ROLE` hides a superuser, but he can come back."""
    with psycopg.connect(server.url("postgres")) as connection:
        connection.execute("SET ROLE canbao_app")
        assert "是超级用户" in "".join(faults(connection))
