"""Whatever goes wrong, OUT/ is as it was before, or whole: bad input, kill -9, no disk, no memory."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from canbao.batch.city import clean_city
from canbao.batch.generator import generate_city
from canbao.batch.trouble import OutOfRoom, SourceTrouble
from cleaning_desk import COVER, CleaningDesk, digests, number

CANBAO = [sys.executable, "-m", "canbao"]
KILLS = int(os.environ.get("CANBAO_KILLS", "10"))
SEED = 20170630


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    generate_city(folder, persons=2_000, shape="plain", truth=False)
    return folder


@pytest.fixture(scope="module")
def whole(city: Path) -> dict[str, str]:
    """The digests of an undisturbed run."""
    clean_city(city / "city.toml", city / "WHOLE")
    return digests(city / "WHOLE")


def left_behind(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir() if "partial" in file.name]


def test_killed_at_any_moment_leaves_what_was_there(city: Path, whole: dict[str, str], tmp_path: Path) -> None:
    """Fifty runs are killed at random moments; OUT is as before or the new one whole, and a rerun is good."""
    dice, out = random.Random(SEED), tmp_path / "OUT"
    command = [*CANBAO, "clean", str(city / "city.toml"), "--out", str(out), "--quiet"]
    started = time.monotonic()
    subprocess.run(command, check=True)
    longest = time.monotonic() - started
    old = digests(out)
    assert old == whole
    for kill in range(KILLS):
        if kill % 2:
            shutil.rmtree(out, ignore_errors=True)
        before = digests(out) if out.exists() else None
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            running.wait(dice.uniform(0.3, longest))
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
        running.wait()
        after = digests(out) if out.exists() else None
        assert after in (before, whole), f"seed {SEED}, kill {kill}"
    subprocess.run(command, check=True)
    assert digests(out) == whole
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("kilobytes", [64, 160, 256])
def test_a_full_disk_is_said_and_changes_nothing(city: Path, tmp_path: Path, kilobytes: int) -> None:
    """On a file system too small for the results (a mount of its own, so this needs root or user namespaces)."""
    small = tmp_path / "small"
    small.mkdir()
    clean = " ".join([*CANBAO, "clean", str(city / "city.toml"), "--out", f"{small}/OUT", "--quiet"])
    script = f"mount -t tmpfs -o size={kilobytes}K none {small} && {clean}; status=$?; ls -A {small}; exit $status"
    spaces = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    finished = subprocess.run([*spaces, "bash", "-c", script], capture_output=True, text=True)
    assert (finished.returncode, finished.stdout) == (3, ""), finished.stderr
    assert "磁盘" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_too_little_memory_is_said_and_changes_nothing(city: Path, tmp_path: Path) -> None:
    with pytest.raises(OutOfRoom, match="内存"):
        clean_city(city / "city.toml", tmp_path / "OUT", memory="1MB")
    assert list(tmp_path.iterdir()) == []


def test_a_trouble_leaves_the_earlier_results(city: Path, whole: dict[str, str], tmp_path: Path) -> None:
    shutil.copytree(city / "WHOLE", tmp_path / "OUT")
    desk = CleaningDesk(tmp_path)
    (tmp_path / "household.csv").write_bytes(b"")
    desk.sources["household"] = "household.csv"
    with pytest.raises(SourceTrouble, match="household"):
        clean_city(desk.config(), tmp_path / "OUT")
    assert digests(tmp_path / "OUT") == whole


def test_a_folder_of_somebody_else_is_not_replaced(desk: CleaningDesk) -> None:
    desk.put("insurance", {"ssn": number(41), "name": "张三", "insurance_type": "emp_pension", **COVER})
    mine = desk.folder / "OUT" / "thesis.docx"
    mine.parent.mkdir()
    mine.write_text("mine")
    with pytest.raises(SourceTrouble, match="别的东西"):
        desk.clean()
    assert mine.read_text() == "mine"


def test_packages_of_earlier_results_are_kept(desk: CleaningDesk) -> None:
    desk.put("insurance", {"ssn": number(41), "name": "张三", "insurance_type": "emp_pension", **COVER})
    desk.clean()
    (desk.folder / "OUT" / "440600-20170630-001.canbao").write_bytes(b"sent")
    desk.clean()
    assert (desk.folder / "OUT" / "440600-20170630-001.canbao").read_bytes() == b"sent"


def test_no_rows_at_all_are_a_result_that_is_warned_of(desk: CleaningDesk) -> None:
    warned: list[str] = []
    for source in ("household", "insurance", "death", "resolution"):
        desk.put(source)
    results = desk.clean(warn=warned.append)
    assert results.tables["persons"] == []
    assert results.summary["persons"] == 0
    found = [(one["severity"], one["rule"], one["source"], one["row"]) for one in results.tables["findings"]]
    assert found == [("warning", "source_empty", f"{name}.csv", 1) for name in ("death", "household", "insurance")]
    assert [words.split("没有")[0] for words in warned] == ["户籍（household）", "险种业务（insurance）"]


def test_rows_that_are_all_left_out_are_warned_of(desk: CleaningDesk) -> None:
    warned: list[str] = []
    desk.put("household", {"ssn": number(41), "name": "张三"})
    desk.put("insurance", {"ssn": number(41), "name": "张三", "insurance_type": "emp_pension", **COVER})
    file = desk.config()
    where = """{path = "household.csv", where = "name <> '张三'"}"""
    file.write_text(file.read_text("utf-8").replace('"household.csv"', where), "utf-8")
    summary = clean_city(file, desk.folder / "OUT", warn=warned.append)
    assert summary["findings"]["source_empty"]["count"] == 1 and len(warned) == 1


def test_rows_that_give_persons_are_not_warned_of(desk: CleaningDesk) -> None:
    warned: list[str] = []
    desk.put("household", {"ssn": number(41), "name": "张三"})
    assert "source_empty" not in desk.clean(warn=warned.append).rules()
    assert warned == []
