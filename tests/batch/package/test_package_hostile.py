"""Every hostile class is refused with its reason, quickly, in little memory, and leaves nothing behind."""

from __future__ import annotations

import os
import time
import tracemalloc
from pathlib import Path

import pytest
from hostile_packages import HOSTILE, archive, contents
from package_samples import City, make_city

from canbao.batch.package import PackageRefused, open_package, verify
from canbao.batch.trouble import SourceTrouble

SECONDS, BYTES = 2.0, 32 << 20


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_city(tmp_path_factory.mktemp("city")).pack().read_bytes()


def test_a_rebuilt_package_is_good(good: bytes) -> None:
    assert archive(contents(good)) == good


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_packages_are_refused(kind: str, good: bytes, tmp_path: Path) -> None:
    make, reason = HOSTILE[kind]
    package, into = tmp_path / "hostile.canbao", tmp_path / "deep" / "in"
    package.write_bytes(make(good))
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(PackageRefused, match=reason) as refused:
        open_package(package, into)
    took, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < SECONDS and peak < BYTES
    assert verify(package) == list(refused.value.faults)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["deep", "hostile.canbao", "in"]
    assert all(fault.isprintable() and "[" not in fault for fault in refused.value.faults)


def test_a_named_pipe_is_not_waited_for(city: City, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.canbao")
    with pytest.raises(SourceTrouble):
        verify(tmp_path / "pipe.canbao")
