"""What is packed is what is opened; the same results give the same bytes; nothing is overwritten."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from package_samples import City, make_city

from canbao.batch.package import (
    PackageRefused,
    inspect,
    make_signing_key,
    open_package,
    opening,
    pack,
    sealing,
    verify,
    writing,
)
from canbao.batch.package.manifest import CONTENTS, ORDER
from canbao.batch.trouble import OutOfRoom, SourceTrouble


def assert_same(city: City, files: dict[str, Path]) -> None:
    assert {name: path.read_bytes() for name, path in files.items()} == {
        name: (city.out / name).read_bytes() for name in CONTENTS
    }


def test_a_plain_package_comes_back_as_it_was(city: City, tmp_path: Path) -> None:
    package = city.pack()
    assert package == city.out / "440600-20170630-001.canbao"
    assert verify(package, trust=city.trust) == []
    opened = open_package(package, tmp_path / "in", trust=city.trust)
    assert_same(city, dict(opened.files))
    assert [member.rows for member in opened.manifest.members] == [3, 3, 3, 3, 0, 3, None, None]


def test_a_sealed_package_comes_back_as_it_was(city: City, tmp_path: Path) -> None:
    package = city.pack_sealed()
    assert b"persons.parquet" not in package.read_bytes()
    assert verify(package, trust=city.trust, identity=city.identity) == []
    opened = open_package(package, tmp_path / "in", trust=city.trust, identity=city.identity)
    assert_same(city, dict(opened.files))
    assert len(list((tmp_path / "in").iterdir())) == len(CONTENTS)


def test_a_table_larger_than_a_piece_comes_back(city: City, tmp_path: Path) -> None:
    pq.write_table(pa.table({"ssn": [os.urandom(20).hex() for _ in range(150_000)]}), city.out / "evidence.parquet")
    for package in (city.pack(), city.pack_sealed()):
        opened = open_package(package, tmp_path / package.stem, identity=city.identity)
        assert_same(city, dict(opened.files))


def test_the_same_results_give_the_same_bytes(city: City, tmp_path: Path) -> None:
    shutil.copytree(city.out, tmp_path / "again")
    assert city.pack(7).read_bytes() == pack(tmp_path / "again", city.key, serial=7).read_bytes()


def test_other_programs_can_read_it(city: City) -> None:
    with zipfile.ZipFile(city.pack()) as archive:
        assert archive.namelist() == list(ORDER)
        assert archive.testzip() is None
        assert json.loads(archive.read("manifest.json"))["division"] == "440600"
    if shutil.which("unzip"):
        assert subprocess.run(["unzip", "-tqq", city.pack()], check=False).returncode == 0


def test_the_report_may_be_absent(city: City) -> None:
    (city.out / "report.html").unlink()
    assert verify(city.pack()) == []


def test_serials_count_on(city: City) -> None:
    assert [city.pack().name[-10:], city.pack(41).name[-10:], city.pack().name[-10:]] == [
        "001.canbao", "041.canbao", "042.canbao"
    ]  # fmt: skip
    assert city.pack(1234).name == "440600-20170630-1234.canbao"


def test_a_package_is_never_overwritten(city: City) -> None:
    before = city.pack(5).read_bytes()
    with pytest.raises(SourceTrouble, match="已经有了"):
        city.pack(5)
    assert (city.out / "440600-20170630-005.canbao").read_bytes() == before
    assert not list(city.out.glob(".*"))


@pytest.mark.parametrize("name", [name for name in CONTENTS if name != "report.html"])
def test_incomplete_results_are_not_packed(city: City, name: str) -> None:
    (city.out / name).unlink()
    with pytest.raises(SourceTrouble, match=name):
        city.pack()
    assert not list(city.out.glob("*canbao*"))


def test_damaged_results_are_not_packed(city: City) -> None:
    (city.out / "persons.parquet").write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(SourceTrouble, match=r"persons\.parquet.*Parquet"):
        city.pack()


@pytest.mark.parametrize(
    "run",
    [{}, {"division": "../../x"}, {"as_of": "yesterday"}, {"as_of": None}, {"profile": "A b"}, {"division": 440600}],
)
def test_a_summary_that_says_nonsense_is_not_packed(city: City, run: dict[str, object]) -> None:
    good = {"division": "440600", "as_of": "2017-06-30", "profile": "guangdong_2017"}
    (city.out / "summary.json").write_text(json.dumps({"run": good | run if run else run}))
    with pytest.raises(SourceTrouble, match=r"summary\.json"):
        city.pack()


def test_a_file_that_changes_while_it_is_packed(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = writing._manifest

    def changed(*given: object) -> object:
        shutil.copy(city.out / "conflicts.parquet", city.out / "survey.parquet")
        return manifest(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "_manifest", changed)
    for recipient in (None, city.recipient):
        shutil.copy(city.out / "persons.parquet", city.out / "survey.parquet")
        with pytest.raises(SourceTrouble, match="打包时文件变了"):
            pack(city.out, city.key, recipient=recipient)
    assert not list(city.out.glob("*canbao*")) and not list(city.out.glob(".*"))


def test_it_is_said_who_signed(city: City, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = make_city(tmp_path / "other")
    package = city.pack()
    inspection = inspect(package)
    assert inspection.faults == () and inspection.manifest is not None
    (fault,) = verify(package, trust=other.trust)
    assert inspection.manifest.signer.fingerprint in fault and "不受信任" in fault
    with pytest.raises(PackageRefused):
        open_package(package, tmp_path / "in", trust=other.trust)
    assert list((tmp_path / "in").iterdir()) == []


def test_one_file_may_hold_several_trusted_keys(city: City, tmp_path: Path) -> None:
    keys = [make_signing_key(tmp_path / "new.key"), city.trust]
    both = tmp_path / "both.pub"
    both.write_bytes(b"\n".join(key.read_bytes() for key in keys))
    assert verify(city.pack(), trust=both) == []


def test_a_sealed_package_needs_its_key(city: City, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    package, other = city.pack_sealed(), make_city(tmp_path / "other")
    with pytest.raises(SourceTrouble, match="--identity"):
        verify(package)
    (fault,) = verify(package, identity=other.identity)
    assert "打不开" in fault


def test_a_folder_that_is_not_empty_is_left_alone(city: City, tmp_path: Path) -> None:
    with pytest.raises(SourceTrouble, match="不是空的"):
        open_package(city.pack(), tmp_path)


def test_files_are_written_for_their_owner_alone(city: City, tmp_path: Path) -> None:
    opened = open_package(city.pack(), tmp_path / "in")
    for path in (*opened.files.values(), city.pack()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_package_at_all(tmp_path: Path) -> None:
    for path in (tmp_path / "none.canbao", tmp_path):
        with pytest.raises(SourceTrouble, match="没有这个数据包"):
            verify(path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_full_disk_is_said_to_be_full(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    package = city.pack_sealed()
    monkeypatch.setattr(writing.tempfile, "mkstemp", lambda **_: (os.open("/dev/full", os.O_WRONLY), os.devnull + "0"))
    for recipient in (None, city.recipient):
        with pytest.raises(OutOfRoom, match="写不下"):
            pack(city.out, city.key, recipient=recipient)
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(OutOfRoom, match="TMPDIR"):
        monkeypatch.setattr(sealing.tempfile, "TemporaryFile", lambda **_: full)
        verify(package, identity=city.identity)


def refuse(*_: object, **__: object) -> int:
    raise PermissionError(errno.EACCES, "Permission denied")


def test_what_may_not_be_written_is_not_said_to_be_a_full_disk(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = city.pack()
    monkeypatch.setattr(opening.os, "open", refuse)
    with pytest.raises(SourceTrouble, match="写不下（没有权限）；请核对"):
        open_package(package, tmp_path / "in")
    monkeypatch.setattr(writing.tempfile, "mkstemp", refuse)
    with pytest.raises(SourceTrouble, match="写不下（没有权限）；请核对"):
        pack(city.out, city.key)


def test_nowhere_to_decrypt(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    package = city.pack_sealed()
    monkeypatch.setattr(sealing.tempfile, "TemporaryFile", refuse)
    with pytest.raises(SourceTrouble, match="解密时写不下（没有权限）；用环境变量 TMPDIR"):
        verify(package, identity=city.identity)
