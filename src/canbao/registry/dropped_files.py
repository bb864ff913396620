"""Files that a partner has dropped because it can't call: verified whole before a row is taken (docs/exchange.md)."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from canbao.registry.access import Refused

FORMAT = "canbao-drop-1"
NAME = re.compile(r"([a-z0-9][a-z0-9-]{0,39})-([1-9][0-9]{0,17})-([1-9][0-9]{0,17})\.ndjson\.gz", re.ASCII)
FILE_BYTES = 32 << 20
SIGNATURE_BYTES = 4 << 10
GZIP = 31
"""zlib's word for a gzip member and nothing else."""

KeyOf = Callable[[str], Ed25519PublicKey | None]


@dataclass(frozen=True)
class DroppedName:
    """Who dropped a file and which numbers are in it, as its name says; the caller compares partner and key."""

    partner: str
    first: int
    last: int


def dropped_name(name: str) -> DroppedName:
    """What a file's name says; raises Refused for a name of another form."""
    found = NAME.fullmatch(name)
    if found is None or int(found[2]) > int(found[3]):
        raise Refused("文件名不对；应是 代号-首号-末号.ndjson.gz")
    return DroppedName(found[1], int(found[2]), int(found[3]))


def read_dropped(file: Path, signature: Path, key_of: KeyOf) -> Iterator[bytes]:
    """The lines of a dropped file, each one row of the contract.

    `key_of` gives the key of a `keyid` that may drop files now, or None. Raises Refused, before there is any line, for
    a file that is not wholly what its signer has signed, is packed in another way, or is larger than 32 MiB unpacked.
    """
    named = dropped_name(file.name)
    content = _read(file, FILE_BYTES)
    _verify(file.name, content, _read(signature, SIGNATURE_BYTES), key_of)
    lines = _unpacked(content).split(b"\n")
    if lines.pop() != b"" or not 0 < len(lines) <= named.last - named.first + 1:
        raise Refused("文件的行数与文件名不符，或最后一行不完整")
    return iter(lines)


def _read(file: Path, most: int) -> bytes:
    """A plain file's bytes, read once, so that what is verified is what is taken; links are not followed."""
    try:
        opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as problem:
        raise Refused(f"读不出来：{file.name}") from problem
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise Refused(f"不是普通文件：{file.name}")
    with os.fdopen(opened, "rb") as source:
        content = source.read(most + 1)
    if len(content) > most:
        raise Refused(f"文件太大：{file.name}")
    return content


def _verify(name: str, content: bytes, signature: bytes, key_of: KeyOf) -> None:
    said = _said(signature)
    digest = hashlib.sha256(content).hexdigest()
    if (said["format"], said["file"], said["sha-256"]) != (FORMAT, name, digest):
        raise Refused("签名文件说的不是这个文件，或文件在签名后变过")
    key = key_of(said["keyid"])
    if key is None:
        raise Refused("签名所用的密钥没有登记，或已停用")
    try:
        key.verify(base64.b64decode(said["signature"], validate=True), f"{FORMAT}\n{name}\n{digest}\n".encode())
    except (InvalidSignature, ValueError) as problem:
        raise Refused("签名不对") from problem


def _said(signature: bytes) -> dict[str, str]:
    """The signature file: five texts."""
    try:
        said = json.loads(signature)
    except (ValueError, RecursionError) as problem:
        raise Refused("签名文件读不懂") from problem
    names = {"format", "keyid", "file", "sha-256", "signature"}
    if not isinstance(said, dict) or set(said) != names or not all(isinstance(one, str) for one in said.values()):
        raise Refused("签名文件读不懂")
    return said


def _unpacked(content: bytes) -> bytes:
    """What is packed, never more than may be: a bomb is refused as soon as it goes beyond."""
    unpacking = zlib.decompressobj(GZIP)
    try:
        unpacked = unpacking.decompress(content, FILE_BYTES + 1)
    except zlib.error as problem:
        raise Refused("文件解不开") from problem
    if len(unpacked) > FILE_BYTES:
        raise Refused("文件解开后太大")
    if not unpacking.eof or unpacking.unused_data:
        raise Refused("文件不完整，或后面还有别的内容")
    return unpacked
