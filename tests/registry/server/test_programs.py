"""Which PostgreSQL programs are taken, and what is said when there are none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from canbao.registry.server import ServerTrouble, wheel
from canbao.registry.server.programs import TO_SERVE, installed, to_dump, to_serve


def plant(root: Path, major: int, names: tuple[str, ...] = TO_SERVE) -> None:
    """Programs that only say their version, in `root`/`major`/bin."""
    folder = root / str(major) / "bin"
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {major}.4 (Debian)'\n")
        (folder / name).chmod(0o755)


@pytest.fixture
def packaged(tmp_path: Path) -> tuple[str]:
    return (f"{tmp_path}/*/bin",)


@pytest.fixture
def no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel, "PACKAGE", "no_such_package")


def test_the_newest_of_the_system(tmp_path: Path, packaged: tuple[str]) -> None:
    for major in (15, 9, 17, 16):
        plant(tmp_path, major)
    assert (to_serve(packaged=packaged).major, to_serve(packaged=packaged).is_wheel) == (17, False)


def test_the_system_before_the_wheel(tmp_path: Path, packaged: tuple[str]) -> None:
    plant(tmp_path, 15)
    assert [one.is_wheel for one in installed(TO_SERVE, packaged)] == [False, True]


def test_a_client_without_server_is_passed_over(tmp_path: Path, packaged: tuple[str]) -> None:
    plant(tmp_path, 17, ("pg_dump",))
    plant(tmp_path, 15)
    assert to_serve(packaged=packaged).major == 15


def test_data_keeps_its_version(tmp_path: Path, packaged: tuple[str]) -> None:
    plant(tmp_path, 15)
    plant(tmp_path, 17)
    assert to_serve(15, packaged).major == 15


def test_data_of_a_version_that_is_not_here(tmp_path: Path, packaged: tuple[str]) -> None:
    plant(tmp_path, 17)
    with pytest.raises(ServerTrouble, match="postgresql-16"):
        to_serve(16, packaged)


@pytest.mark.usefixtures("no_wheel")
def test_nothing_at_all(packaged: tuple[str]) -> None:
    with pytest.raises(ServerTrouble, match=r"initdb.*apt-get install postgresql"):
        to_serve(packaged=packaged)


@pytest.mark.usefixtures("no_wheel")
def test_too_old(tmp_path: Path, packaged: tuple[str]) -> None:
    plant(tmp_path, 13)
    with pytest.raises(ServerTrouble, match="只有 13 版，太旧，需要 15"):
        to_serve(packaged=packaged)


def test_a_dump_is_taken_by_the_nearest_that_is_not_older(tmp_path: Path, packaged: tuple[str]) -> None:
    for major in (15, 16, 17):
        plant(tmp_path, major, ("pg_dump",))
    assert to_dump(16, "pg_dump", packaged).major == 16


def test_no_program_to_dump_a_newer_server(tmp_path: Path, packaged: tuple[str]) -> None:
    plant(tmp_path, 15, ("pg_dump",))
    with pytest.raises(ServerTrouble, match="postgresql-client-99"):
        to_dump(99, "pg_dump", packaged)


def test_programs_that_can_not_run_here_count_as_too_old(tmp_path: Path, packaged: tuple[str]) -> None:
    plant(tmp_path, 17)
    (tmp_path / "17" / "bin" / "initdb").write_text("no program")
    assert to_serve(packaged=packaged).is_wheel


def test_the_wheel_is_found_without_importing_it() -> None:
    imports = "import sys; from canbao.registry.server import wheel"
    asks = f"{imports}; print(wheel.programs_folder(), wheel.PACKAGE in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True).stdout.split()
    assert said == [str(wheel.programs_folder()), "False"]
    assert Path(said[0], "postgres").is_file()
