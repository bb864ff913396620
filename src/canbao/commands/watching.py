"""Watching over processes until we are told to stop: whatever dies is started again, our own database too."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from canbao.commands.screen import errors, screen
from canbao.core.trouble import Trouble

if TYPE_CHECKING:
    from canbao.registry.server import PrivateServer

TICK = 0.2
SECONDS_TO_STOP = 20
SECONDS_TO_LIVE = 2
"""A process that has ended by itself is not started again sooner: it might do so for ever."""
SECONDS_BETWEEN_TRIES = 3


def watch(commands: Sequence[list[str]], environment: Mapping[str, str], database: PrivateServer | None) -> int:
    """Run processes, and the private server if there is one, until SIGTERM or SIGINT; returns the exit status."""
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _: asked.append(got))
    kept = Kept(database) if database else None
    running = [Running(command, environment) for command in commands]
    while not asked:
        time.sleep(TICK)
        for one in (kept, *running):
            if one is not None and not asked:
                one.look()
    for process in running:
        process.tell()
    for process in running:
        process.wait()
    return 0


class Running:
    """One of our processes, started again whenever it has died, since the others need it."""

    def __init__(self, command: list[str], environment: Mapping[str, str]) -> None:
        self._command, self._environment = command, environment
        self._start()

    def _start(self) -> None:
        from canbao.registry.server.offspring import start

        self._process = start(self._command, self._environment)
        self._since = time.monotonic()

    def look(self) -> None:
        """Start it again if it is gone."""
        from canbao.registry.server.offspring import end_group

        if self._process.poll() is None:
            return
        end_group(self._process)
        if self._process.returncode < 0 or time.monotonic() - self._since > SECONDS_TO_LIVE:
            self._start()

    def tell(self) -> None:
        """Ask it to end."""
        self._process.terminate()

    def wait(self) -> None:
        """Wait until it has ended, but not for ever."""
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()


class Kept:
    """The private server, started again whenever it has died; what is in the way is said once, and tried again."""

    def __init__(self, server: PrivateServer) -> None:
        self._server, self._said, self._not_before = server, "", 0.0

    def look(self) -> None:
        """Start it again if it is gone."""
        if time.monotonic() < self._not_before:
            return
        try:
            if not self._server.is_running() and self._server.start():
                screen.print("数据库停了，已重新启动")
                self._said = ""
        except Trouble as trouble:
            self._not_before = time.monotonic() + SECONDS_BETWEEN_TRIES
            if str(trouble) != self._said:
                errors.print(f"数据库停了，重新启动不了，会一再尝试。{trouble}")
                self._said = str(trouble)
