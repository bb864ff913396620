"""Opening a backup: its manifest, and the dump behind it to whoever wants it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from pyrage.x25519 import Identity

from canbao.registry.backup.manifest import Manifest, ManifestFault, length_of_opening, read_manifest
from canbao.registry.backup.refusal import BackupRefused
from canbao.registry.backup.sealing import SealFault, WrongKey, open_sealed

REMEDY = "请换用另一份备份"
REMEDY_KEY = "请核对 --identity 和备份文件"


def verify(source: Path, identity: Sequence[Identity]) -> Manifest:
    """Read a backup to its end without writing anything; gives its manifest if every byte is as it was written.

    `identity`: the private receiving keys to try. Raises BackupRefused otherwise.
    """
    with opened(source) as handle:
        return read(source, handle, identity, len)


def opened(source: Path) -> BinaryIO:
    """The file, to read; raises BackupRefused if it can't be opened."""
    try:
        return source.open("rb")
    except OSError as problem:
        raise BackupRefused(str(source), f"备份打不开（{problem.strerror}）", "请核对路径和读取权限") from problem


def read(
    source: Path, handle: BinaryIO, identity: Sequence[Identity], receive: Callable[[bytes], int | None]
) -> Manifest:
    """Decrypt a backup from its beginning and hand the dump to `receive` in pieces; gives the manifest.

    Raises BackupRefused for a wrong key, for damage, and for what isn't a backup; and what `receive` raises.
    """
    parts = _Parts(receive)
    try:
        open_sealed(handle, identity, parts.take)
        return parts.manifest()
    except (SealFault, ManifestFault) as fault:
        remedy = REMEDY_KEY if isinstance(fault, WrongKey) else REMEDY
        raise BackupRefused(str(source), str(fault), remedy) from fault


class _Parts:
    """Parts the stream into the manifest and the dump."""

    def __init__(self, receive: Callable[[bytes], int | None]) -> None:
        self._receive = receive
        self._opening = b""
        self._length: int | None = None

    def take(self, piece: bytes) -> int:
        if self._length is not None and len(self._opening) == self._length:
            self._receive(piece)
            return len(piece)
        self._opening += piece
        self._length = length_of_opening(self._opening)
        if self._length is not None and len(self._opening) > self._length:
            rest, self._opening = self._opening[self._length :], self._opening[: self._length]
            self._receive(rest)
        return len(piece)

    def manifest(self) -> Manifest:
        if self._length is None or len(self._opening) < self._length:
            raise ManifestFault("备份里没有清单")
        return read_manifest(self._opening)
