"""A backup is what has been restored: into a second database, and compared."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql
from pyrage.x25519 import Identity

from canbao.registry.backup import BackupRefused, backup, differences, restore, taking, verify
from canbao.registry.backup import contents as backup_contents
from canbao.registry.server import PrivateServer, private, programs

Empty = Callable[[str], str]


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(sql.SQL(query)).fetchall()  # type: ignore[arg-type]


def untouched(url: str) -> bool:
    return rows(url, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'") == [
        (0,)
    ]


def test_the_manifest_says_what_is_in_it(taken: Path, identity: Identity) -> None:
    manifest = verify(taken, [identity])
    counts = {name: count for name, (count, _) in manifest.contents.tables.items()}
    assert counts == {"history.change": 500, "public.Empty 表": 0, "public.audit_log": 100, "public.person": 20000}
    assert (manifest.database, manifest.extensions, manifest.roles) == ("canbao", ("pg_trgm",), ("canbao_app",))
    assert manifest.contents.audit_head is not None
    assert manifest.contents.audit_head[0] == 100


def test_restored_it_is_the_same(server: PrivateServer, taken: Path, identity: Identity, empty: Empty) -> None:
    manifest = restore(taken, empty("canbao_owner"), [identity])
    assert differences(empty("canbao_owner"), manifest) == []
    for table in ("person", "history.change", "audit_log"):
        query = f"SELECT * FROM {table} AS one ORDER BY one::text"
        assert rows(empty("canbao_backup"), query) == rows(server.url("canbao_backup"), query)


def test_restored_it_is_guarded_as_before(server: PrivateServer, taken: Path, identity: Identity, empty: Empty) -> None:
    restore(taken, empty("canbao_owner"), [identity])
    owner = rows(empty("canbao_owner"), "SELECT pg_get_userbyid(relowner), relforcerowsecurity FROM pg_class "
                 "WHERE relname = 'person'")  # fmt: skip
    assert owner == [("canbao_owner", True)]
    assert rows(empty("canbao_app"), "SELECT count(*) FROM person") == [(0,)]
    with psycopg.connect(empty("canbao_app")) as connection:
        connection.execute("SET canbao.area = '440601'")
        assert connection.execute("SELECT count(DISTINCT area), count(*) > 0 FROM person").fetchone() == (1, True)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM audit_log")


def test_the_next_number_is_a_new_one(taken: Path, identity: Identity, empty: Empty) -> None:
    restore(taken, empty("canbao_owner"), [identity])
    with psycopg.connect(empty("postgres")) as connection:
        made = connection.execute("INSERT INTO person (ssn) VALUES ('new') RETURNING id").fetchone()
    assert made == (20001,)


def test_a_role_that_does_not_see_every_row_takes_no_backup(
    server: PrivateServer, identity: Identity, tmp_path: Path
) -> None:
    """Row-level security is forced on the owner too: his dump would lack rows without a word."""
    for role in ("canbao_owner", "canbao_app"):
        with pytest.raises(BackupRefused, match="CANBAO_BACKUP_DATABASE_URL"):
            backup(server.url(role), tmp_path / "backup", identity.to_public())
    assert list(tmp_path.iterdir()) == []


def test_the_plain_text_is_nowhere_in_the_file(taken: Path) -> None:
    content = taken.read_bytes()
    assert content.startswith(b"age-encryption.org/v1\n")
    assert all(word not in content for word in (b"PGDMP", b"person", b"canbao"))
    assert taken.stat().st_mode & 0o777 == 0o600


def test_the_backup_is_of_one_moment(server: PrivateServer, identity: Identity, tmp_path: Path, empty: Empty) -> None:
    """Rows are written all the time while it is taken, by transactions that touch two tables."""
    stop = threading.Event()

    def write() -> None:
        with psycopg.connect(server.url("canbao_owner")) as connection:
            while not stop.is_set():
                connection.execute("INSERT INTO pair_one VALUES (1)")
                connection.execute("INSERT INTO pair_two VALUES (1)")
                connection.commit()

    with psycopg.connect(server.url("canbao_owner")) as connection:
        connection.execute("CREATE TABLE pair_one (n int); CREATE TABLE pair_two (n int)")
    writer = threading.Thread(target=write)
    writer.start()
    try:
        manifest = backup(server.url("canbao_backup"), tmp_path / "backup", identity.to_public())
    finally:
        stop.set()
        writer.join()
        with psycopg.connect(server.url("canbao_owner")) as connection:
            later = connection.execute("SELECT count(*) FROM pair_one").fetchone()
            connection.execute("DROP TABLE pair_one, pair_two")
    one, two = (manifest.contents.tables[f"public.pair_{name}"][0] for name in ("one", "two"))
    assert one == two
    assert later is not None and later[0] > one
    restore(tmp_path / "backup", empty("canbao_owner"), [identity])


def test_a_database_with_anything_in_it_is_let_alone(taken: Path, identity: Identity, empty: Empty) -> None:
    with psycopg.connect(empty("canbao_owner")) as connection:
        connection.execute("CREATE VIEW somebody_s AS SELECT 1")
    with pytest.raises(BackupRefused, match=r"不是空的（有 public.somebody_s）"):
        restore(taken, empty("canbao_owner"), [identity])
    assert untouched(empty("canbao_owner"))


def test_a_file_is_never_overwritten(server: PrivateServer, identity: Identity, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("last week's")
    with pytest.raises(BackupRefused, match="不会覆盖"):
        backup(server.url("canbao_backup"), tmp_path / "backup", identity.to_public())
    assert (tmp_path / "backup").read_text() == "last week's"


def test_what_a_killed_backup_left_is_written_over(server: PrivateServer, identity: Identity, tmp_path: Path) -> None:
    (tmp_path / "backup.part").write_bytes(b"x" * 9_000_000)
    backup(server.url("canbao_backup"), tmp_path / "backup", identity.to_public())
    assert verify(tmp_path / "backup", [identity]).database == "canbao"
    assert [file.name for file in tmp_path.iterdir()] == ["backup"]


def test_a_folder_that_is_not_there(server: PrivateServer, identity: Identity, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="写不下"):
        backup(server.url("canbao_backup"), tmp_path / "no" / "backup", identity.to_public())


def test_a_dump_that_breaks_off_is_no_backup(
    server: PrivateServer, identity: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "WORDS", [*taking.WORDS, "--table=no_such_table"])
    with pytest.raises(BackupRefused, match="no matching tables"):
        backup(server.url("canbao_backup"), tmp_path / "backup", identity.to_public())
    assert list(tmp_path.iterdir()) == []


def test_the_password_does_not_show_in_the_list_of_processes(
    server: PrivateServer, identity: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    begin = subprocess.Popen.__init__

    def listen(self: subprocess.Popen[bytes], command: object, **words: object) -> None:
        started.append(str(command))
        begin(self, command, **words)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess.Popen, "__init__", listen)
    url = server.url("canbao_backup")
    backup(url, tmp_path / "backup", identity.to_public())
    password = url.split(":")[2].split("@")[0]
    assert any("pg_dump" in command for command in started)
    assert [command for command in started if password in command] == []


CHANGES = [
    ("DELETE FROM person WHERE id = 7", "表 public.person 的行数不同：备份 20000，数据库 19999"),
    ("UPDATE person SET area = '440699' WHERE id = 7", "表 public.person 的内容不同"),
    ("DROP TABLE history.change", "数据库缺少表 history.change"),
    ("CREATE TABLE stray (); ALTER TABLE stray OWNER TO canbao_owner", "备份没有表 public.stray"),
    ("UPDATE history.change SET share = share + 1e-9 WHERE one = 3", "表 history.change 的内容不同"),
    ("UPDATE audit_log SET hash = '' WHERE number = 100", "审计日志的末条不同"),
]


@pytest.mark.parametrize(("change", "said"), CHANGES)
def test_each_difference_names_its_table(taken: Path, identity: Identity, empty: Empty, change: str, said: str) -> None:
    manifest = restore(taken, empty("canbao_owner"), [identity], compare=False)
    with psycopg.connect(empty("postgres")) as connection:
        connection.execute(sql.SQL(change))  # type: ignore[arg-type]
    found = differences(empty("canbao_owner"), manifest)
    assert any(said in one for one in found)
    assert len(found) <= 2


def test_the_digest_is_the_same_whatever_the_session_is_set_to(
    server: PrivateServer, taken: Path, identity: Identity
) -> None:
    manifest = verify(taken, [identity])
    odd = ["datestyle=German", "timezone=America/New_York", "bytea_output=escape", "extra_float_digits=-5"]
    options = quote(" ".join(f"-c {setting}" for setting in odd))
    assert differences(f"{server.url('postgres')}&options={options}", manifest) == []
    assert differences(server.url("canbao_owner"), manifest) == []


def test_comparing_leaves_row_level_security_forced(server: PrivateServer, taken: Path, identity: Identity) -> None:
    differences(server.url("canbao_owner"), verify(taken, [identity]))
    assert rows(server.url("postgres"), "SELECT relforcerowsecurity FROM pg_class WHERE relname = 'person'") == [
        (True,)
    ]


def test_a_restore_that_lost_a_row_is_an_error(
    taken: Path, identity: Identity, empty: Empty, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = backup_contents.COUNT
    monkeypatch.setattr(backup_contents, "COUNT", count + " WHERE one::text NOT LIKE '(7,%%'")
    with pytest.raises(BackupRefused, match=r"恢复出的内容与备份时不同：表 public.audit_log 的行数不同"):
        restore(taken, empty("canbao_owner"), [identity])


def test_a_restore_that_fails_changes_nothing(
    server: PrivateServer, taken: Path, identity: Identity, empty: Empty
) -> None:
    """The application may connect and look, but not make tables."""
    with psycopg.connect(server.url("postgres", "second"), autocommit=True) as connection:
        connection.execute("REVOKE CREATE ON DATABASE second FROM canbao_owner")
        connection.execute("ALTER SCHEMA public OWNER TO postgres")
    with pytest.raises(BackupRefused, match="数据库没有变动"):
        restore(taken, empty("canbao_app"), [identity])
    assert untouched(empty("postgres"))


def test_roles_that_are_missing_are_named(
    server: PrivateServer, identity: Identity, tmp_path: Path, empty: Empty
) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE auditor; GRANT SELECT ON audit_log TO auditor")
        backup(server.url("canbao_backup"), tmp_path / "backup", identity.to_public())
        connection.execute("REVOKE ALL ON audit_log FROM auditor; DROP ROLE auditor")
    with pytest.raises(BackupRefused, match="没有角色 auditor"):
        restore(tmp_path / "backup", empty("canbao_owner"), [identity])
    assert untouched(empty("canbao_owner"))


def test_restored_into_a_newer_server(taken: Path, identity: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    """How one changes to another major version; the wheel's is at least as new as the system's."""
    monkeypatch.setattr(private, "to_serve", lambda major: programs.to_serve(major, packaged=()))
    folder = Path(tempfile.mkdtemp(prefix="canbao-"))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    newer = PrivateServer(folder)
    newer.start()
    newer.prepare()
    try:
        restore(taken, newer.url("canbao_owner"), [identity])
    finally:
        newer.stop()
        shutil.rmtree(folder)
