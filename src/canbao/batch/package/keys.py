"""Keys: Ed25519 to sign (PEM, PKCS #8, RFC 8410) and age's X25519 to receive (age-encryption.org/v1)."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pyrage
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pyrage.x25519 import Identity, Recipient

from canbao.batch.trouble import OutOfRoom, SourceTrouble, refused, refusing

PASSPHRASE = "CANBAO_KEY_PASSPHRASE"
LARGEST = 64 << 10
ARMOUR = b"-----BEGIN AGE ENCRYPTED FILE-----"
PEM_PUBLIC = re.compile(rb"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", re.DOTALL)


def make_signing_key(path: Path) -> Path:
    """Write a new private signing key to `path` and its public key beside it (`.pub`); returns the public one's path.

    With CANBAO_KEY_PASSPHRASE set, the private key is encrypted with it. Raises SourceTrouble if either file exists
    or can't be written.
    """
    key = Ed25519PrivateKey.generate()
    secret = _passphrase()
    encryption = serialization.BestAvailableEncryption(secret) if secret else serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return _write_pair(path, private, public)


def make_recipient_key(path: Path) -> Path:
    """Write a new private receiving key to `path` and its public key beside it (`.pub`); returns the public one's path.

    Both are files as `age` and `rage` read and write them. With CANBAO_KEY_PASSPHRASE set, the private key is
    encrypted with it. Raises SourceTrouble if either file exists or can't be written.
    """
    identity = Identity.generate()
    public = str(identity.to_public())
    private = f"# public key: {public}\n{identity}\n".encode()
    secret = _passphrase()
    if secret:
        private = pyrage.passphrase.encrypt(private, secret.decode(), armored=True)
    return _write_pair(path, private, f"{public}\n".encode())


def read_signing_key(path: Path) -> Ed25519PrivateKey:
    """The private signing key in `path`; raises SourceTrouble if there is none or it can't be read."""
    if not path.exists():
        raise SourceTrouble(str(path), "没有这个签名私钥", f"请先生成：canbao key new {path}")
    raw, secret = _read(path), _passphrase()
    try:
        key = serialization.load_pem_private_key(raw, secret if b"ENCRYPTED" in raw else None)
    except TypeError as problem:
        raise SourceTrouble(str(path), "签名私钥有口令", f"请在环境变量 {PASSPHRASE} 中给出口令") from problem
    except (ValueError, UnsupportedAlgorithm) as problem:
        remedy = f"请核对文件，以及环境变量 {PASSPHRASE} 中的口令；密钥由 canbao key new 生成"
        raise SourceTrouble(str(path), "签名私钥读不出来", remedy) from problem
    if not isinstance(key, Ed25519PrivateKey):
        raise SourceTrouble(str(path), "不是 Ed25519 签名私钥", "请另用 canbao key new 生成一个")
    return key


def read_trusted(path: Path) -> frozenset[str]:
    """The fingerprints of the public signing keys (one or more, PEM) in `path`.

    Raises SourceTrouble if there is none or one can't be read.
    """
    return frozenset(public_keys(_read(path), str(path)))


def public_keys(raw: bytes, place: str) -> dict[str, str]:
    """The public signing keys (one or more, PEM) in a text: fingerprint to PEM as we write it.

    `place` is what an error calls the text; raises SourceTrouble if there is no key or one can't be read.
    """
    blocks = PEM_PUBLIC.findall(raw)
    try:
        keys = [serialization.load_pem_public_key(block) for block in blocks]
    except (ValueError, UnsupportedAlgorithm) as problem:
        raise SourceTrouble(place, "签名公钥读不出来", "请向报送单位重新索取 .pub 文件") from problem
    signing = [key for key in keys if isinstance(key, Ed25519PublicKey)]
    if not signing or len(signing) != len(blocks):
        raise SourceTrouble(place, "不是 Ed25519 签名公钥", "请用报送单位 canbao key new 生成的 .pub 文件")
    return {fingerprint(key): _pem(key) for key in signing}


def read_recipient(path: Path) -> Recipient:
    """The public receiving key in `path` (`age1…`); raises SourceTrouble if there is none or it can't be read."""
    lines = _lines(_read(path))
    try:
        return Recipient.from_str(lines[0] if len(lines) == 1 else "")
    except pyrage.RecipientError as problem:
        remedy = "请用省级 canbao key new --receiving 生成的 .pub 文件（以 age1 开头）"
        raise SourceTrouble(str(path), "不是接收公钥", remedy) from problem


def read_identity(path: Path) -> list[Identity]:
    """The private receiving keys (one or more) in `path`; raises SourceTrouble if there is none or it can't be read."""
    lines = _lines(_opened_identity(path, _read(path)))
    try:
        keys = [Identity.from_str(line) for line in lines]
    except pyrage.IdentityError as problem:
        raise _no_identity(path) from problem
    if not keys:
        raise _no_identity(path)
    return keys


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the key's SubjectPublicKeyInfo in DER, as 64 hexadecimal digits."""
    encoded = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(encoded).hexdigest()


def _pem(key: Ed25519PublicKey) -> str:
    encoded = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return encoded.decode("ascii")


def _no_identity(path: Path) -> SourceTrouble:
    return SourceTrouble(str(path), "不是接收私钥", "请用 canbao key new --receiving 生成的私钥文件")


def _opened_identity(path: Path, raw: bytes) -> bytes:
    if not raw.startswith(ARMOUR):
        return raw
    secret = _passphrase()
    if secret is None:
        raise SourceTrouble(str(path), "接收私钥有口令", f"请在环境变量 {PASSPHRASE} 中给出口令")
    try:
        return bytes(pyrage.passphrase.decrypt(raw, secret.decode()))
    except (pyrage.DecryptError, OSError) as problem:
        raise SourceTrouble(str(path), "接收私钥的口令不对", f"请核对环境变量 {PASSPHRASE}") from problem


def _lines(raw: bytes) -> list[str]:
    lines = [line.strip() for line in raw.decode("utf-8", "replace").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def _passphrase() -> bytes | None:
    return os.environ.get(PASSPHRASE, "").encode("utf-8", "surrogateescape") or None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as handle:
            raw = handle.read(LARGEST + 1)
    except OSError as problem:
        raise refused(problem.errno, str(path), "密钥文件打不开", "请核对路径和读取权限") from problem
    if len(raw) > LARGEST:
        raise SourceTrouble(str(path), "文件过大，不是密钥", "请核对路径")
    return raw


def _write_pair(path: Path, private: bytes, public: bytes) -> Path:
    beside = path.with_suffix(".pub")
    for file in (path, beside):
        if file.exists() or file == path == beside:
            remedy = "已有的密钥不会被覆盖；请换一个文件名，私钥不要以 .pub 结尾"
            raise SourceTrouble(str(file), "文件已存在或会与公钥同名", remedy)
    _write_new(path, private, 0o600)
    try:
        _write_new(beside, public, 0o644)
    except (SourceTrouble, OutOfRoom):
        path.unlink()
        raise
    return beside


def _write_new(path: Path, content: bytes, mode: int) -> None:
    with refusing(str(path), "密钥写不下", "请核对文件夹和写入权限", "请腾出空间后再试"):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)
            raise
