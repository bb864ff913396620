"""A private server with a small register: row-level security, an audit log, odd texts; and an empty database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from pyrage.x25519 import Identity

from canbao.registry.backup import backup
from canbao.registry.server import PrivateServer
from server_folders import running_server

REGISTER = """
    CREATE SCHEMA history;
    CREATE TABLE person
        (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ssn text UNIQUE, area text, seen timestamptz);
    CREATE INDEX ON person USING gin (ssn gin_trgm_ops);
    INSERT INTO person (ssn, area, seen)
        SELECT 'N' || n, '44060' || n % 7, '2017-06-30'::timestamptz + n * interval '1s'
        FROM generate_series(1, 20000) AS n;
    CREATE TABLE history.change (one int, note jsonb, share float8, raw bytea, born date);
    INSERT INTO history.change SELECT n, jsonb_build_object('姓名', E'欧阳\\n' || n), n / 3.0, sha256(n::text::bytea),
        '1900-01-01'::date + n FROM generate_series(1, 500) AS n;
    CREATE TABLE "Empty 表" ();
    CREATE TABLE audit_log (number bigint PRIMARY KEY, hash bytea);
    INSERT INTO audit_log SELECT n, sha256(n::text::bytea) FROM generate_series(1, 100) AS n;
    ALTER TABLE person ENABLE ROW LEVEL SECURITY;
    ALTER TABLE person FORCE ROW LEVEL SECURITY;
    CREATE POLICY by_area ON person TO canbao_app USING (area = current_setting('canbao.area', true));
    GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO canbao_app;
    ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO canbao_app;
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    GRANT USAGE ON SCHEMA public TO canbao_app;
"""


@pytest.fixture(scope="session")
def server() -> Iterator[PrivateServer]:
    with running_server() as running:
        with psycopg.connect(running.url("canbao_owner")) as connection:
            connection.execute(REGISTER)
        yield running


@pytest.fixture
def empty(server: PrivateServer) -> Iterator[Callable[[str], str]]:
    """The address of the empty database `second` for a role."""
    server.prepare("second")
    yield lambda role: server.url(role, "second")
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE second WITH (FORCE)")


@pytest.fixture(scope="session")
def identity() -> Identity:
    return Identity.generate()


@pytest.fixture(scope="session")
def taken(server: PrivateServer, identity: Identity, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the register."""
    target = tmp_path_factory.mktemp("taken") / "register.canbao-backup"
    backup(server.url("canbao_backup"), target, identity.to_public())
    return target
