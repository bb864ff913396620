"""One dirty city, cleaned once, for all tests of deliveries."""

from __future__ import annotations

from pathlib import Path

import pytest
from delivery_desk import DeliveryDesk, clean_made_city


@pytest.fixture(scope="session")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean_made_city(tmp_path_factory.mktemp("delivered"), persons=1_500, seed=21)


@pytest.fixture
def desk(cleaned: Path, tmp_path: Path) -> DeliveryDesk:
    return DeliveryDesk(cleaned, tmp_path)
