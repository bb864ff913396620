"""The worker: takes jobs off the queue as long as the database is there, and begins anew when it has come back.

While it lives it holds a lock of its own in the database, in a session of its own. The lock goes with the process,
however that ends, and with the database: so whoever looks knows at once which jobs belong to nobody any more. A
machine that has lost its power keeps its lock for a while; its heartbeat doesn't go on.

    python -m canbao.office.worker
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress

import django
import psycopg
from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

Session = psycopg.AsyncConnection[tuple[object, ...]]
LIVES = 0x63616E
"""The class of the locks by which workers are known to live; the other half is the worker's number."""
SILENT = 60
"""Seconds without a heartbeat after which a worker is dead, whatever locks it seems to hold."""
QUEUE = "packages"
BETWEEN_TRIES = 0.3
BETWEEN_LOOKS = 5.0
"""Seconds between two looks for jobs of dead workers, and at whether the database is still there; if it crashes, that
is known at once."""
ORPHANS = """
    SELECT job.id, status::text, task_name, priority, lock, queueing_lock, args, scheduled_at, queue_name, attempts,
        worker_id
    FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = worker_id
    WHERE status = 'doing' AND queue_name = %(queue)s AND (
        worker.id IS NULL OR last_heartbeat < now() - make_interval(secs => %(silent)s)
        OR NOT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database
            WHERE locktype = 'advisory' AND granted AND datname = current_database()
            AND classid = %(lives)s::oid AND objid = (worker_id %% 2147483647)::oid AND objsubid = 2))
"""
"""Jobs that are said to be done by a worker who does not live."""


class Living(JobManager):
    """Procrastinate's manager of jobs; a worker that it registers is known to live as long as its session does."""

    def __init__(self, app: App, session: Session) -> None:
        super().__init__(app.connector)
        self._session = session

    async def register_worker(self) -> int:
        """Register a worker and take its lock."""
        number = await super().register_worker()
        await self._session.execute("SELECT pg_advisory_lock(%s, (%s::bigint %% 2147483647)::int)", [LIVES, number])
        return number


async def revive(manager: JobManager) -> None:
    """Put the jobs of dead workers back on the queue; another worker may be doing the same."""
    found = await manager.connector.execute_query_all_async(ORPHANS, queue=QUEUE, silent=SILENT, lives=LIVES)
    for row in found:
        with suppress(ConnectorException):
            await manager.retry_job(Job.from_row(row))


async def work(app: App) -> None:
    """Work until told to stop by SIGTERM or SIGINT; a job that is under way is finished first."""
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    stop = asyncio.create_task(told.wait())
    while not stop.done():
        with suppress(psycopg.OperationalError, ConnectorException):
            await _live(app, stop)
        await asyncio.wait([stop], timeout=BETWEEN_TRIES)


async def _live(app: App, stop: asyncio.Task[bool]) -> None:
    """Work as long as this session with the database lasts."""
    from procrastinate.contrib.django.utils import connector_params
    from procrastinate.psycopg_connector import PsycopgConnector

    session = await psycopg.AsyncConnection.connect(**connector_params(), autocommit=True)
    async with session:
        with app.replace_connector(PsycopgConnector(kwargs=connector_params())):
            before, app.job_manager = app.job_manager, Living(app, session)
            try:
                async with app.open_async():
                    await _until_over(app, session, stop)
            finally:
                app.job_manager = before


async def _until_over(app: App, session: Session, stop: asyncio.Task[bool]) -> None:
    """Work until told to stop, until the session is lost, or until the worker itself has failed."""
    working = asyncio.create_task(app.run_worker_async(concurrency=1, install_signal_handlers=False))
    lost = asyncio.create_task(_lost(session))
    taking_up = asyncio.create_task(_take_up(app.job_manager))
    await asyncio.wait([working, lost, taking_up, stop], return_when=asyncio.FIRST_COMPLETED)
    for task in (working, lost, taking_up):
        task.cancel()
    await asyncio.gather(working, lost, taking_up, return_exceptions=True)


async def _take_up(manager: JobManager) -> None:
    """Look again and again for what dead workers have left: the lock of one may outlive it by a moment."""
    while True:
        await revive(manager)
        await asyncio.sleep(BETWEEN_LOOKS)


async def _lost(session: Session) -> None:
    """Ends when the session does."""
    with suppress(psycopg.OperationalError):
        while True:
            async for _ in session.notifies(timeout=BETWEEN_LOOKS):
                pass
            await session.execute("SELECT 1")


def main() -> None:
    """Work with the database that the environment names."""
    django.setup()
    from procrastinate.contrib.django import app

    asyncio.run(work(app))


if __name__ == "__main__":
    main()
