"""One cleaned city for all tests that only look at results."""

from __future__ import annotations

from pathlib import Path

import pytest
from explain_city import write_city

from canbao.commands import main


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `canbao clean` made of the small city."""
    folder = tmp_path_factory.mktemp("explained")
    assert main(["clean", str(write_city(folder)), "--out", str(folder / "OUT"), "--quiet"]) == 0
    return folder / "OUT"
