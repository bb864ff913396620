"""A real web server that may be killed, and a line to it that breaks at any byte."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread

from django.conf import settings

from canbao.registry.server import PrivateServer


class Web:
    """Granian on a loopback port, started anew after each kill."""

    def __init__(self, database: PrivateServer) -> None:
        self.port = _free_port()
        self.environment = {
            **os.environ, "CANBAO_DATABASE_URL": database.url("canbao_app"),
            "CANBAO_DATA_KEYS": str(settings.DATA_KEYS), "CANBAO_STATE": str(database.folder),
        }  # fmt: skip
        self.kills = 0
        self.start()

    def start(self) -> None:
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", "1", "--blocking-threads", "4", "canbao.wsgi:application",
        ]  # fmt: skip
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=quiet, stderr=quiet, start_new_session=True
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise TimeoutError("the web server did not come up")

    def kill(self) -> None:
        """As a power cut would, web server and all its children."""
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


@contextmanager
def web_server(database: PrivateServer) -> Iterator[Web]:
    """The office on a real web server while the block lasts."""
    web = Web(database)
    try:
        yield web
    finally:
        web.stop()


class Line:
    """A proxy that breaks each connection after some bytes, in either direction, by its dice."""

    def __init__(self, port: int, seed: int, whole: float) -> None:
        self.to, self.whole, self.dice, self.lock = port, whole, random.Random(seed), Lock()
        self.cuts = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self.socket.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.socket.accept()
                Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with suppress(OSError), near, socket.create_connection(("127.0.0.1", self.to), 10) as far:
            up, down = self._bounds()
            back = Thread(target=self._copy, args=(far, near, down), daemon=True)
            back.start()
            self._copy(near, far, up)
            back.join()

    def _bounds(self) -> tuple[int, int]:
        with self.lock:
            if self.dice.random() < self.whole:
                return 1 << 30, 1 << 30
            self.cuts += 1
            most = self.dice.choice((40, 400, 1_200))
            cut = self.dice.randint(0, most)
            return (cut, 1 << 30) if self.dice.random() < 0.5 else (1 << 30, cut)

    def _copy(self, of: socket.socket, to: socket.socket, left: int) -> None:
        with suppress(OSError):
            while left > 0:
                part = of.recv(min(left, 4_096))
                if not part:
                    break
                to.sendall(part)
                left -= len(part)
        for one in (of, to):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
