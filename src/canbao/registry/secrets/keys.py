"""The data keys: files of 32 random bytes, one for each version, in a folder outside the database.

They are read anew each time, some hundred bytes, so that a new version counts at once in every process and a destroyed
one is gone from all of them.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from contextlib import suppress
from pathlib import Path

from canbao.core.trouble import Trouble
from canbao.registry.disk import sync_folder

KEY_BYTES = 32
FOR_OTHERS = 0o007
SUFFIX = ".key"
RESTORE = "请从密钥的备份取回；取不回的，请安全管理员重置有关账号的手机验证器"


class SecretLost(Trouble):
    """A secret that can't be opened: its key is missing, or it is not what was sealed for this place."""


def versions(folder: Path) -> list[int]:
    """The versions that the folder has, oldest first."""
    try:
        found = list(folder.iterdir())
    except FileNotFoundError:
        return []
    return sorted(int(file.stem) for file in found if file.suffix == SUFFIX and file.stem.isdecimal())


def newest(folder: Path) -> int:
    """The version that seals from now on; raises SecretLost if there is none."""
    known = versions(folder)
    if not known:
        raise SecretLost(str(folder), "没有数据密钥", "请运行 canbao migrate 生成第一把，或核对 CANBAO_DATA_KEYS")
    return known[-1]


def read_key(folder: Path, version: int) -> bytes:
    """The key of a version; raises SecretLost if it is missing, damaged, or can be read by anybody."""
    file = _file(folder, version)
    try:
        written, mode = file.read_text(encoding="ascii"), file.stat().st_mode
        key = b64decode(written, validate=False)
    except FileNotFoundError:
        raise SecretLost(str(file), f"缺少第 {version} 版数据密钥", RESTORE) from None
    except (OSError, ValueError, NotBase64) as problem:
        raise SecretLost(str(file), f"数据密钥读不出来（{type(problem).__name__}）", RESTORE) from problem
    if len(key) != KEY_BYTES:
        raise SecretLost(str(file), "不是数据密钥，或已残缺", RESTORE)
    if mode & FOR_OTHERS:
        raise SecretLost(str(file), "本机任何人都能读", f"请执行 chmod o= {file}，再换一把：canbao data-key rotate")
    return key


def make_first_key(folder: Path) -> None:
    """Make version 1 unless there is a key; several processes may ask at once."""
    if not versions(folder):
        with suppress(FileExistsError):
            make_key(folder, 1)


def make_key(folder: Path, version: int) -> None:
    """Write a new key, whole or not at all, for its owner only; raises FileExistsError if the version is there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            opened.flush()
            os.fsync(opened.fileno())
        _file(folder, version).hardlink_to(unfinished)
    finally:
        Path(unfinished).unlink()
    sync_folder(folder)


def destroy_key(folder: Path, version: int) -> None:
    """Overwrite and delete a key; what was sealed with it is lost."""
    file = _file(folder, version)
    with file.open("r+b") as opened:
        length = len(opened.read())
        opened.seek(0)
        opened.write(bytes(length))
        opened.flush()
        os.fsync(opened.fileno())
    file.unlink()
    sync_folder(folder)


def _file(folder: Path, version: int) -> Path:
    return folder / f"{version}{SUFFIX}"
