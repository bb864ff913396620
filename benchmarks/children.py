"""One job in a process of its own, with what it took: wall seconds, processor seconds, peak memory."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Taken:
    """Seconds on the clock, seconds of processor, gigabytes of memory at the peak, and the exit status."""

    wall: float
    cpu: float
    memory: float
    status: int


def measure(job: str, *arguments: object) -> Taken:
    """Run `python -m benchmarks.jobs JOB ARGUMENTS…` and wait for it."""
    started = time.monotonic()
    command = [sys.executable, "-m", "benchmarks.jobs", job, *map(str, arguments)]
    child = os.posix_spawn(sys.executable, command, dict(os.environ))
    _, status, usage = os.wait4(child, 0)
    wall = time.monotonic() - started
    return Taken(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6, os.waitstatus_to_exitcode(status))
