"""Encryption in the age format (age-encryption.org/v1), a stream: each 64 KiB are authenticated, and the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, BinaryIO, Protocol, cast

import pyrage
from pyrage.x25519 import Identity, Recipient

LONGEST_HEADER = 64 << 10
END_OF_HEADER = b"\n--- "


class Source(Protocol):
    """Something to read bytes from."""

    def read(self, size: int = -1) -> bytes: ...


class SealFault(ValueError):
    """Why a sealed file can't be opened, said in Chinese."""


class WrongKey(SealFault):
    """The file is not for this key, or its header was changed."""


def seal(source: Source, handle: BinaryIO, recipient: Recipient) -> None:
    """Encrypt what `source` gives into `handle`; what goes wrong on either side is raised as it was."""
    reading, writing = _Remembering(source.read), _Remembering(handle.write)
    try:
        pyrage.encrypt_io(cast(Any, reading), cast(Any, writing), [recipient])
    except (pyrage.EncryptError, OSError) as problem:
        raise reading.problem or writing.problem or problem from problem


def open_sealed(handle: BinaryIO, identities: Sequence[Identity], receive: Callable[[bytes], int]) -> None:
    """Decrypt `handle` from its beginning, handing each authenticated piece to `receive`.

    Returns only if the whole file, its end included, is as it was written. Raises WrongKey or SealFault otherwise, and
    what `receive` raises.
    """
    _check_header(handle)
    writing = _Remembering(receive)
    try:
        pyrage.decrypt_io(cast(Any, handle), cast(Any, writing), list(identities))
    except pyrage.DecryptError as problem:
        raise WrongKey("打不开：不是加密给这个接收私钥的，或开头已被改动") from problem
    except (OSError, ValueError) as problem:
        if writing.problem is not None:
            raise writing.problem from problem
        raise SealFault("内容被改动或被截断") from problem


class _Remembering:
    """A side of the stream that remembers what went wrong there: the library says so only in words."""

    def __init__(self, act: Callable[[Any], Any]) -> None:
        self._act = act
        self.problem: Exception | None = None

    def _remember(self, argument: Any) -> Any:
        try:
            return self._act(argument)
        except Exception as problem:
            self.problem = problem
            raise

    def read(self, size: int = -1) -> bytes:
        return cast(bytes, self._remember(size))

    def write(self, piece: bytes) -> int:
        return cast(int, self._remember(piece))

    def flush(self) -> None:
        """Nothing is held back here."""


def _check_header(handle: BinaryIO) -> None:
    """The library keeps the whole header in memory: one without a near end is refused before it sees it."""
    handle.seek(0)
    if END_OF_HEADER not in handle.read(LONGEST_HEADER):
        raise WrongKey("不是加密的备份，或开头已损坏")
    handle.seek(0)
