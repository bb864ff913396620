"""A private server in a folder that its account reaches; which PostgreSQL it is, is said at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from canbao.registry.server import PrivateServer
from server_folders import running_server, server_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    """A state folder."""
    with server_folder() as made:
        yield made


@pytest.fixture(scope="module")
def server() -> Iterator[PrivateServer]:
    """A private server that runs, with roles and database."""
    with running_server() as running:
        yield running
