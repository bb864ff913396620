"""Dropped files: what the client packs the register reads, and nothing that was changed, made up or a trap."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from made_rows import made_fact

from canbao.registry.access import Refused
from canbao.registry.dropped_files import FILE_BYTES, dropped_name, read_dropped
from canbao_client import dropping
from canbao_client.dropping import drop, signature_of
from canbao_client.keys import fingerprint
from canbao_client.outbox import Outbox
from canbao_client.trouble import ConfigurationTrouble

KEY = Ed25519PrivateKey.generate()
NAME = "foshan-insurance-1-3.ndjson.gz"
GOOD = gzip.compress(b'{"seq":1}\n{"seq":2}\n{"seq":3}\n', mtime=0)


def key_of(key_id: str) -> Ed25519PublicKey | None:
    return KEY.public_key() if key_id == fingerprint(KEY.public_key()) else None


def read(folder: Path, name: str, content: bytes, signature: bytes | None = None) -> list[bytes]:
    (folder / name).write_bytes(content)
    (folder / f"{name}.sig").write_bytes(signature or signature_of(name, content, KEY))
    return list(read_dropped(folder / name, folder / f"{name}.sig", key_of))


def test_what_is_packed_is_read(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.enter(made_fact(number) for number in range(5))
    (file,) = drop(outbox, KEY, "foshan-insurance", tmp_path / "out")
    assert file.name == "foshan-insurance-1-5.ndjson.gz"
    rows = [json.loads(line) for line in read_dropped(file, file.with_name(f"{file.name}.sig"), key_of)]
    assert [row["seq"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row["id"] for row in rows] == [made_fact(number).id for number in range(5)]
    assert list(drop(outbox, KEY, "foshan-insurance", tmp_path / "out")) == []
    assert not list((tmp_path / "out").glob("*.part"))


def test_many_rows_make_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dropping, "DROP_ROWS", 2)
    outbox = Outbox(tmp_path / "outbox")
    outbox.enter(made_fact(number) for number in range(5))
    names = [dropped_name(file.name) for file in drop(outbox, KEY, "a-1", tmp_path)]
    assert [(one.partner, one.first, one.last) for one in names] == [("a-1", 1, 2), ("a-1", 3, 4), ("a-1", 5, 5)]


def test_an_interrupted_drop_packs_the_same_again(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.enter([made_fact(1)])
    next(drop(outbox, KEY, "a", tmp_path))
    outbox.enter([made_fact(2)])
    assert [file.name for file in drop(outbox, KEY, "a", tmp_path)] == ["a-1-2.ndjson.gz"]


def test_a_partner_needs_a_code(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationTrouble, match="代号"):
        next(drop(Outbox(tmp_path / "outbox"), KEY, "../a", tmp_path))


def test_a_good_file_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, NAME, GOOD) == [b'{"seq":1}', b'{"seq":2}', b'{"seq":3}']


def said(**changed: object) -> bytes:
    return json.dumps({**json.loads(signature_of(NAME, GOOD, KEY)), **changed}).encode()


@pytest.mark.parametrize(
    ("content", "signature", "problem"),
    [
        (GOOD, signature_of(NAME, GOOD, Ed25519PrivateKey.generate()), "没有登记"),
        (GOOD[:-9] + b"x" + GOOD[-8:], signature_of(NAME, GOOD, KEY), "变过"),
        (GOOD, signature_of("foshan-insurance-4-6.ndjson.gz", GOOD, KEY), "不是这个文件"),
        (GOOD, said(signature="AAAA"), "签名不对"),
        (GOOD, said(signature="no base64!"), "签名不对"),
        (GOOD, said(format="canbao-drop-2"), "不是这个文件"),
        (GOOD, said(more="x"), "读不懂"),
        (GOOD, said(keyid=7), "读不懂"),
        (GOOD, b"[" * 4000, "读不懂"),
        (GOOD, b" " * 5000, "太大"),
        (GOOD + GOOD, None, "别的内容"),
        (GOOD[:-4], None, "不完整"),
        (b"no gzip", None, "解不开"),
        (gzip.compress(b'{"seq":1}', mtime=0), None, "行数"),
        (gzip.compress(b"{}\n" * 4, mtime=0), None, "行数"),
        (gzip.compress(b"", mtime=0), None, "行数"),
        (gzip.compress(b"\0" * (FILE_BYTES + 1), mtime=0), None, "解开后太大"),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, content: bytes, signature: bytes | None, problem: str) -> None:
    with pytest.raises(Refused, match=problem):
        read(tmp_path, NAME, content, signature)


@pytest.mark.parametrize(
    "name",
    ["a-3-1.ndjson.gz", "a-0-1.ndjson.gz", "a-1-2.gz", "a-1-2.ndjson.gz\n", "A-1-2.ndjson.gz", "a-1-٢.ndjson.gz"],
)
def test_wrong_names_are_refused(name: str) -> None:
    with pytest.raises(Refused, match="文件名"):
        dropped_name(name)


@pytest.mark.parametrize("trap", [lambda at: at.symlink_to("/etc/passwd"), lambda at: at.mkdir()])
def test_links_and_folders_are_refused(tmp_path: Path, trap: Callable[[Path], None]) -> None:
    trap(tmp_path / NAME)
    with pytest.raises(Refused):
        read_dropped(tmp_path / NAME, tmp_path / "none", key_of)
