"""A private server in a folder that its account reaches; which PostgreSQL it is, is said at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from canbao.registry.server import PrivateServer


@pytest.fixture
def folder() -> Iterator[Path]:
    """A state folder; pytest's own can't be entered by the account that serves when the tests run as root."""
    made = Path(tempfile.mkdtemp(prefix="canbao-"))
    made.chmod(0o711 if os.geteuid() == 0 else 0o700)
    yield made
    PrivateServer(made).stop()
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def server() -> Iterator[PrivateServer]:
    """A private server that runs, with roles and database."""
    made = Path(tempfile.mkdtemp(prefix="canbao-"))
    made.chmod(0o711 if os.geteuid() == 0 else 0o700)
    running = PrivateServer(made)
    try:
        running.start()
        running.prepare()
        yield running
    finally:
        running.stop()
        shutil.rmtree(made)
