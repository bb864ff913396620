"""A folder for keys and checkpoints, with a second place for the latter."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def watched(settings_changed, tmp_path: Path) -> Path:
    settings_changed(STATE=tmp_path, AUDIT_ANCHORS=(tmp_path / "elsewhere",))
    return tmp_path
