"""What the queue runs; procrastinate finds it by this name, and each job is one line to the folder that does it."""

from __future__ import annotations

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from canbao.office.packages import checking
from canbao.office.server_log import told
from canbao.registry.actions import work
from canbao.registry.audit.watching import make_checkpoint
from canbao.registry.models import Package, Work

STALLED_AFTER = 60
"""Seconds without a sign of life after which a worker's job is given to another."""
AGAIN = RetryStrategy(max_attempts=3, wait=5)


@app.task(name="check_package", queue="packages", retry=AGAIN)
def check_package(package_id: int, work_id: int) -> None:
    """Check a package that came in."""
    _run(checking.check, package_id, work_id)


@app.task(name="admit_package", queue="packages", retry=AGAIN)
def admit_package(package_id: int, work_id: int) -> None:
    """Admit a package, from where an earlier attempt stopped."""
    _run(checking.put_in, package_id, work_id)


@app.periodic(cron="* * * * *")
@app.task(name="revive", queueing_lock="revive", pass_context=True)
async def revive(context: JobContext, timestamp: int) -> None:
    """Give the jobs of workers that died to those that live."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        await manager.retry_job(job)


@app.periodic(cron="*/5 * * * *")
@app.task(name="checkpoint", queueing_lock="checkpoint")
def checkpoint(timestamp: int) -> None:
    """Sign how long the audit log is, often enough that little could be cut off unseen."""
    verdict = make_checkpoint()
    if verdict.faults:
        raise RuntimeError(verdict.faults[0])


def _run(job: object, package_id: int, work_id: int) -> None:
    task = Work.objects.get(pk=work_id)
    if task.is_cancel_asked:
        return work.end(work=task, state="cancelled", message="还没有开始就取消了")
    work.begin(work=task)
    try:
        job(Package.objects.get(pk=package_id), task)  # type: ignore[operator]
    except Exception as problem:
        work.end(work=task, state="failed", message=f"{told(problem)}（会自动重试）")
        raise
    return None
