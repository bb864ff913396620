"""Manifests that are rightly signed and wrong all the same, and contents that aren't what they are called."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hostile_packages import archive, contents, zipped
from package_samples import City

from canbao.batch.package import verify
from canbao.batch.package.keys import read_signing_key

Change = Callable[[dict[str, Any]], Any]


def resigned(city: City, change: Change, replaced: dict[str, bytes] | None = None) -> bytes:
    """A package whose manifest was changed and signed again by the right key, contents replaced as given."""
    members = [(name, (replaced or {}).get(name.decode(), piece)) for name, piece in contents(city.pack().read_bytes())]
    manifest = json.loads(members[0][1])
    raw = change(manifest)
    if not isinstance(raw, bytes):
        raw = (json.dumps(manifest, indent=1) + "\n").encode()
    return archive([(b"manifest.json", raw), (b"signature", read_signing_key(city.key).sign(raw)), *members[2:]])


def faults_of(city: City, content: bytes) -> list[str]:
    package = city.out.parent / "resigned.canbao"
    package.write_bytes(content)
    return verify(package, trust=city.trust)


def put(*path: Any, value: Any) -> Change:
    """Sets one value deep in the manifest."""

    def change(manifest: dict[str, Any]) -> None:
        place: Any = manifest
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    return change


def test_signed_again_it_is_good(city: City) -> None:
    assert faults_of(city, resigned(city, lambda manifest: None)) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (put("format", value="other"), "不是参保数据包"),
        (put("schema", value=2), "请升级"),
        (put("schema", value=10**200), "请升级"),
        (put("schema", value=0), "schema"),
        (put("schema", value="1"), "schema"),
        (put("division", value="../../"), "division"),
        (put("division", value="４４０６００"), "division|写法"),
        (put("as_of", value="20170630"), "as_of|写法"),
        (put("as_of", value="2017-06-30T00:00:00"), "as_of|写法"),
        (put("as_of", value=1498780800), "as_of|写法"),
        (put("profile", value="a/b"), "profile"),
        (put("serial", value=0), "serial"),
        (put("serial", value=1.0), "serial"),
        (put("serial", value=10**30), "serial"),
        (put("made_by", value="canbao\n[red]"), "made_by"),
        (put("more", value=1), "more"),
        (put("signer", "public_key", value="AAAA"), "public_key"),
        (put("signer", "fingerprint", value="0" * 64), "指纹不符"),
        (put("members", 0, "name", value="../x"), "members"),
        (put("members", 0, "name", value="survey.parquet"), "members"),
        (put("members", 0, "bytes", value=-1), "bytes"),
        (put("members", 0, "bytes", value=7), "清单说 7"),
        (put("members", 0, "rows", value=4), "清单说 4 行"),
        (put("members", 0, "rows", value=None), "members"),
        (put("members", 0, "rows", value=True), "rows"),
        (put("members", 6, "rows", value=1), "members"),
        (put("members", 0, "sha256", value="0" * 64), "SHA-256"),
        (put("members", 0, "sha256", value="A" * 64), "sha256"),
        (lambda manifest: manifest["members"].pop(), "清单里没有"),
        (lambda manifest: (manifest["members"].pop(0), None)[1], "members"),
        (put("division", value="440100"), r"run\.division"),
        (put("as_of", value="2017-07-01"), r"run\.as_of"),
        (put("profile", value="evidence_first"), r"run\.profile"),
        (lambda manifest: json.dumps(manifest).encode(), "写法"),
        (lambda manifest: json.dumps(manifest).replace('"serial": 1', '"serial": 9, "serial": 1').encode(), "写法"),
        (lambda manifest: b"[" * 60_000, "JSON"),
        (lambda manifest: b"9" * 60_000, "JSON|不是参保"),
        (lambda manifest: b"[]", "不是参保数据包"),
        (lambda manifest: b"\xff\xfe", "JSON"),
        (lambda manifest: b" " * (65 << 10), "上限"),
    ],
)  # fmt: skip
def test_a_wrong_manifest_is_refused(change: Change, reason: str, city: City) -> None:
    faults = faults_of(city, resigned(city, change))
    assert faults and re.search(reason, "；".join(faults)), faults


def test_a_newer_package_with_members_unknown_here_asks_for_an_upgrade(city: City) -> None:
    newer = resigned(city, put("schema", value=2))
    (fault,) = faults_of(city, archive([contents(newer)[0], (b"movements.parquet", b"new"), *contents(newer)[1:]]))
    assert "请升级" in fault


def parquet(columns: dict[str, list[Any]], **options: Any) -> bytes:
    target = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), target, **options)
    return bytes(target.getvalue())


def announces_many_rows() -> bytes:
    """Two hundred million rows of one value, in a few kilobytes."""
    value = pa.DictionaryArray.from_arrays(pa.array(bytes(4_000_000), pa.int8()), ["x"])
    target = pa.BufferOutputStream()
    with pq.ParquetWriter(target, pa.schema({"ssn": value.type}), compression="zstd") as writer:
        for _ in range(10):
            writer.write_table(pa.table({"ssn": value}))
    return bytes(target.getvalue())


def with_footer_length(length: int) -> bytes:
    good = parquet({"ssn": ["x"]})
    return good[:-8] + length.to_bytes(4, "little") + b"PAR1"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("persons.parquet", b"", "Parquet"),
        ("persons.parquet", b"PAR1", "Parquet"),
        ("persons.parquet", b"PAR1" + bytes(40) + b"PAR1", "Parquet"),
        ("persons.parquet", b"PAR1" + b"\xff" * 400 + (400).to_bytes(4, "little") + b"PAR1", "Parquet"),
        ("persons.parquet", with_footer_length(2**31), "表尾"),
        ("persons.parquet", zipped([("a.parquet", bytes(1000))]), "Parquet"),
        ("persons.parquet", parquet({"ssn": ["x"] * 3})[4:], "Parquet"),
        ("persons.parquet", b"PK" + parquet({"ssn": ["x"] * 3}), "Parquet"),
        ("persons.parquet", parquet({"ssn": ["x"]}), "有 1 行"),
        ("persons.parquet", announces_many_rows(), "炸弹"),
        ("persons.parquet", parquet({"ssn": [b"\0" * (1 << 27)]}, compression="zstd", use_dictionary=False), "炸弹"),
        ("summary.json", b"{}", "run"),
        ("summary.json", b"[" * 10**6, "JSON"),
        ("summary.json", zipped([("a", b"b")]), "JSON"),
        ("summary.json", b"\xff", "JSON"),
        ("report.html", zipped([("a", b"b")]), "控制字符|UTF-8"),
        ("report.html", b"<!doctype html>" + archive([(b"a", b"b")]), "控制字符|UTF-8"),
        ("report.html", "<!doctype html>参".encode()[:-1], "UTF-8"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else None,
)
def test_contents_that_are_something_else_are_refused(name: str, content: bytes, reason: str, city: City) -> None:
    def listed(manifest: dict[str, Any]) -> None:
        entry = next(entry for entry in manifest["members"] if entry["name"] == name)
        entry |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    faults = faults_of(city, resigned(city, listed, {name: content}))
    assert faults and re.search(reason, "；".join(faults)), faults


def test_a_wrong_signature_is_refused(city: City, tmp_path: Path) -> None:
    members = contents(city.pack().read_bytes())
    for signature in (b"", bytes(64), members[1][1][:63], members[1][1][::-1]):
        assert "签名不对" in faults_of(city, archive([members[0], (b"signature", signature), *members[2:]]))[0]


def test_contents_are_not_parsed_before_the_signature_is_good(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from canbao.batch.package import checking

    monkeypatch.setattr(checking, "_check", lambda *given: pytest.fail("was looked into"))
    members = contents(city.pack().read_bytes())
    assert faults_of(city, archive([members[0], (b"signature", bytes(64)), *members[2:]]))
