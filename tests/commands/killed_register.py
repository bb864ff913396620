"""A register that really runs (`canbao serve`), whose processes a test kills, and the database behind it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg.rows import dict_row

from canbao.commands import remote
from canbao.core.trouble import Trouble
from canbao.registry.server import PrivateServer

SECONDS_TO_COME_BACK = 120
PEOPLE_OF_A_PIECE = 60
Row = dict[str, object]


class KilledRegister:
    """A state folder with a running register; `log` is what it has said."""

    def __init__(self, port: int) -> None:
        self.state = Path(tempfile.mkdtemp(prefix="canbao-killed-"))
        self.state.chmod(0o711)
        self.port, self.log = port, self.state / "serve.log"
        self.database = PrivateServer(self.state / "database")
        self.serve: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start `canbao serve`, and wait for its first page."""
        words = ["serve", "--port", str(self.port), "--state", str(self.state), "--workers", "1"]
        with self.log.open("ab") as log:
            self.serve = subprocess.Popen(
                [sys.executable, "-m", "canbao", *words], env=own_environment(), stdout=log, stderr=log
            )
        until(lambda: self.pids("granian") and self._answers(), "the first page")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Another command of the program, on the same state."""
        command = [sys.executable, "-m", "canbao", *words, "--state", str(self.state)]
        return subprocess.run(command, env=own_environment(), capture_output=True, text=True, timeout=120)

    def remove(self) -> None:
        """Stop everything, and leave nothing."""
        self.run("stop")
        if self.serve is not None:
            self.serve.kill()
            self.serve.wait()
        shutil.rmtree(self.state)

    def ask(self, query: str, *parameters: object) -> list[Row]:
        """The answer of the database to its superuser; raises psycopg.OperationalError while it is away."""
        with psycopg.connect(self.database.url("postgres"), row_factory=dict_row, autocommit=True) as connection:
            return connection.execute(query, parameters).fetchall()  # type: ignore[arg-type]

    def asked(self, query: str, *parameters: object) -> list[Row]:
        """The same, once the database is there."""
        return until(lambda: [self.ask(query, *parameters)], "the database")[0]

    def pids(self, what: str) -> list[int]:
        """The processes of `granian` (web), `worker` or `postgres`, the parents before their children."""
        if what == "postgres":
            return postgres_processes(self.state / "database" / "postgresql" / "data")
        assert self.serve is not None
        mine = {pid: words_of(pid) for pid in children(self.serve.pid)}
        first = [pid for pid, words in mine.items() if ("granian" in words) == (what == "granian") and what in words]
        return [*first, *(below for pid in first for below in children(pid))]

    def _answers(self) -> bool:
        with suppress(Trouble):
            remote.Office(f"http://127.0.0.1:{self.port}")._token("/sign-in/")
            return True
        return False

    def kill(self, what: str, chance: random.Random) -> str:
        """Kill -9 the web server, the worker or the database, as a whole or one process of it; returns what it was."""
        if what == "everything":
            assert self.serve is not None
            victims = [self.serve.pid, *self.pids("granian"), *self.pids("worker"), *self.pids("postgres")]
        else:
            victims = self.pids({"web": "granian", "worker": "worker", "database": "postgres"}[what])
            if what != "worker" and chance.random() < 0.5:
                victims = [chance.choice(victims)]
        for pid in victims:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if what == "everything" and self.serve is not None:
            self.serve.wait()
        return f"{what} ({len(victims)})"


def own_environment() -> dict[str, str]:
    """The environment of somebody who has set nothing but small pieces."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("CANBAO_", "DJANGO_"))}
    return {**mine, "CANBAO_ADMISSION_PIECE": str(PEOPLE_OF_A_PIECE)}


def until(found: Callable[[], object], what: str, seconds: float = SECONDS_TO_COME_BACK):  # type: ignore[no-untyped-def]
    """What `found` gives as soon as it gives anything; a database that is away is asked again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(psycopg.OperationalError):
            answer = found()
            if answer:
                return answer
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come back in {seconds} seconds")


def children(pid: int) -> list[int]:
    """The children of a process; none if it is gone."""
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def words_of(pid: int) -> str:
    """The command line of a process; empty if it is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def postgres_processes(data: Path) -> list[int]:
    """The postmaster of a data folder and its children; none if it does not run."""
    with suppress(OSError, IndexError, ValueError):
        postmaster = int((data / "postmaster.pid").read_text().split()[0])
        if "postgres" in words_of(postmaster):
            return [postmaster, *children(postmaster)]
    return []


class Slow(remote._Form):
    """An upload over a slow line, so that there is time to be killed in."""

    def __iter__(self) -> Iterator[bytes]:
        for piece in super().__iter__():
            for start in range(0, len(piece), len(piece) // 8 + 1):
                yield piece[start : start + len(piece) // 8 + 1]
                time.sleep(0.02)
