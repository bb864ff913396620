"""The register from the command line: tried out, uploaded to, verified, backed up, restored, stopped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest

from canbao.registry.server import PrivateServer

PROGRAM = [sys.executable, "-m", "canbao"]
PORT = 8000 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) + 731
PASSWORD = "demo-canbao-2017"
NOWHERE = {"CANBAO_DATABASE_URL": "postgresql://127.0.0.1:9/none", "CANBAO_SECRET_KEY": "long enough " * 4}


def run(*words: str | Path, **more: object) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, that knows of no database but its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CANBAO_")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [*PROGRAM, *map(str, words)], capture_output=True, text=True, env={**environment, **more}, timeout=240
    )


@pytest.fixture(scope="module")
def demo() -> Iterator[Path]:
    """A demonstration that is running."""
    folder = Path(tempfile.mkdtemp(prefix="canbao-demo-"))
    folder.chmod(0o711)
    ended = run("demo", folder, "-n", "300", "--port", PORT)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    yield folder
    assert run("stop", "--state", folder / "state").returncode == 0
    shutil.rmtree(folder)


def superuser(folder: Path) -> psycopg.Connection:
    return psycopg.connect(PrivateServer(folder / "state" / "database").url("postgres"), autocommit=True)


def test_the_demonstration_ends_at_a_page(demo: Path) -> None:
    with urlopen(f"http://127.0.0.1:{PORT}/sign-in/") as answer:
        assert "demo-province" in answer.read().decode()


def test_a_city_uploads_from_its_own_machine(demo: Path) -> None:
    (package,) = (demo / "440100" / "OUT").glob("*.canbao")
    words = ("--server", f"http://127.0.0.1:{PORT}", "--account", "demo-guangzhou")
    done = run("upload", package, *words, CANBAO_PASSWORD=PASSWORD)
    assert (done.returncode, "/packages/3/" in done.stdout) == (0, True), done.stdout + done.stderr
    again = run("upload", package, *words, CANBAO_PASSWORD=PASSWORD)
    assert (again.returncode, "已经上传过" in again.stderr) == (2, True), again.stderr
    wrong = run("upload", package, *words, CANBAO_PASSWORD="wrong")
    assert (wrong.returncode, "登录不了" in wrong.stderr) == (2, True), wrong.stderr


def test_a_city_without_a_list_is_told_so(demo: Path) -> None:
    words = ("--server", f"http://127.0.0.1:{PORT}", "--account", "demo-guangzhou", "--out", demo / "list.csv")
    other = run("household-list", "4403", *words, CANBAO_PASSWORD=PASSWORD)
    assert (other.returncode, "只能下载本市" in other.stderr) == (2, True), other.stderr
    none = run("household-list", "4401", *words, CANBAO_PASSWORD=PASSWORD)
    assert (none.returncode, "还没有本市的户籍名单" in none.stderr) == (2, True), none.stderr
    assert not (demo / "list.csv").exists()


def test_a_backup_restored_elsewhere_is_the_same(demo: Path) -> None:
    key = demo / "keeper.key"
    assert run("key", "new", key, "--receiving").returncode == 0
    file = demo / "register.backup"
    taken = run("backup", file, "--to", demo / "keeper.pub", "--state", demo / "state")
    assert taken.returncode == 0, taken.stderr
    elsewhere = demo / "elsewhere"
    restored = run("restore", file, "--identity", key, "--verify", "--state", elsewhere)
    assert (restored.returncode, "核对相符" in restored.stdout) == (0, True), restored.stdout + restored.stderr
    shutil.copytree(demo / "state" / "anchors", elsewhere / "anchors", dirs_exist_ok=True)
    shutil.copy(demo / "state" / "audit.pub", elsewhere)
    assert run("audit", "verify", "--records", "--state", elsewhere).returncode == 0
    assert run("stop", "--state", elsewhere).returncode == 0


def test_maintenance_shows_nothing_else(demo: Path) -> None:
    assert run("maintenance", "on", "--state", demo / "state").returncode == 0
    with pytest.raises(OSError, match="503"):
        urlopen(f"http://127.0.0.1:{PORT}/sign-in/")
    assert run("maintenance", "off", "--state", demo / "state").returncode == 0
    assert urlopen(f"http://127.0.0.1:{PORT}/sign-in/").status == 200


def test_the_log_verifies_and_one_changed_bit_shows(demo: Path) -> None:
    state = ("--state", demo / "state")
    run("audit", "checkpoint", *state)  # so that the office's own, in between, has no need to look at line 2
    whole = run("audit", "verify", *state)
    assert (whole.returncode, "完好" in whole.stdout) == (0, True), whole.stdout
    flip = "UPDATE audit_log SET hash = set_bit(hash, 3, 1 - get_bit(hash, 3)) WHERE number = 2"
    with superuser(demo) as connection:
        connection.execute("ALTER TABLE audit_log DISABLE TRIGGER USER")
        connection.execute(flip)
    broken = run("audit", "verify", *state)
    assert (broken.returncode, "第 2 条" in broken.stdout) == (1, True), broken.stdout
    with superuser(demo) as connection:
        connection.execute(flip)
        connection.execute("ALTER TABLE audit_log ENABLE TRIGGER USER")
    assert run("audit", "verify", *state).returncode == 0


def test_data_keys_are_listed_changed_and_destroyed(demo: Path) -> None:
    state = ("--state", demo / "state")
    key = demo / "state" / "data-keys" / "1.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert "第 1 版 1 条" in run("data-key", "list", *state).stdout
    changed = run("data-key", "rotate", *state)
    assert (changed.returncode, "第 2 版已启用" in changed.stdout) == (0, True), changed.stdout + changed.stderr
    current = run("data-key", "destroy", "2", *state)
    assert (current.returncode, "正在用的一版" in current.stderr) == (2, True), current.stderr
    assert run("data-key", "destroy", "1", *state).returncode == 0 and not key.exists()
    assert "第 2 版 1 条" in run("data-key", "list", *state).stdout


def test_a_folder_without_a_data_key_is_said_plainly(demo: Path, tmp_path: Path) -> None:
    ended = run("data-key", "rotate", "--state", demo / "state", CANBAO_DATA_KEYS=str(tmp_path / "none"))
    assert (ended.returncode, "没有数据密钥" in ended.stderr) == (2, True), ended.stderr


def test_a_database_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    ended = run("migrate", "--state", tmp_path, **NOWHERE)
    assert (ended.returncode, "连不上" in ended.stderr) == (2, True), ended.stderr
