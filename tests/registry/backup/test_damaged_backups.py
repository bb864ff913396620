"""What was changed, cut, made for another key or by another program is refused before the database is touched."""

from __future__ import annotations

import fcntl
import io
import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pyrage
import pytest
from pyrage.x25519 import Identity

from canbao.registry.backup import BackupRefused, backup, manifest, restore, restoring, verify
from canbao.registry.backup.sealing import seal
from canbao.registry.server import PrivateServer

Empty = Callable[[str], str]
SEED, FLIPS, CUTS = 20170630, 200, 200


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever connects fails the test."""

    def connect(*_: object, **__: object) -> None:
        raise AssertionError("the database was touched")

    monkeypatch.setattr(psycopg, "connect", connect)


@pytest.mark.usefixtures("no_database")
def test_one_flipped_bit_anywhere(taken: Path, identity: Identity, tmp_path: Path) -> None:
    dice, good = random.Random(SEED), taken.read_bytes()
    places = [*range(8), *(dice.randrange(8 * 200) for _ in range(FLIPS // 4)), len(good) * 8 - 1]
    places += [dice.randrange(len(good) * 8) for _ in range(FLIPS - len(places))]
    for place in places:
        bad = bytearray(good)
        bad[place // 8] ^= 1 << place % 8
        (tmp_path / "bad").write_bytes(bad)
        with pytest.raises(BackupRefused):
            restore(tmp_path / "bad", "postgresql:///nowhere", [identity])


@pytest.mark.usefixtures("no_database")
def test_cut_anywhere(taken: Path, identity: Identity, tmp_path: Path) -> None:
    dice, good = random.Random(SEED), taken.read_bytes()
    header, piece = good.index(b"\n--- ") + 1, 64 << 10
    lengths = [0, 1, header, len(good) - 1, len(good) - 16, header + 48 + 16, header + 48 + 16 + piece + 16]
    for length in [*lengths, *(dice.randrange(len(good)) for _ in range(CUTS - len(lengths)))]:
        (tmp_path / "cut").write_bytes(good[:length])
        with pytest.raises(BackupRefused):
            restore(tmp_path / "cut", "postgresql:///nowhere", [identity])


@pytest.mark.usefixtures("no_database")
@pytest.mark.parametrize("more", [b"\0", b"x" * 100_000])
def test_anything_after_the_end(taken: Path, identity: Identity, tmp_path: Path, more: bytes) -> None:
    (tmp_path / "long").write_bytes(taken.read_bytes() + more)
    with pytest.raises(BackupRefused):
        restore(tmp_path / "long", "postgresql:///nowhere", [identity])


@pytest.mark.usefixtures("no_database")
def test_a_wrong_key(taken: Path) -> None:
    with pytest.raises(BackupRefused, match=r"不是加密给这个接收私钥的.*--identity"):
        restore(taken, "postgresql:///nowhere", [Identity.generate()])


@pytest.mark.usefixtures("no_database")
def test_no_file(tmp_path: Path, identity: Identity) -> None:
    with pytest.raises(BackupRefused, match="打不开"):
        restore(tmp_path / "none", "postgresql:///nowhere", [identity])


def sealed(path: Path, content: bytes, identity: Identity) -> Path:
    with path.open("wb") as handle:
        seal(io.BytesIO(content), handle, identity.to_public())
    return path


STRANGERS = [
    (b"", "没有清单"),
    (b"PGDMP plain dump", "不是 canbao 的备份"),
    (b"canbao-backup", "没有清单"),
    (b"canbao-backup 2\n" + bytes(100), "另一个版本"),
    (b"canbao-backup 1\n" + b"\xff" * 8, "长得不合理"),
    (b"canbao-backup 1\n" + (2).to_bytes(8, "big") + b"{}", "读不出来"),
    (b"canbao-backup 1\n" + (2).to_bytes(8, "big") + b"[]", "读不出来"),
    (b"canbao-backup 1\n" + (9).to_bytes(8, "big") + b"{}", "没有清单"),
]


@pytest.mark.usefixtures("no_database")
@pytest.mark.parametrize(("content", "said"), STRANGERS)
def test_what_is_well_sealed_but_no_backup(tmp_path: Path, identity: Identity, content: bytes, said: str) -> None:
    with pytest.raises(BackupRefused, match=said):
        restore(sealed(tmp_path / "odd", content, identity), "postgresql:///nowhere", [identity])


def test_a_backup_of_a_newer_server(taken: Path, identity: Identity, empty: Empty, tmp_path: Path) -> None:
    newer = replace(verify(taken, [identity]), server=99)
    file = sealed(tmp_path / "newer", newer.opening(), identity)
    with pytest.raises(BackupRefused, match="更新的 99 版"):
        restore(file, empty("canbao_owner"), [identity])


def test_a_manifest_over_several_pieces(taken: Path, identity: Identity, tmp_path: Path) -> None:
    """The stream comes in pieces of 64 KiB, and a manifest may be longer."""
    long = replace(verify(taken, [identity]), roles=tuple(f"role_{n}" for n in range(20_000)))
    assert len(long.opening()) > 3 * 65536
    assert verify(sealed(tmp_path / "long", long.opening() + b"dump", identity), [identity]) == long


def test_changed_between_reading_and_restoring(
    taken: Path, identity: Identity, empty: Empty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each piece is authenticated again on its way into the database, which is one transaction."""
    file, good = tmp_path / "backup", taken.read_bytes()
    file.write_bytes(good)
    really = restoring._restore

    def spoil(source: Path, *rest: object) -> None:
        source.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
        really(source, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(restoring, "_restore", spoil)
    with pytest.raises(BackupRefused, match="被改动"):
        restore(file, empty("canbao_owner"), [identity])
    with psycopg.connect(empty("canbao_owner")) as connection:
        assert connection.execute("SELECT to_regclass('public.person')").fetchone() == (None,)


def test_any_age_program_opens_it(taken: Path, identity: Identity) -> None:
    plain = pyrage.decrypt(taken.read_bytes(), [identity])
    assert plain.startswith(manifest.OPENING)
    assert b"PGDMP" in plain


@pytest.mark.parametrize("kilobytes", [8, 64, 128])
def test_a_full_disk_is_said_and_leaves_nothing(server: PrivateServer, tmp_path: Path, kilobytes: int) -> None:
    """On a file system too small for the backup (a mount of its own, so this needs root or user namespaces)."""
    small = tmp_path / "small"
    small.mkdir()
    program = (
        "import sys; from pathlib import Path; from pyrage.x25519 import Identity\n"
        "from canbao.registry.backup import backup; from canbao.registry.server import ServerOutOfRoom\n"
        "try: backup(sys.argv[1], Path(sys.argv[2]), Identity.generate().to_public())\n"
        "except ServerOutOfRoom as trouble: print(trouble, file=sys.stderr); sys.exit(trouble.exit_status)\n"
    )
    script = f'mount -t tmpfs -o size={kilobytes}K none {small} && "$@"; status=$?; ls -A {small}; exit $status'
    command = [sys.executable, "-c", program, server.url("canbao_backup"), str(small / "backup")]
    spaces = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    finished = subprocess.run([*spaces, "bash", "-c", script, "-", *command], capture_output=True, text=True)
    assert (finished.returncode, finished.stdout) == (3, ""), finished.stderr
    assert "磁盘空间用完了" in finished.stderr


def test_a_second_backup_to_the_same_file_at_once(server: PrivateServer, identity: Identity, tmp_path: Path) -> None:
    with (tmp_path / "backup.part").open("wb") as handle:
        handle.write(b"half")
        handle.flush()
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(BackupRefused, match="另一个备份正在写"):
            backup(server.url("canbao_backup"), tmp_path / "backup", identity.to_public())
    assert (tmp_path / "backup.part").read_bytes() == b"half"
