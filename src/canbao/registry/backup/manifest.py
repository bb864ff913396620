"""The first part of a backup: what it is, and what must be found in the database once it is restored.

    canbao-backup 1\\n    eight bytes: length of the manifest    the manifest, JSON    the dump, pg_dump's custom format

All of it is encrypted together, so that none of it can be changed or exchanged alone.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from canbao.registry.backup.contents import Contents

FORMAT = 1
MAGIC = b"canbao-backup "
OPENING = MAGIC + b"%d\n" % FORMAT
LENGTH_BYTES = 8
LONGEST = 16 << 20
"""Bytes of a manifest; there are some hundred tables."""


class ManifestFault(ValueError):
    """What is wrong with a manifest, said in Chinese."""


@dataclass(frozen=True)
class Manifest:
    """`made_at`: ISO 8601 with zone. `server` and `dump`: major versions of the server and of pg_dump.

    `extensions` are made before the restore, `roles` must be there: they are named in grants and policies.
    """

    made_at: str
    database: str
    server: int
    dump: int
    extensions: tuple[str, ...]
    roles: tuple[str, ...]
    contents: Contents

    def opening(self) -> bytes:
        """The bytes before the dump."""
        text = json.dumps(asdict(self), ensure_ascii=False).encode()
        return OPENING + len(text).to_bytes(LENGTH_BYTES, "big") + text


def length_of_opening(beginning: bytes) -> int | None:
    """How many bytes lie before the dump, or None if `beginning` is too short to tell; raises ManifestFault."""
    known = beginning[: len(OPENING)]
    if known[: len(MAGIC)] != MAGIC[: len(known)]:
        raise ManifestFault("不是 canbao 的备份")
    if known != OPENING[: len(known)]:
        raise ManifestFault("备份是另一个版本的格式，本版程序读不了；请用当时的版本恢复，或升级后再试")
    if len(beginning) < len(OPENING) + LENGTH_BYTES:
        return None
    length = int.from_bytes(beginning[len(OPENING) :][:LENGTH_BYTES], "big")
    if length > LONGEST:
        raise ManifestFault("备份的清单长得不合理")
    return len(OPENING) + LENGTH_BYTES + length


def read_manifest(opening: bytes) -> Manifest:
    """The manifest in the bytes before the dump; raises ManifestFault if it can't be read."""
    try:
        found = json.loads(opening[len(OPENING) + LENGTH_BYTES :])
        contents = found.pop("contents")
        tables = {name: (int(rows), str(digest)) for name, (rows, digest) in contents["tables"].items()}
        head = contents["audit_head"]
        read = Contents(tables, (int(head[0]), str(head[1])) if head else None)
        extensions, roles = tuple(found.pop("extensions")), tuple(found.pop("roles"))
        return Manifest(contents=read, extensions=extensions, roles=roles, **found)
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise ManifestFault("备份的清单读不出来") from problem
