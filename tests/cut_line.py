"""A line to a server that breaks at any byte."""

from __future__ import annotations

import random
import socket
from contextlib import suppress
from threading import Lock, Thread


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
