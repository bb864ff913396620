"""A partner's key, and a fake register that knows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from client_desk import Desk
from fake_register import FakeRegister, listening

from canbao_client.keys import make_key
from database_servers import mysql, postgresql  # noqa: F401


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A fake register that listens."""
    file = tmp_path / "partner.pem"
    register = FakeRegister(make_key(file).public_key())
    with listening(register) as address:
        yield Desk(register, address, file)
