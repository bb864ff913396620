"""What is judged by core one by one before rows are read the long way: odd numbers, and officers' decisions."""

from __future__ import annotations

from collections.abc import Iterable

from canbao.batch.job import Job
from canbao.batch.numbers import judge_numbers
from canbao.batch.steps import clean


def judge_odd_numbers(job: Job, odd: Iterable[str]) -> None:
    """Core judges each odd number in the relations once; the answers become the tables judged and other_numbers."""
    job.engine.run(clean.odd_numbers(odd, job.cleaning))
    written = (row[0] for row in job.engine.rows("SELECT ssn FROM odd_numbers"))
    countries = frozenset(code.code for code in job.law.codes["country"].codes)
    judged, others = judge_numbers(written, job.cleaning.as_of, countries)
    job.engine.give("judged", judged)
    job.engine.give("other_numbers", others)


def read_decisions(job: Job) -> None:
    """Officers' decisions become the tables resolution_rows and resolution."""
    if job.cleaning.resolved:
        for step in clean.resolution(job.law.sources["resolution"], job.cleaning):
            job.engine.run(step)
