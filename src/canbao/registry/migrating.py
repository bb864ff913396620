"""Bringing the tables up to date so that it may be killed, run twice at once, and never keeps others waiting for long.

A migration and the note that it is done are one transaction, one process migrates at a time, and whoever has to wait
longer than `PATIENCE` for others who use a table gives up its place in their queue and tries again.

    python -m canbao.registry.migrating
"""

from __future__ import annotations

import sys
import time
from functools import cache
from typing import Any

import django
from django.db import DatabaseError, OperationalError, connections, transaction
from psycopg.errors import LockNotAvailable

OWNER = "owner"
LOCK = 0x6D696772
PATIENCE = "1s"
"""For everybody who comes after a migration that waits for a lock waits too."""
ATTEMPTS, BETWEEN = 60, 1.0
BUSY, FAILED = 2, 70


def migrate() -> None:
    """Bring the tables up to date; raises OperationalError if others hold them all the time."""
    with connections.create_connection(OWNER).temporary_connection() as alone:
        alone.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # goes with this process, however it ends
        for attempt in range(1, ATTEMPTS + 1):
            try:
                _migrate()
                break
            except OperationalError as problem:
                connections[OWNER].close()
                if not isinstance(problem.__cause__, LockNotAvailable) or attempt == ATTEMPTS:
                    raise
                time.sleep(BETWEEN)


def _migrate() -> None:
    from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal

    connection = connections[OWNER]
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{PATIENCE}'")
    executor = _executor(connection)
    executor.loader.check_consistent_history(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    emit_pre_migrate_signal(0, False, OWNER, plan=plan)
    executor.migrate(executor.loader.graph.leaf_nodes(), plan)
    with transaction.atomic(using=OWNER):
        emit_post_migrate_signal(0, False, OWNER, plan=plan)


def _executor(connection: Any) -> Any:
    from django.db.migrations.executor import MigrationExecutor

    class Whole(MigrationExecutor):
        """Notes a migration in the transaction that makes it; Django does so after it, and a kill may come between."""

        def apply_migration(self, state: Any, migration: Any, fake: bool = False, fake_initial: bool = False) -> Any:
            if not migration.atomic:
                return super().apply_migration(state, migration, fake, fake_initial)
            with transaction.atomic(using=OWNER):
                return super().apply_migration(state, migration, fake, fake_initial)

    return Whole(connection)


def unmade_migrations() -> set[tuple[str, str]]:
    """The migrations of this version that have not been made in the database, by application and name."""
    from django.db.migrations.recorder import MigrationRecorder

    return set(_migrations()) - set(MigrationRecorder(connections["default"]).applied_migrations())


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """Those of this version; they change only with the program."""
    from django.db.migrations.loader import MigrationLoader

    return frozenset(MigrationLoader(None).disk_migrations)


def main() -> int:
    """Migrate; what is wrong is said in Chinese on stderr, without anybody's data."""
    django.setup()
    try:
        migrate()
    except OperationalError as problem:
        busy = isinstance(problem.__cause__, LockNotAvailable)
        print("表一直有人在用" if busy else "数据库暂时连不上，或磁盘写满了", file=sys.stderr)
        return BUSY
    except DatabaseError as problem:
        print(f"数据库不接受（{type(problem.__cause__ or problem).__name__}）", file=sys.stderr)
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
