"""Jobs of dead workers go back on the queue at once; those of living ones are left alone."""

from __future__ import annotations

import asyncio

import psycopg
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from canbao.office import jobs
from canbao.office.worker import LIVES, Living, revive


def begun_by_nobody() -> int:
    """A job that a worker without a life has begun."""
    number = jobs.check_package.defer(package_id=1, work_id=1)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        worker = cursor.fetchone()[0]
        cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(ARRAY['packages'], %s)", [worker])
        assert cursor.fetchone()[0] == number
    return worker


def state() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE task_name = 'check_package'")
        return cursor.fetchone()[0]


async def revived() -> None:
    async with await psycopg.AsyncConnection.connect(**connector_params(), autocommit=True) as session:
        with app.replace_connector(PsycopgConnector(kwargs=connector_params())):
            async with app.open_async():
                await revive(Living(app, session))


def test_a_dead_workers_job_goes_back(register) -> None:
    begun_by_nobody()
    asyncio.run(revived())
    assert state() == "todo"


def test_a_living_workers_job_is_left_alone(register) -> None:
    worker = begun_by_nobody()
    with psycopg.connect(register.url("canbao_app"), autocommit=True) as alive:
        alive.execute("SELECT pg_advisory_lock(%s, %s)", [LIVES, worker])
        asyncio.run(revived())
    assert state() == "doing"
