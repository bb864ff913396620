"""A standby server as docs/guide/production.md sets it up: it takes over, and the old one follows it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from canbao.registry.server import PrivateServer
from canbao.registry.server.place import place_in
from canbao.registry.server.programs import to_serve
from canbao.registry.server.soundness import faults

STANDBY_ROLE = "CREATE ROLE canbao_standby LOGIN REPLICATION PASSWORD 'replica'"
SECONDS = 30


@dataclass
class Pair:
    """Two servers: `one` began as primary, `two` as its standby."""

    one: PrivateServer
    two: PrivateServer

    def ask(self, server: PrivateServer, query: str, role: str = "postgres") -> object:
        with psycopg.connect(server.url(role), autocommit=True) as connection:
            cursor = connection.execute(query)  # type: ignore[call-overload]
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


@pytest.fixture
def pair(folder: Path) -> Iterator[Pair]:
    servers = Pair(PrivateServer(folder / "one"), PrivateServer(folder / "two"))
    try:
        set_up(servers)
        yield servers
    finally:
        servers.one.stop()
        servers.two.stop()


def set_up(servers: Pair) -> None:
    servers.one.start()
    servers.one.prepare()
    with psycopg.connect(servers.one.url("postgres"), autocommit=True) as connection:
        connection.execute(STANDBY_ROLE)
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (two)'")
    with psycopg.connect(servers.one.url("canbao_owner")) as connection:
        connection.execute("SET LOCAL synchronous_commit = local")
        connection.execute("CREATE TABLE visit (n int)")
    make_standby(servers.one, servers.two, "two")
    servers.two.start()
    until(servers.one, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'", 1)
    servers.ask(servers.one, "SELECT pg_reload_conf()")
    until(servers.one, "SELECT sync_state FROM pg_stat_replication", "quorum")


def address(server: PrivateServer, name: str) -> str:
    socket = place_in(server.folder).socket
    return f"host={socket} port=5432 user=canbao_standby password=replica application_name={name}"


def make_standby(primary: PrivateServer, standby: PrivateServer, name: str) -> None:
    """pg_basebackup into the standby's data folder; the roles' passwords are the primary's."""
    place = place_in(standby.folder)
    shutil.copy(place_in(primary.folder).home / "passwords.json", place.home)
    place.data.mkdir(mode=0o700)
    place.account.give(place.data)
    words = ["-D", place.data, "-R", "-X", "stream", "-c", "fast", "-C", "-S", name, "-d", address(primary, name)]
    command = [to_serve().path("pg_basebackup"), *words]
    subprocess.run(command, check=True, capture_output=True, **place.account.start_as())


def until(server: PrivateServer, query: str, expected: object) -> None:
    end = time.monotonic() + SECONDS
    found: object = None
    while time.monotonic() < end:
        with psycopg.connect(server.url("postgres")) as connection:
            row = connection.execute(query).fetchone()  # type: ignore[call-overload]
        found = row[0] if row else None
        if found == expected:
            return
        time.sleep(0.05)
    raise AssertionError((query, found))


def write(server: PrivateServer, number: int) -> None:
    with psycopg.connect(server.url("canbao_owner")) as connection:
        connection.execute("INSERT INTO visit VALUES (%s)", [number])


def test_what_was_acknowledged_is_on_the_standby_when_the_primary_dies(pair: Pair) -> None:
    """Killed at once after the answer, with synchronous_standby_names set; then the old one is rewound and follows."""
    for number in range(50):
        write(pair.one, number)
    note = place_in(pair.one.folder).data / "postmaster.pid"
    os.kill(int(note.read_text().split()[0]), signal.SIGKILL)
    with psycopg.connect(pair.two.url("canbao_app")) as connection:
        assert "备用服务器" in "".join(faults(connection))
    promote(pair.two)
    with psycopg.connect(pair.two.url("canbao_app")) as connection:
        assert faults(connection) == []
    assert pair.ask(pair.two, "SELECT count(*) FROM visit") == 50
    write(pair.two, 50)
    follow_after_rewind(pair)
    until(pair.one, "SELECT pg_is_in_recovery()", True)
    until(pair.one, "SELECT count(*) FROM visit", 51)


def test_a_planned_change_and_back(pair: Pair) -> None:
    write(pair.one, 1)
    pair.one.stop()
    promote(pair.two)
    write(pair.two, 2)
    follow(pair)
    until(pair.one, "SELECT count(*) FROM visit", 2)
    pair.two.stop()
    promote(pair.one)
    write(pair.one, 3)
    assert pair.ask(pair.one, "SELECT sum(n) FROM visit") == 6


def promote(server: PrivateServer) -> None:
    """Alone, it waits for nobody's word: the standby that it copied the setting from is itself."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        assert connection.execute("SELECT pg_promote()").fetchone() == (True,)
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
        connection.execute("SELECT pg_reload_conf()")
    until(server, "SHOW synchronous_standby_names", "")


def follow(pair: Pair) -> None:
    """The old primary, stopped in good order, becomes the standby of the new one."""
    with psycopg.connect(pair.two.url("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_create_physical_replication_slot('one')")
    place = place_in(pair.one.folder)
    with (place.data / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"primary_conninfo = '{address(pair.two, 'one')}'\nprimary_slot_name = 'one'\n")
    signal_file = place.data / "standby.signal"
    signal_file.touch(mode=0o600)
    place.account.give(signal_file)
    pair.one.start()


def follow_after_rewind(pair: Pair) -> None:
    """The old primary may have written what nobody was told: pg_rewind takes it back to where the two part."""
    place = place_in(pair.one.folder)
    pair.one.start()  # recovers from the kill; pg_rewind wants a folder that was closed in good order
    pair.one.stop()
    pair.ask(pair.two, "CHECKPOINT")
    source = f"--source-server={pair.two.url('postgres', 'postgres')}"
    command = [to_serve().path("pg_rewind"), f"--target-pgdata={place.data}", source]
    subprocess.run(command, check=True, capture_output=True, **place.account.start_as())
    follow(pair)


def test_without_its_standby_a_synchronous_primary_acknowledges_nothing(pair: Pair) -> None:
    """The price of the synchronous option; taking the standby off the list sets everybody free."""
    pair.two.stop()
    until(pair.one, "SELECT count(*) FROM pg_stat_replication", 0)
    writing = threading.Thread(target=write, args=(pair.one, 1))
    writing.start()
    writing.join(1)
    assert writing.is_alive()
    pair.ask(pair.one, "ALTER SYSTEM SET synchronous_standby_names = ''")
    pair.ask(pair.one, "SELECT pg_reload_conf()")
    writing.join(SECONDS)
    assert not writing.is_alive()
