"""A real web server, and what carries out pushed rows: processes that may be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings

from canbao.registry.server import PrivateServer


class Process:
    """One of our processes, with a test's register; started anew after each kill."""

    def __init__(self, command: list[str], database: PrivateServer, **more: str) -> None:
        self.command = [sys.executable, "-m", *command]
        self.environment = {
            **os.environ, "CANBAO_DATABASE_URL": database.url("canbao_app"),
            "CANBAO_DATA_KEYS": str(settings.DATA_KEYS), "CANBAO_STATE": str(database.folder), **more,
        }  # fmt: skip
        self.kills = 0
        self.start()

    def start(self) -> None:
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            self.command, env=self.environment, stdout=quiet, stderr=quiet, start_new_session=True
        )

    def kill(self) -> None:
        """As a power cut would, the process and all its children."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.kills += 1

    def revive(self) -> None:
        """Start it again if it was killed."""
        if self.process.poll() is not None:
            self.start()

    def stop(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Web(Process):
    """Granian on a loopback port."""

    def __init__(self, database: PrivateServer) -> None:
        self.port = _free_port()
        command = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        super().__init__([*command, "--workers", "1", "--blocking-threads", "4", "canbao.wsgi:application"], database)

    def start(self) -> None:
        super().start()
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise TimeoutError("the web server did not come up")


@contextmanager
def web_server(database: PrivateServer) -> Iterator[Web]:
    """The office on a real web server while the block lasts."""
    web = Web(database)
    try:
        yield web
    finally:
        web.stop()


@contextmanager
def living(database: PrivateServer, **more: str) -> Iterator[Process]:
    """What carries out pushed rows, while the block lasts; `more` is of its environment."""
    process = Process(["canbao.survey.living"], database, **more)
    try:
        yield process
    finally:
        process.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
