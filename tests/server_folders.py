"""Folders for private servers: pytest's own can't be entered by the account that serves when the tests run as root."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from canbao.registry.server import PrivateServer


@contextmanager
def server_folder() -> Iterator[Path]:
    """A state folder; its server is stopped and the folder removed afterwards."""
    made = Path(tempfile.mkdtemp(prefix="canbao-"))
    made.chmod(0o711 if os.geteuid() == 0 else 0o700)
    try:
        yield made
    finally:
        PrivateServer(made).stop()
        shutil.rmtree(made)


@contextmanager
def running_server() -> Iterator[PrivateServer]:
    """A private server that runs, with roles and database."""
    with server_folder() as made:
        running = PrivateServer(made)
        running.start()
        running.prepare()
        yield running
