"""The verdict on a package: everything that is wrong with it, and who signed it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from canbao.batch.package.contents import Span, check_text, read_summary_member, table_rows
from canbao.batch.package.keys import fingerprint, read_trusted
from canbao.batch.package.manifest import (
    MANIFEST,
    REPORT,
    SIGNATURE,
    SUMMARY,
    TABLES,
    Manifest,
    read_manifest,
)
from canbao.batch.package.reading import Read, read_members
from canbao.batch.package.refusal import PackageFault
from canbao.batch.package.sealing import unsealed


@dataclass(frozen=True)
class Inspection:
    """What was found: the faults in Chinese (none: a good package) and the manifest, if it could be read.

    `manifest.signer.fingerprint` says whose key signed; it is a claim as long as there are faults, and somebody
    unknown as long as no trusted key was given.
    """

    faults: tuple[str, ...]
    manifest: Manifest | None = None


def verify(package: Path, *, trust: Path | None = None, identity: Path | None = None) -> list[str]:
    """What is wrong with a package, in Chinese; empty for a good one. Arguments and errors as for `inspect`."""
    return list(inspect(package, trust=trust, identity=identity).faults)


def inspect(package: Path, *, trust: Path | None = None, identity: Path | None = None) -> Inspection:
    """Read all of a package and judge it.

    `trust` holds the public signing keys that are accepted; without it any key is. `identity` holds the private
    receiving key, needed for an encrypted package. Raises SourceTrouble if one of these files can't be read or is
    missing, OutOfRoom if there is no room to decrypt.
    """
    trusted = read_trusted(trust) if trust else None
    try:
        with unsealed(package, identity) as handle:
            return examine(handle, trusted)
    except PackageFault as fault:
        return Inspection((str(fault),))


def examine(handle: BinaryIO, trusted: frozenset[str] | None) -> Inspection:
    """Judge an open, unencrypted package; `trusted` are fingerprints, None accepts any key.

    Contents are looked into only if structure, signature and digests are good: nobody unknown reaches a parser.
    """
    kept: dict[str, bytes] = {MANIFEST: b"", SIGNATURE: b""}

    def keep(name: str, piece: bytes) -> None:
        if name in kept:
            kept[name] += piece

    manifest, found = None, {}
    for member in read_members(handle, keep):
        manifest = manifest or read_manifest(kept[MANIFEST])
        found[member.name] = member
    if manifest is None:
        raise PackageFault(f"缺少成员 {MANIFEST}；请用 canbao pack 重新打包")
    faults = [*_signature_faults(manifest, kept, trusted), *_digest_faults(manifest, found)]
    return Inspection(tuple(faults or _content_faults(handle, manifest, found)), manifest)


def _signature_faults(manifest: Manifest, kept: Mapping[str, bytes], trusted: frozenset[str] | None) -> Iterator[str]:
    key = Ed25519PublicKey.from_public_bytes(manifest.signer.raw_key)
    signer = fingerprint(key)
    if signer != manifest.signer.fingerprint:
        yield f"{MANIFEST}：签名公钥与指纹不符；包被改动，请退回"
    try:
        key.verify(kept[SIGNATURE], kept[MANIFEST])
    except InvalidSignature:
        yield f"{SIGNATURE}：签名不对，清单被改动或不是此密钥所签；请退回"
    if trusted is not None and signer not in trusted:
        yield f"{SIGNATURE}：由不受信任的密钥签名（指纹 {signer}）；请与报送单位核对公钥"


def _digest_faults(manifest: Manifest, found: Mapping[str, Read]) -> Iterator[str]:
    listed = {member.name: member for member in manifest.members}
    for name in found.keys() - listed.keys() - {MANIFEST, SIGNATURE}:
        yield f"成员 {name}：清单里没有；请用 canbao pack 重新打包"
    for name, member in listed.items():
        if name not in found:
            yield f"缺少成员 {name}；请用 canbao pack 重新打包"
        elif found[name].size != member.bytes:
            yield f"成员 {name}：有 {found[name].size} 字节，清单说 {member.bytes}；请重新传送"
        elif found[name].sha256 != member.sha256:
            yield f"成员 {name}：内容与清单的 SHA-256 不符；包被改动，请退回"


def _content_faults(handle: BinaryIO, manifest: Manifest, found: Mapping[str, Read]) -> Iterator[str]:
    for member in manifest.members:
        span = Span(handle, found[member.name].start, member.bytes)
        try:
            _check(span, member.name, member.rows, manifest)
        except PackageFault as fault:
            yield str(fault)


def _check(span: Span, name: str, rows: int | None, manifest: Manifest) -> None:
    checks: dict[str, Callable[[], None]] = {
        SUMMARY: lambda: _check_run(span, manifest),
        REPORT: lambda: check_text(span, REPORT),
    }
    if name in TABLES:
        counted = table_rows(span, name)
        if counted != rows:
            raise PackageFault(f"成员 {name}：有 {counted} 行，清单说 {rows} 行；请用 canbao pack 重新打包")
    else:
        checks[name]()


def _check_run(span: Span, manifest: Manifest) -> None:
    summary = read_summary_member(span)
    expected = {
        "division": manifest.division,
        "as_of": manifest.as_of.isoformat(),
        "profile": manifest.profile,
    }
    for key, value in expected.items():
        if summary["run"].get(key) != value:
            raise PackageFault(f"成员 {SUMMARY}：run.{key} 与清单的 {value} 不符；请用 canbao pack 重新打包")
