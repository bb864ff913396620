"""Sizes of memory as people write them."""

from __future__ import annotations

import pytest

from canbao.batch.memory import LEAST, is_enough, size_in_bytes


@pytest.mark.parametrize(
    ("written", "size"),
    [("4GB", 4 << 30), ("512 MiB", 512 << 20), ("1.5g", 3 << 29), (" 300mb ", 300 << 20), ("64K", 64 << 10)],
)
def test_sizes(written: str, size: int) -> None:
    assert size_in_bytes(written) == size


@pytest.mark.parametrize("written", ["", "4", "GB", "-4GB", "4GBX", "1.2.3GB", ".5GB", "inf"])
def test_what_is_no_size(written: str) -> None:
    assert size_in_bytes(written) is None


@pytest.mark.parametrize(("written", "enough"), [(LEAST, True), ("0.25GB", True), ("255MB", False), ("1K", False)])
def test_the_least(written: str, enough: bool) -> None:
    assert is_enough(written) is enough
