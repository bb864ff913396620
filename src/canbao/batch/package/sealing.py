"""Encryption to the province's key, in the age format (age-encryption.org/v1), piece by piece."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import pyrage
from pyrage.x25519 import Identity, Recipient

from canbao.batch.package.keys import read_identity
from canbao.batch.package.refusal import PackageFault
from canbao.batch.trouble import SourceTrouble, refused, refusing

SEALED = b"age-encryption.org/v1\n"
LONGEST_HEADER = 64 << 10
END_OF_HEADER = b"\n--- "
ELSEWHERE = "用环境变量 TMPDIR 另指一个写得下的文件夹"


def seal(pieces: Iterable[bytes], handle: BinaryIO, recipient: Recipient) -> None:
    """Write `pieces` to `handle`, encrypted so that the owner of the recipient's private key alone can read them.

    What goes wrong while the pieces are made or written is raised as it was.
    """
    source, target = _Pieces(pieces), _Target(handle)
    try:
        pyrage.encrypt_io(cast(Any, source), cast(Any, target), [recipient])
    except (pyrage.EncryptError, OSError) as problem:
        raise source.problem or target.problem or problem from problem
    swallowed = source.problem or target.problem  # the library says nothing of what goes wrong at the very end
    if swallowed:
        raise swallowed


@contextmanager
def unsealed(package: Path, identity: Path | None, room: Path | None = None) -> Iterator[BinaryIO]:
    """Opens a package for reading; an encrypted one is decrypted into a file without a name, gone when closed.

    `room` is the folder for that file, otherwise the system's (TMPDIR); it takes as many bytes as the package.
    Raises SourceTrouble if the package can't be opened or needs a private key that wasn't given, PackageFault if it
    can't be decrypted, OutOfRoom if there is no room.
    """
    if not package.is_file():
        raise SourceTrouble(str(package), "没有这个数据包", "请核对路径")
    try:
        handle = package.open("rb")
    except OSError as problem:
        raise refused(problem.errno, str(package), "数据包打不开", "请核对读取权限") from problem
    with handle:
        if handle.read(len(SEALED)) != SEALED:
            yield handle
            return
        _check_header(handle)
        with _decrypted(handle, _identities(package, identity), room) as plain:
            yield plain


class _Pieces(io.RawIOBase):
    """An iterable of bytes as a file to read from."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")
        self.problem: Exception | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            while not self._rest:
                self._rest = memoryview(next(self._pieces))
        except StopIteration:
            return b""
        except Exception as problem:
            self.problem = problem
            raise
        taken, self._rest = self._rest[:size], self._rest[size:]
        return bytes(taken)


class _Target:
    """A file to write to that remembers why it couldn't: the library says so only in words."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self.problem: OSError | None = None

    def write(self, piece: bytes) -> int:
        try:
            return self._handle.write(piece)
        except OSError as problem:
            self.problem = problem
            raise

    def flush(self) -> None:
        try:
            self._handle.flush()
        except OSError as problem:
            self.problem = problem
            raise


def _identities(package: Path, identity: Path | None) -> list[Identity]:
    if identity is None:
        raise SourceTrouble(str(package), "数据包是加密的", "请用 --identity 给出接收私钥")
    return read_identity(identity)


def _check_header(handle: BinaryIO) -> None:
    """The library keeps the whole header in memory: one without a near end is refused before it sees it."""
    handle.seek(0)
    if END_OF_HEADER not in handle.read(LONGEST_HEADER):
        raise PackageFault("加密的开头不是规定的写法；文件损坏，请重新传送")
    handle.seek(0)


@contextmanager
def _decrypted(handle: BinaryIO, identities: list[Identity], room: Path | None) -> Iterator[BinaryIO]:
    with _plain_file(room) as plain:
        target = _Target(cast(BinaryIO, plain))
        try:
            pyrage.decrypt_io(cast(Any, handle), cast(Any, target), identities)
            target.flush()
        except (pyrage.DecryptError, OSError, ValueError) as problem:
            raise _failed(problem, target.problem, room) from problem
        yield cast(BinaryIO, plain)


def _plain_file(room: Path | None) -> IO[bytes]:
    """The file without a name into which a package is decrypted."""
    with refusing(str(room or "临时文件夹"), "解密时写不下", ELSEWHERE, f"请腾出空间，或{ELSEWHERE}"):
        return tempfile.TemporaryFile(dir=room)


def _failed(problem: Exception, disk: OSError | None, room: Path | None) -> Exception:
    """Why decryption failed: the disk, the key or header (DecryptError), or damaged contents (OSError)."""
    if disk is not None:
        return refused(
            disk.errno, str(room or tempfile.gettempdir()), "解密时写不下", ELSEWHERE, f"请腾出空间，或{ELSEWHERE}"
        )
    if isinstance(problem, pyrage.DecryptError):
        return PackageFault("打不开：包不是加密给这个接收私钥的，或开头已被改动；请核对 --identity")
    return PackageFault("解密到一半失败：内容被改动或被截断；请重新传送")
