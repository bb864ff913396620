"""pg_dump and pg_restore, started so that no password shows in the list of processes."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import suppress
from types import TracebackType
from typing import IO, Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from canbao.registry.server.programs import Programs

LONGEST_WORDS = 500


class Running:
    """A program of PostgreSQL's at work on a database; `stdin` and `stdout` are pipes, its complaints are kept."""

    def __init__(self, programs: Programs, name: str, url: str, words: list[str]) -> None:
        parameters = conninfo_to_dict(url)
        password = parameters.pop("password", None)
        environment = {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": str(password)} if password else {})}
        command = [programs.path(name), "--no-password", f"--dbname={make_conninfo('', **parameters)}", *words]
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints, env=environment
        )

    def __enter__(self) -> Running:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: Any, trace: TracebackType | None) -> None:
        """Whatever happened: the program doesn't outlive the block."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(BrokenPipeError):
                if pipe is not None:
                    pipe.close()
        self.process.wait()
        self._complaints.close()

    def complaint(self) -> str:
        """Wait for the end; empty if it was a good one, else what the program said last."""
        if self.process.wait() == 0:
            return ""
        self._complaints.seek(0)
        said = self._complaints.read().decode(errors="replace").strip()
        return said[-LONGEST_WORDS:].replace("\n", " ") or f"{self.process.args!r}"
