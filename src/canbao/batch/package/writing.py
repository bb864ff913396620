"""Making a package of the results of a cleaning: measured, listed, signed, and there all at once or not at all."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import ValidationError

from canbao import __version__
from canbao.batch.package.contents import Span, check_text, read_summary_member, table_rows
from canbao.batch.package.keys import fingerprint, read_recipient, read_signing_key
from canbao.batch.package.layout import Stored, directory, local_header
from canbao.batch.package.manifest import (
    CONTENTS,
    LIMITS,
    MANIFEST,
    REPORT,
    SIGNATURE,
    SUMMARY,
    TABLES,
    Manifest,
    Member,
    Signer,
)
from canbao.batch.package.refusal import PackageFault
from canbao.batch.package.sealing import seal
from canbao.batch.replacing import sync
from canbao.batch.trouble import SourceTrouble, refused, refusing

CHUNK = 1 << 20
NOT_OURS = "请指定 canbao clean --out 写出的文件夹，或重新运行 canbao clean"


@dataclass(frozen=True)
class _Measured:
    """A file of OUT/ as the manifest will list it, and its CRC-32."""

    member: Member
    crc: int


def pack(out: Path, key_file: Path, *, serial: int | None = None, recipient: Path | None = None) -> Path:
    """Make the signed data package of the results in `out`; returns OUT/<division>-<as_of>-<serial>.canbao.

    `key_file` is the private signing key (PEM). Without `serial` the number after the highest one in `out` for this
    division and day is taken, from 1. With `recipient` (a public receiving key) the package is encrypted; otherwise
    the same results, serial and key give the same bytes. Raises SourceTrouble if `out` isn't the result of a
    cleaning or can't be written to, a key can't be read or the serial is taken, OutOfRoom if the disk is full; no
    package appears then.
    """
    key = read_signing_key(key_file)
    to = read_recipient(recipient) if recipient else None
    measured = [_measure(out, name) for name in CONTENTS if name != REPORT or (out / REPORT).exists()]
    manifest = _manifest(out, serial, key.public_key(), [entry.member for entry in measured])
    pieces = _pieces(out, manifest.to_bytes(), key, measured)
    with _appearing(out / manifest.file_name) as handle:
        if to is None:
            handle.writelines(pieces)
        else:
            seal(pieces, handle, to)
    return out / manifest.file_name


def _measure(out: Path, name: str) -> _Measured:
    crc, digest, size = 0, hashlib.sha256(), 0
    with _opened(out / name) as handle:
        rows = _rows(handle, name, out)
        while piece := handle.read(CHUNK):
            crc, size = zlib.crc32(piece, crc), size + len(piece)
            digest.update(piece)
    if size > LIMITS.get(name, size):
        raise SourceTrouble(str(out / name), f"有 {size} 字节，超过上限 {LIMITS[name]}", NOT_OURS)
    return _Measured(Member(name=name, bytes=size, rows=rows, sha256=digest.hexdigest()), crc)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if path.is_symlink() or not path.is_file():
        raise SourceTrouble(str(path), "清理结果缺这个文件", NOT_OURS)
    try:
        handle = path.open("rb")
    except OSError as problem:
        raise refused(problem.errno, str(path), "打不开", "请核对读取权限") from problem
    with handle:
        yield handle


def _rows(handle: BinaryIO, name: str, out: Path) -> int | None:
    """Looks into the file as whoever receives it will, so that what would be refused there is not sent."""
    span = Span(handle, 0, os.fstat(handle.fileno()).st_size)
    try:
        if name in TABLES:
            return table_rows(span, name)
        if name == REPORT:
            check_text(span, name)
    except PackageFault as fault:
        raise SourceTrouble(str(out / name), str(fault), NOT_OURS) from fault
    return None


def _manifest(out: Path, serial: int | None, public: Ed25519PublicKey, members: list[Member]) -> Manifest:
    run = _run(out)
    raw_key = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    try:
        as_of = date.fromisoformat(run["as_of"])
        return Manifest(
            format="canbao-package",
            schema=1,
            division=run["division"],
            as_of=as_of,
            profile=run["profile"],
            serial=_free_serial(out, f"{run['division']}-{as_of:%Y%m%d}-") if serial is None else serial,
            made_by=f"canbao {__version__}",
            signer=Signer(public_key=base64.b64encode(raw_key).decode(), fingerprint=fingerprint(public)),
            members=tuple(members),
        )
    except (KeyError, TypeError, ValueError, ValidationError) as problem:
        wrong = f"run 的 division、as_of、profile 或序号 {serial or ''} 不合规定"
        raise SourceTrouble(str(out / SUMMARY), wrong, NOT_OURS) from problem


def _run(out: Path) -> dict[str, Any]:
    with _opened(out / SUMMARY) as handle:
        try:
            run: dict[str, Any] = read_summary_member(Span(handle, 0, os.fstat(handle.fileno()).st_size))["run"]
        except PackageFault as fault:
            raise SourceTrouble(str(out / SUMMARY), str(fault), NOT_OURS) from fault
    return run


def _free_serial(out: Path, start: str) -> int:
    taken = [re.fullmatch(rf"{re.escape(start)}(\d{{3,9}})\.canbao", path.name) for path in out.iterdir()]
    return max((int(match[1]) for match in taken if match), default=0) + 1


def _pieces(out: Path, manifest: bytes, key: Ed25519PrivateKey, measured: Iterable[_Measured]) -> Iterator[bytes]:
    """All bytes of the package in order."""
    stored: list[Stored] = []
    for name, content in ((MANIFEST, manifest), (SIGNATURE, key.sign(manifest))):
        stored.append(_stored(name, len(content), zlib.crc32(content), stored))
        yield local_header(stored[-1]) + content
    for entry in measured:
        stored.append(_stored(entry.member.name, entry.member.bytes, entry.crc, stored))
        yield local_header(stored[-1])
        yield from _unchanged(out, entry.member)
    yield directory(stored)


def _stored(name: str, size: int, crc: int, before: list[Stored]) -> Stored:
    return Stored(name.encode(), size, crc, before[-1].end if before else 0)


def _unchanged(out: Path, member: Member) -> Iterator[bytes]:
    digest, size = hashlib.sha256(), 0
    with _opened(out / member.name) as handle:
        while piece := handle.read(CHUNK):
            digest.update(piece)
            size += len(piece)
            yield piece
    if (size, digest.hexdigest()) != (member.bytes, member.sha256):
        raise SourceTrouble(str(out / member.name), "打包时文件变了", "请等 canbao clean 结束后再打包")


@contextmanager
def _appearing(target: Path) -> Iterator[BinaryIO]:
    """A file that has its name only when all of it is on the disk, and takes no other file's place."""
    with refusing(str(target), "写不下", "请核对写入权限", "请腾出空间后再试"):
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".partial", dir=target.parent)
        partial = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.link(partial, target)
        except FileExistsError as problem:
            raise SourceTrouble(str(target), "这个序号的数据包已经有了", "请换一个 --serial，或不给序号") from problem
        finally:
            partial.unlink(missing_ok=True)
        sync(target.parent)
