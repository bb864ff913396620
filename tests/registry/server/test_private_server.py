"""The private server: made, started, killed and started again, by whomever, wherever."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from canbao.registry.server import PrivateServer, ServerTrouble, private, programs
from canbao.registry.server import place as places
from canbao.registry.server.account import Account
from canbao.registry.server.complaints import complaint
from canbao.registry.server.parameters import PARAMETERS
from canbao.registry.server.trouble import ServerOutOfRoom

NOBODY = 65534
KILLS = 5


def asked(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def postmaster(folder: Path) -> int:
    return int((folder / "postgresql" / "data" / "postmaster.pid").read_text().split()[0])


def test_starting_twice_is_starting_once(server: PrivateServer) -> None:
    before = postmaster(server.folder)
    assert PrivateServer(server.folder).start() is False
    assert postmaster(server.folder) == before


def test_preparing_again_changes_nothing(server: PrivateServer) -> None:
    server.prepare()
    server.prepare("another")
    assert asked(server.url("canbao_owner", "another"), "SELECT current_database()") == "another"


@pytest.mark.parametrize("role", ["canbao_owner", "canbao_app", "canbao_backup"])
def test_roles_have_only_what_they_need(server: PrivateServer, role: str) -> None:
    query = (
        "SELECT (rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls)::text FROM pg_roles WHERE rolname"
    )
    expected = "(f,f,f,f,t)" if role == "canbao_backup" else "(f,f,f,f,f)"
    assert asked(server.url(role), f"{query} = current_user") == expected


def test_the_owner_owns_the_database(server: PrivateServer) -> None:
    query = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'canbao'"
    assert asked(server.url("canbao_app"), query) == "canbao_owner"


def test_the_application_can_make_no_tables(server: PrivateServer) -> None:
    with psycopg.connect(server.url("canbao_app")) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE mine ()")


@pytest.mark.parametrize("name", PARAMETERS)
def test_each_parameter_is_in_force(server: PrivateServer, name: str) -> None:
    query = f"SELECT pending_restart::text || ' ' || source FROM pg_settings WHERE lower(name) = '{name}'"
    assert asked(server.url("postgres"), query) == "false configuration file"


def test_no_wrong_line_in_the_parameters(server: PrivateServer) -> None:
    assert asked(server.url("postgres"), "SELECT count(*) FROM pg_file_settings WHERE error IS NOT NULL") == 0


def test_pages_have_checksums_and_text_is_utf8(server: PrivateServer) -> None:
    assert asked(server.url("postgres"), "SHOW data_checksums") == "on"
    assert asked(server.url("canbao_app"), "SHOW server_encoding") == "UTF8"


def test_chinese_names_have_trigrams(server: PrivateServer) -> None:
    assert asked(server.url("canbao_app"), "SELECT '欧阳建国' % '欧阳建'") is True


def test_a_password_is_asked_for(server: PrivateServer) -> None:
    password = server.url("canbao_app").split(":")[2].split("@")[0]
    wrong = server.url("canbao_app").replace(password, "guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_only_the_owner_reads_passwords_and_enters_the_socket_folder(server: PrivateServer) -> None:
    home = server.folder / "postgresql"
    modes = {name: stat.S_IMODE((home / name).stat().st_mode) for name in ("passwords.json", "data", "socket", "lock")}
    assert modes == {"passwords.json": 0o600, "data": 0o700, "socket": 0o700, "lock": 0o600}
    assert [file.name for file in home.iterdir() if file.name == "superuser"] == []


def test_the_log_names_no_person(server: PrivateServer) -> None:
    number = "440106201706300019"
    with psycopg.connect(server.url("canbao_owner"), autocommit=True) as connection:
        connection.execute("CREATE TABLE person (ssn text UNIQUE)")
        connection.execute("INSERT INTO person VALUES (%s)", [number])
        for statement in ("INSERT INTO person VALUES (%s)", "SELECT 1 / 0 FROM person WHERE ssn = %s"):
            with pytest.raises(psycopg.Error):
                connection.execute(statement, [number])
    written = (server.folder / "postgresql" / "data" / "server.log").read_text()
    assert "duplicate key" in written
    assert number not in written


def test_after_kill_nine_what_was_committed_is_there(folder: Path) -> None:
    server = PrivateServer(folder)
    assert server.start() is True
    server.prepare()
    with psycopg.connect(server.url("canbao_owner"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        os.kill(postmaster(folder), signal.SIGKILL)
    assert PrivateServer(folder).start() is True
    assert asked(server.url("canbao_owner"), "SELECT answer FROM kept") == 42


def test_killed_while_writing_all_that_was_acknowledged_is_there(folder: Path) -> None:
    dice, server, acknowledged = random.Random(20170630), PrivateServer(folder), 0
    server.start()
    server.prepare()
    with psycopg.connect(server.url("canbao_owner")) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    for _ in range(KILLS):
        killer = threading.Timer(dice.uniform(0.05, 0.3), os.kill, (postmaster(folder), signal.SIGKILL))
        killer.start()
        acknowledged = written_until_the_end(server, acknowledged)
        killer.join()
        assert server.start() is True
        found = asked(server.url("canbao_owner"), "SELECT count(*)::int FROM kept")
        assert found in (acknowledged, acknowledged + 1)
        acknowledged = int(str(found))
    assert acknowledged > KILLS


def written_until_the_end(server: PrivateServer, number: int) -> int:
    """Write numbers, one for each transaction, until the connection breaks; how many were acknowledged in all."""
    with suppress(psycopg.OperationalError), psycopg.connect(server.url("canbao_owner"), autocommit=True) as connection:
        while True:
            connection.execute("INSERT INTO kept VALUES (%s)", [number])
            number += 1
    return number


def test_a_stale_note_with_the_number_of_another_program(folder: Path) -> None:
    """In a container numbers begin anew: the note left by `kill -9` may name a process of somebody else's."""
    server = PrivateServer(folder)
    server.start()
    note = folder / "postgresql" / "data" / "postmaster.pid"
    lines = note.read_text().split("\n")
    server.stop()
    note.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert server.start() is True
    assert postmaster(folder) != os.getpid()


def test_started_by_several_at_once_it_starts_once(folder: Path) -> None:
    started: list[bool] = []
    threads = [threading.Thread(target=lambda: started.append(PrivateServer(folder).start())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(started) == [False, False, False, True]


def test_a_half_made_data_folder_is_made_anew(folder: Path) -> None:
    (folder / "postgresql" / "data.part" / "base").mkdir(parents=True)
    assert PrivateServer(folder).start() is True


def test_a_cleared_socket_folder_is_made_anew(folder: Path) -> None:
    server = PrivateServer(folder)
    server.start()
    for file in (folder / "postgresql" / "socket").iterdir():
        file.unlink()
    assert server.start() is True
    assert asked(server.url("postgres", "postgres"), "SELECT 1") == 1


def test_a_long_path_has_its_socket_in_the_temporary_folder(folder: Path) -> None:
    server = PrivateServer(folder / ("路径" * 20) / "it's here")
    server.start()
    socket = places.place_in(server.folder).socket
    assert socket.parent == Path("/tmp")
    assert asked(server.url("postgres", "postgres"), "SELECT 1") == 1
    server.stop()
    socket.rmdir()


def test_a_socket_folder_that_is_open_to_others_is_refused(folder: Path) -> None:
    socket = places.place_in(folder).socket
    socket.mkdir(mode=0o700)
    socket.chmod(0o777)
    with pytest.raises(ServerTrouble, match="别人也能进入"):
        PrivateServer(folder).start()


def test_stopping_what_was_never_started(folder: Path) -> None:
    PrivateServer(folder).stop()


def test_stopping_and_starting(folder: Path) -> None:
    server = PrivateServer(folder)
    server.start()
    server.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url("postgres", "postgres"))
    assert server.start() is True


def test_the_wheel_serves_where_the_system_has_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private, "to_serve", lambda major: programs.to_serve(major, packaged=()))
    server = PrivateServer(folder)
    server.start()
    server.prepare()
    assert programs.to_serve(packaged=()).is_wheel
    major = programs.to_serve(packaged=()).major
    assert asked(server.url("canbao_app"), "SELECT current_setting('server_version_num')::int / 10000") == major
    assert asked(server.url("canbao_app"), "SELECT '欧阳建国' % '欧阳建'") is True


def test_the_wheel_is_copied_where_its_account_may_not_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private, "to_serve", lambda major: programs.to_serve(major, packaged=()))
    monkeypatch.setattr(private, "ELSEWHERE", folder)
    monkeypatch.setattr(Account, "reaches", lambda self, path: "site-packages" not in str(path))
    PrivateServer(folder).start()
    running = Path(f"/proc/{postmaster(folder)}/exe").resolve()
    assert running.is_relative_to(folder / f"programs-{programs.to_serve(packaged=()).major}")


def test_below_a_folder_that_is_root_s_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ordinary user's server stays in his folder; root's goes where its account may go."""
    monkeypatch.setattr(places, "ELSEWHERE", folder / "elsewhere")
    secret = folder / "secret"
    secret.mkdir(mode=0o700)
    server = PrivateServer(secret)
    server.start()
    server.prepare()
    expected = folder / "elsewhere" if os.geteuid() == 0 else secret
    assert (secret / "postgresql").resolve().parent == expected
    assert asked(server.url("canbao_app"), "SELECT 1") == 1
    server.stop()


def test_an_ordinary_user_needs_nobody_s_help(folder: Path) -> None:
    user = NOBODY if os.geteuid() == 0 else os.geteuid()
    os.chown(folder, user, -1)
    child = os.fork()
    if child == 0:
        os._exit(ordinary_user(folder, user))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert (folder / "postgresql" / "data").stat().st_uid == user


def ordinary_user(folder: Path, user: int) -> int:
    """Start, prepare, ask and stop as a user who isn't root; the exit status."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    server = PrivateServer(folder)
    server.start()
    server.prepare()
    good = asked(server.url("canbao_app"), "SELECT current_user") == "canbao_app"
    server.stop()
    return 0 if good else 1


COMPLAINTS = [
    ("FATAL:  could not write to file: No space left on device", "磁盘空间用完了"),
    ('FATAL:  Unix-domain socket path "/x" is too long (maximum 107 bytes)', "套接字路径太长"),
    ("FATAL:  database files are incompatible with server", "另一个版本"),
    ("could not map anonymous shared memory: Cannot allocate memory", "内存不够"),
    ("something new\n  of the year 2040\n", "of the year 2040"),
    ("2040 FATAL:  a new one\nExamine the log output.\n", "FATAL:  a new one"),
    ("", "没有说明原因"),
]


@pytest.mark.parametrize(("said", "told"), COMPLAINTS)
def test_complaints_are_told_in_chinese(said: str, told: str) -> None:
    assert told in str(complaint(Path("/data"), Path("/log"), said))


def test_a_full_disk_has_its_own_exit_status() -> None:
    assert isinstance(complaint(Path("/data"), Path("/log"), "No space left on device"), ServerOutOfRoom)
    assert complaint(Path("/data"), Path("/log"), "No space left on device").exit_status == 3
    assert complaint(Path("/data"), Path("/log"), "Permission denied").exit_status == 2


def test_lost_passwords_are_not_replaced_by_wrong_ones(folder: Path) -> None:
    server = PrivateServer(folder)
    server.start()
    (folder / "postgresql" / "passwords.json").unlink()
    with pytest.raises(ServerTrouble, match=r"passwords.json：数据库口令读不出来"):
        server.url("canbao_app")


@pytest.mark.parametrize("megabytes", [1, 10, 30])
def test_a_disk_too_small_for_a_database(folder: Path, megabytes: int) -> None:
    """On a file system of its own (so this needs root or user namespaces)."""
    small = folder / "small"
    small.mkdir(mode=0o711)
    program = (
        "import sys; from pathlib import Path; from canbao.registry.server import PrivateServer, ServerOutOfRoom\n"
        "try: PrivateServer(Path(sys.argv[1])).start()\n"
        "except ServerOutOfRoom as trouble: print(trouble, file=sys.stderr); sys.exit(trouble.exit_status)\n"
    )
    script = f'mount -t tmpfs -o size={megabytes}M none {small} && "$@"; status=$?; ls -d {small}/*/data; exit $status'
    spaces = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    command = [*spaces, "bash", "-c", script, "-", sys.executable, "-c", program, str(small)]
    finished = subprocess.run(command, capture_output=True, text=True)
    assert (finished.returncode, finished.stdout) == (3, ""), finished.stderr
    assert "磁盘空间用完了" in finished.stderr


def test_a_server_that_can_not_start_says_why(folder: Path) -> None:
    server = PrivateServer(folder)
    server.start()
    server.stop()
    (folder / "postgresql" / "data" / "global" / "pg_control").unlink()
    began = time.monotonic()
    with pytest.raises(ServerTrouble, match="pg_control"):
        server.start()
    assert time.monotonic() - began < 30
