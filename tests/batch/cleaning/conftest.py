"""A desk of its own for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaning_desk import CleaningDesk


@pytest.fixture
def desk(tmp_path: Path) -> CleaningDesk:
    return CleaningDesk(tmp_path)
