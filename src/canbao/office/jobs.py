"""What the queue runs; procrastinate finds it by this name, and each job is one line to the folder that does it.

A trouble that passes (the database away, a disk full, the package in other hands) is waited for, however long it takes;
any other is tried thrice. What does the work is imported when there is some: web servers only put it on the queue.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from canbao.office.server_log import told
from canbao.registry.actions import work
from canbao.registry.actions.place_following import follow_due
from canbao.registry.audit.watching import make_checkpoint
from canbao.registry.given import forget_old_given
from canbao.registry.models import Package, Work
from canbao.registry.outage import NO_ROOM, outage
from canbao.registry.partner_counts import forget_old_counts
from canbao.registry.partner_nonces import forget_old_nonces
from canbao.registry.streams.overseeing import raise_due_alarms
from canbao.registry.streams.panels import forget_old_panels
from canbao.registry.throttle import forget_old_guesses

ATTEMPTS = 3
SECONDS = 5
SECONDS_AWAY, SECONDS_FULL = 1, 20
"""Between two attempts, while the database is away or a disk is full."""


class UntilOver(BaseRetryStrategy):
    """Again and again while a trouble passes, some times for any other."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again, or None to give up."""
        passing = passing_trouble(exception)
        if passing:
            return RetryDecision(retry_in={"seconds": passing[1]})
        return RetryDecision(retry_in={"seconds": SECONDS}) if job.attempts < ATTEMPTS else None


@app.task(name="check_package", queue="packages", retry=UntilOver())
def check_package(work_id: int) -> None:
    """Check a package that came in."""
    from canbao.office.packages.checking import check

    _run(check, work_id)


@app.task(name="admit_package", queue="packages", retry=UntilOver())
def admit_package(work_id: int) -> None:
    """Admit a package, from where an earlier attempt stopped."""
    from canbao.office.packages.checking import put_in

    _run(put_in, work_id)


@app.task(name="find_candidates", queue="packages", retry=UntilOver())
def find_candidates(work_id: int) -> None:
    """Look for people who may have two numbers."""
    from canbao.office.candidates.finding import find

    _run(lambda _, task: find(task), work_id)


@app.task(name="rehearse_package", queue="packages", retry=UntilOver())
def rehearse_package(work_id: int) -> None:
    """Find out what admitting a package would change."""
    from canbao.office.packages.checking import try_out

    _run(try_out, work_id)


@app.task(name="withdraw_package", queue="packages", retry=UntilOver())
def withdraw_package(work_id: int) -> None:
    """Take a package out of the register, from where an earlier attempt stopped."""
    from canbao.office.packages.checking import take_back

    _run(take_back, work_id)


@app.task(name="print_papers", queue="packages", retry=UntilOver())
def print_papers(work_id: int) -> None:
    """Print a batch of papers, from where an earlier attempt stopped."""
    from canbao.office.papers.making import print_out

    _run(lambda _, task: print_out(task), work_id)


@app.periodic(cron="23 3 * * *")
@app.task(name="delete_old_prints", queue="packages", queueing_lock="delete_old_prints")
def delete_old_prints(timestamp: int) -> None:
    """Delete printed papers that were there to be fetched long enough."""
    from canbao.survey.printing.files import delete_old

    delete_old()


@app.task(name="list_targets", queue="packages", retry=UntilOver())
def list_targets(work_id: int, campaign_id: int) -> None:
    """Make the list of a survey's campaign."""
    from canbao.office.campaigns.listing import list_targets as make

    _run(lambda _, task: make(campaign_id, task), work_id)


@app.periodic(cron="3/10 * * * *")
@app.task(name="settle_tasks", queue="packages", queueing_lock="settle_tasks", retry=UntilOver())
def settle_tasks(timestamp: int) -> None:
    """Take people off the survey's lists whom data have settled meanwhile; open tasks follow changed places."""
    from canbao.survey.actions.following import follow_places as let_follow
    from canbao.survey.actions.settling import settle

    settle()
    let_follow()


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
    """Clear away counts of guesses and of partners' requests that count for nothing, used-up nonces and old panels."""
    forget_old_guesses()
    forget_old_nonces()
    forget_old_counts()
    forget_old_panels()


@app.periodic(cron="*/10 * * * *")
@app.task(name="follow_places", queue="packages", queueing_lock="follow_places", retry=UntilOver())
def follow_places(timestamp: int) -> None:
    """Let changes of places come into force whose day has come, and go on with one that was broken off."""
    follow_due(today=timezone.localdate())


@app.periodic(cron="6/10 * * * *")
@app.task(name="watch_surveys", queue="packages", queueing_lock="watch_surveys", retry=UntilOver())
def watch_surveys(timestamp: int) -> None:
    """Count what was done in surveys that are under way, and once an hour mark what is remarkable."""
    from canbao.survey.supervision.watching import watch

    watch()


@app.periodic(cron="* * * * *")
@app.task(name="carry_out_phones", queueing_lock="carry_out_phones", retry=UntilOver())
def carry_out_phones(timestamp: int) -> None:
    """Carry out what phones have sent and their requests had no time for."""
    from canbao.survey.phones.carrying import carry_out_rest

    carry_out_rest()


@app.periodic(cron="2/5 * * * *")
@app.task(name="watch_partners", queueing_lock="watch_partners")
def watch_partners(timestamp: int) -> None:
    """Raise alarms about partners that are silent, of whom too much waits, or much is laid aside."""
    raise_due_alarms()


@app.periodic(cron="41 4 * * *")
@app.task(name="forget_parcels", queueing_lock="forget_parcels")
def forget_parcels(timestamp: int) -> None:
    """Clear away parcels that phones began to send and never finished."""
    from canbao.survey.phones.arriving import forget_parcels as forget

    forget()


@app.periodic(cron="* * * * *")
@app.task(name="take_drops", queue="packages", queueing_lock="take_drops", lock="take_drops", retry=UntilOver())
def take_drops(timestamp: int) -> None:
    """Take the files that other systems have dropped."""
    from canbao.registry.actions.drop_folder import take_folder

    if settings.DROP is not None:
        take_folder(settings.DROP)


@app.periodic(cron="17 4 * * *")
@app.task(name="forget_given", queue="packages", queueing_lock="forget_given")
def forget_given(timestamp: int) -> None:
    """Delete what was told to partners longer ago than it is kept."""
    forget_old_given()


@app.task(name="check_run", queue="packages", retry=UntilOver())
def check_run(work_id: int, run_id: int) -> None:
    """Read and check a department's list."""
    from canbao.office.exchange_runs.working import check

    _run(lambda _, task: check(run_id, task), work_id)


@app.task(name="carry_run", queue="packages", retry=UntilOver())
def carry_run(work_id: int, run_id: int) -> None:
    """Hold a department's list against the register, from where an earlier attempt stopped."""
    from canbao.office.exchange_runs.working import carry

    _run(lambda _, task: carry(run_id, task), work_id)


@app.task(name="watch_survey", queue="packages", retry=UntilOver())
def watch_survey(campaign_id: int) -> None:
    """Count and mark one survey now."""
    from canbao.survey.supervision.watching import watch_now

    watch_now(campaign_id)


def _run(job: Callable[[Package, Work], None], work_id: int) -> None:
    task = Work.objects.select_related("asked_by", "package").get(pk=work_id)
    if work.is_over(task):
        return None  # its end was written, but the queue was not told any more
    if task.is_cancel_asked:
        return work.end(work=task, state="cancelled", message="已按要求停止")
    work.begin(work=task)
    try:
        job(task.package, task)
    except Exception as problem:
        _note(task, problem)
        raise
    return None


def passing_trouble(problem: BaseException) -> tuple[str, int] | None:
    """What is in the way for now, in Chinese, and after how many seconds to look again; None if waiting won't help."""
    from canbao.batch.trouble import OutOfRoom
    from canbao.office.packages.opening import InOtherHands
    from canbao.registry.actions.admission import Overtaken

    if isinstance(problem, OutOfRoom):
        return problem.problem, SECONDS_FULL
    if isinstance(problem, (Overtaken, InOtherHands)):
        return "另一个进程正在处理这个数据包", SECONDS_AWAY
    words = outage(problem)
    return (words, SECONDS_FULL if words == NO_ROOM else SECONDS_AWAY) if words else None


def _note(task: Work, problem: Exception) -> None:
    """Have those who watch see what is wrong; without a database nobody watches."""
    passing = passing_trouble(problem)
    with suppress(DatabaseError, InterfaceError, psycopg.Error):
        close_old_connections()
        if passing:
            work.wait(work=task, message=f"{passing[0]}；之后会自动从停下的地方继续")
        else:
            work.end(work=task, state="failed", message=f"{told(problem)}（会自动重试）")
