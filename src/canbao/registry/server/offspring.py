"""Processes that end with the one that started them, however it ends: none goes on without anybody who watches."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

ON_LINUX = sys.platform == "linux"
DEATH_OF_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


def end_with_parent(number: int = signal.SIGTERM) -> None:
    """Have the system send this process a signal when its parent has died; elsewhere than on Linux nothing happens."""
    if ON_LINUX:
        ctypes.CDLL(None).prctl(DEATH_OF_PARENT, number)


def start(command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a process, in a group of its own with whatever it starts, that is told to end when we have died."""
    return subprocess.Popen(command, env=dict(environment), start_new_session=True, preexec_fn=end_with_parent)


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what a process of ours that is gone has left behind; orphans would hold its port."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
