"""Migrating may be killed at any moment, run twice at once, and keeps nobody waiting who uses a table."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time

import psycopg
import pytest
from django.db.migrations.loader import MigrationLoader

from canbao.registry.server import PrivateServer

KILLS, SEED = 4, 20170509
SHAPE = (
    "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
    "WHERE table_schema = 'public' ORDER BY 1, 2",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2",
    "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
    "SELECT polname, polrelid::regclass::text FROM pg_policy ORDER BY 1",
    "SELECT app, name FROM django_migrations ORDER BY 1, 2",
)


def migrating(server: PrivateServer, database: str) -> subprocess.Popen[str]:
    addresses = {
        "CANBAO_DATABASE_URL": server.url("canbao_app", database),
        "CANBAO_OWNER_DATABASE_URL": server.url("canbao_owner", database),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "canbao.registry.migrating"],
        env={**os.environ, **addresses},
        stderr=subprocess.PIPE,
        text=True,
    )


def shape(server: PrivateServer, database: str) -> list[list[tuple[object, ...]]]:
    with psycopg.connect(server.url("postgres", database)) as connection:
        return [connection.execute(query).fetchall() for query in SHAPE]


@pytest.fixture(scope="module")
def whole(server: PrivateServer) -> list[list[tuple[object, ...]]]:
    """What an undisturbed migration makes."""
    done = migrating(server, "canbao")
    assert (done.wait(), done.stderr.read()) == (0, "")
    return shape(server, "canbao")


def test_killed_at_random_moments_it_goes_on(server: PrivateServer, whole: list) -> None:
    server.prepare("killed")
    chance, moments, database = random.Random(SEED), [], server.url("postgres", "killed")
    while len(moments) < KILLS:
        running = migrating(server, "killed")
        before = steps(database)
        moments.append(chance.uniform(0, 0.5))
        end = time.monotonic() + 30
        while running.poll() is None and steps(database) == before and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(moments[-1] / 10)
        running.kill()
        running.wait()
    done = migrating(server, "killed")
    assert (done.wait(), done.stderr.read()) == (0, ""), f"seed {SEED}, {moments}"
    assert shape(server, "killed") == whole, f"seed {SEED}, {moments}"


def steps(database: str) -> int:
    with psycopg.connect(database) as connection:
        if connection.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
            return 0
        return int(connection.execute("SELECT count(*) FROM django_migrations").fetchone()[0])  # type: ignore[index]


def test_two_at_once_do_what_one_does(server: PrivateServer, whole: list) -> None:
    server.prepare("twice")
    both = [migrating(server, "twice"), migrating(server, "twice")]
    assert [one.wait() for one in both] == [0, 0], [one.stderr.read() for one in both]
    assert shape(server, "twice") == whole


WAITING = "SELECT waitstart FROM pg_locks WHERE NOT granted AND relation = 'django_migrations'::regclass"


def test_a_table_in_use_is_waited_for_by_turns(server: PrivateServer, whole: list) -> None:
    """It gives up its place in the queue after its patience, so that others get through, and goes on in the end."""
    server.prepare("used")
    assert migrating(server, "used").wait() == 0
    url, began = server.url("postgres", "used"), set()
    with psycopg.connect(url) as using, psycopg.connect(url, autocommit=True) as looking:
        using.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
        running = migrating(server, "used")
        end = time.monotonic() + 40
        while len(began) < 2 and time.monotonic() < end:
            began.update(looking.execute(WAITING).fetchall())
            time.sleep(0.05)
        assert len(began) >= 2 and running.poll() is None
    assert (running.wait(), running.stderr.read()) == (0, "")
    assert shape(server, "used") == whole


def test_every_migration_is_one_transaction() -> None:
    """One that isn't must be written so that it can be begun again, and be named here."""
    loader = MigrationLoader(None)
    assert [str(one) for one in loader.graph.nodes.values() if not getattr(one, "atomic", True)] == []
