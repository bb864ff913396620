"""The made city that the tests of packages start from."""

from __future__ import annotations

from pathlib import Path

import pytest
from package_samples import City, make_city


@pytest.fixture
def city(tmp_path: Path) -> City:
    return make_city(tmp_path)
