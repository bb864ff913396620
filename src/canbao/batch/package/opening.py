"""Taking a package apart: first it is verified, then its contents are written out under names of ours."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from canbao.batch.package.checking import examine
from canbao.batch.package.keys import read_trusted
from canbao.batch.package.manifest import CONTENTS, Manifest
from canbao.batch.package.reading import read_members
from canbao.batch.package.refusal import PackageFault, PackageRefused
from canbao.batch.package.sealing import unsealed
from canbao.batch.trouble import SourceTrouble, refusing


@dataclass(frozen=True)
class Opened:
    """A package that was found good: its manifest, and where each member was written."""

    manifest: Manifest
    files: Mapping[str, Path]


def open_package(package: Path, into: Path, *, trust: Path | None = None, identity: Path | None = None) -> Opened:
    """Verify a package and write its members into the folder `into`, which must be empty or not there yet.

    The files' names come from this program and not from the package; `Opened.files` maps members to them. `trust`
    and `identity` as for `inspect`. Raises PackageRefused for a package with faults, SourceTrouble for keys and
    folders that can't be used, OutOfRoom if the disk is full; nothing is left in `into` then.
    """
    trusted = read_trusted(trust) if trust else None
    _make_empty(into)
    try:
        with unsealed(package, identity, into) as handle:
            inspection = examine(handle, trusted)
            if inspection.manifest is None or inspection.faults:
                raise PackageRefused(package, inspection.faults)
            return Opened(inspection.manifest, _extract(handle, inspection.manifest, into))
    except PackageFault as fault:
        raise PackageRefused(package, [str(fault)]) from fault


def _make_empty(into: Path) -> None:
    with refusing(str(into), "文件夹用不了", "请核对路径和写入权限", "请腾出空间后再试"):
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        strangers = any(into.iterdir())
    if strangers:
        raise SourceTrouble(str(into), "文件夹不是空的", "请指定一个空文件夹")


def _extract(handle: BinaryIO, manifest: Manifest, into: Path) -> dict[str, Path]:
    extraction = _Extraction(into)
    try:
        with refusing(str(into), "写不下", "请核对路径和写入权限", "请腾出空间后再试"):
            read = {member.name: member.sha256 for member in read_members(handle, extraction.receive)}
            extraction.close()
        changed = [member.name for member in manifest.members if read.get(member.name) != member.sha256]
        if changed:
            raise PackageFault(f"成员 {'、'.join(changed)}：核验之后又变了；请重新传送")
    except BaseException:
        extraction.undo()
        raise
    return {member.name: extraction.path(member.name) for member in manifest.members}


class _Extraction:
    """The files being written; one is open at a time, since members come one after the other."""

    def __init__(self, into: Path) -> None:
        self._into = into
        self._files: dict[str, BinaryIO] = {}

    def path(self, name: str) -> Path:
        place = CONTENTS.index(name)
        return self._into / f"{place + 1:02}{Path(CONTENTS[place]).suffix}"

    def receive(self, name: str, piece: bytes) -> None:
        if name not in CONTENTS:
            return
        if name not in self._files:
            self.close()
            handle = os.open(self.path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            self._files[name] = os.fdopen(handle, "wb")
        self._files[name].write(piece)

    def close(self) -> None:
        for file in self._files.values():
            file.close()

    def undo(self) -> None:
        for name in self._files:
            self.path(name).unlink(missing_ok=True)
