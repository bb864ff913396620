"""What the queue runs; procrastinate finds it by this name, and each job is one line to the folder that does it."""

from __future__ import annotations

from collections.abc import Callable

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from canbao.office.packages import checking
from canbao.registry.actions import work
from canbao.registry.audit.watching import make_checkpoint
from canbao.registry.models import Package, Work
from canbao.registry.throttle import forget_old_guesses

STALLED_AFTER = 60
"""Seconds without a sign of life after which a worker's job is given to another."""
AGAIN = RetryStrategy(max_attempts=3, wait=5)


@app.task(name="check_package", queue="packages", retry=AGAIN)
def check_package(work_id: int) -> None:
    """Check a package that came in."""
    _run(checking.check, work_id)


@app.task(name="admit_package", queue="packages", retry=AGAIN)
def admit_package(work_id: int) -> None:
    """Admit a package, from where an earlier attempt stopped."""
    _run(checking.put_in, work_id)


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
    made = make_checkpoint()
    if made is not None and made["faults"]:
        raise RuntimeError(made["faults"][0])


@app.periodic(cron="7 * * * *")
@app.task(name="forget_guesses", queueing_lock="forget_guesses")
def forget_guesses(timestamp: int) -> None:
    """Clear away counts of guesses that count for nothing any more."""
    forget_old_guesses()


def _run(job: Callable[[Package, Work], None], work_id: int) -> None:
    task = Work.objects.select_related("package").get(pk=work_id)
    if task.is_cancel_asked:
        return work.end(work=task, state="cancelled", message="还没有开始就取消了")
    work.begin(work=task)
    try:
        job(task.package, task)
    except Exception as problem:
        work.end(work=task, state="failed", message=f"{problem}（会自动重试）")
        raise
    return None
