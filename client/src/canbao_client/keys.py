"""The partner's key: made once, kept secret, known by the fingerprint of its public half."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from canbao_client.trouble import ConfigurationTrouble


def make_key(file: Path) -> Ed25519PrivateKey:
    """Make a key in a new file that only its owner reads; raises ConfigurationTrouble where there is one already."""
    key = Ed25519PrivateKey.generate()
    written = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(written)
            out.flush()
            os.fsync(out.fileno())
    except FileExistsError as problem:
        raise ConfigurationTrouble(str(file), "已有这个文件", "请换一个文件名；旧密钥不会被覆盖") from problem
    except OSError as problem:
        raise ConfigurationTrouble(str(file), f"写不下（{problem.strerror}）", "请核对文件夹和权限") from problem
    return key


def read_key(file: Path) -> Ed25519PrivateKey:
    """The key in a file; raises ConfigurationTrouble for anything else, and where others may read the file."""
    _require_own(file)
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except OSError as problem:
        raise ConfigurationTrouble(str(file), f"读不出来（{problem.strerror}）", "请核对路径和权限") from problem
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise ConfigurationTrouble(str(file), "不是私钥文件", "请用 canbao-client key new 生成") from problem
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigurationTrouble(str(file), "不是 Ed25519 私钥", "请用 canbao-client key new 生成")
    return key


def public_text(key: Ed25519PrivateKey) -> str:
    """The public half in PEM, as it is given to the register."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()  # fmt: skip


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of a public key (DER), in hex: its `keyid`."""
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def _require_own(file: Path) -> None:
    """Windows has no such modes; there the folder's rights count."""
    if os.name == "posix" and file.exists() and file.stat().st_mode & 0o077:
        raise ConfigurationTrouble(str(file), "私钥文件别人也能读", f"请运行 chmod 600 {file}")
