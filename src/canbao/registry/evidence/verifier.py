"""A verifier of an evidence container (证明材料): no network, no import of ours; Python 3.11, cryptography 42.

`python verifier.py FILE.zip audit.pub [tsa.pem]`; instead of audit.pub also its fingerprint, the SHA-256 of the key in
DER. A container is a ZIP without compression that holds in this order, and nothing else: record.json or log.json,
内容.html (the same to read), manifest.json (what it is, and digests of both), manifest.sig (Ed25519 over the manifest),
perhaps manifest.tst (RFC 3161 token over manifest.sig), seal.sig (Ed25519 over the digests of all before).
"""

from __future__ import annotations

import base64
import json
import re
import struct
import sys
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

FORMAT, LARGEST = "canbao-evidence/1", 32 << 20
CONTENTS, ALWAYS = ("record.json", "log.json"), ("内容.html", "manifest.json", "manifest.sig")
LAYOUTS = [(one, *ALWAYS, *token, "seal.sig") for one in CONTENTS for token in ((), ("manifest.tst",))]
HASHES = {"sha256": hashes.SHA256, "sm3": hashes.SM3, "608648016503040201": hashes.SHA256,
          "608648016503040202": hashes.SHA384, "608648016503040203": hashes.SHA512}  # fmt: skip
TOKEN, CONTENT_TYPE, DIGEST = "2a864886f70d0109100104", "2a864886f70d010903", "2a864886f70d010904"  # OIDs in DER
Roots = tuple[x509.Certificate, ...]


@dataclass
class Verdict:
    """In Chinese: what the container says of itself, and what is wrong with it (nothing: it is as it was made)."""

    told: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def verify(raw: bytes, trusted: frozenset[str], roots: Roots = ()) -> Verdict:
    """Verify a container; `trusted` are fingerprints of keys, `roots` certificates of time-stamping authorities.

    What no trusted key has signed is not read any further.
    """
    verdict = Verdict()
    steps = {
        "签名不对：清单或签名被改动过": _signatures, "清单读不懂": _manifest,
        "日志摘录与每条的哈希不符": _lines, "时间戳不对": _time,
    }  # fmt: skip
    try:
        members = opened(raw)
    except Exception:  # whatever can't be read is not as it was made
        return Verdict([], ["不是证明材料，或不是它的原样：成员、次序或写法与约定不符"])
    for fault, step in steps.items():
        try:
            step(members, trusted, roots, verdict)
        except Exception:
            verdict.faults.append(fault)
        if verdict.faults:
            break
    return verdict


def zipped(members: dict[str, bytes]) -> bytes:
    """The one way in which members are put into a container: in order, as they are, dated 1980-01-01, nothing else."""
    body, directory = b"", b""
    for name, content in members.items():
        label, size = name.encode(), len(content)
        head = struct.pack("<5H3I2H", 20, 0x800, 0, 0, 0x21, zlib.crc32(content), size, size, len(label), 0)
        directory += b"PK\1\2\x14\3" + head + struct.pack("<3H2I", 0, 0, 0, 0o100644 << 16, len(body)) + label
        body += b"PK\3\4" + head + label + content
    count = len(members)
    return body + directory + b"PK\5\6" + struct.pack("<4H2IH", 0, 0, count, count, len(directory), len(body), 0)


def opened(raw: bytes) -> dict[str, bytes]:
    """A container's members; raises ValueError or struct.error for what is not, bit by bit, as `zipped` writes it."""
    members: dict[str, bytes] = {}
    at = 0
    while len(raw) <= LARGEST and raw[at : at + 4] == b"PK\3\4" and len(members) < len(LAYOUTS[-1]):
        size, length = struct.unpack_from("<IH", raw, at + 22)
        start = at + 30 + length
        members[raw[at + 30 : start].decode()] = raw[start : start + size]
        at = start + size
    if tuple(members) not in LAYOUTS or zipped(members) != raw:
        raise ValueError
    return members


def canonical(value: Any) -> bytes:
    """JSON as it is written here: UTF-8, keys in order, no blanks."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digests(members: dict[str, bytes]) -> bytes:
    """What the seal signs: the digest of each member before it."""
    return b"".join(sha256(content).digest() for name, content in members.items() if name != "seal.sig")


def fingerprint(key: Any) -> str:
    """What `openssl pkey -pubin -outform DER | sha256sum` gives for a public key."""
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _signatures(members: dict[str, bytes], trusted: frozenset[str], roots: Roots, verdict: Verdict) -> None:
    raw = base64.b64decode(json.loads(members["manifest.json"])["statement"]["key"], validate=True)
    key = ed25519.Ed25519PublicKey.from_public_bytes(raw)
    verdict.told.append(f"签名密钥指纹：{fingerprint(key)}")
    if fingerprint(key) not in trusted:
        verdict.faults.append("签名密钥不在信任之列，不能证明出自登记库；请向登记机关核对公钥指纹")
    key.verify(members["manifest.sig"], members["manifest.json"])
    key.verify(members["seal.sig"], digests(members))


def _manifest(members: dict[str, bytes], trusted: frozenset[str], roots: Roots, verdict: Verdict) -> None:
    manifest = json.loads(members["manifest.json"])
    said, audit, point = manifest["statement"], manifest["audit"], manifest["audit"]["checkpoint"]
    found = {name: sha256(raw).hexdigest() for name, raw in members.items() if name in (*CONTENTS, ALWAYS[0])}
    if said["format"] != FORMAT or said["members"] != found:
        verdict.faults.append("内容与清单上的 SHA-256 不符，或清单不是这一版的格式")
    if ("manifest.tst" in members) != (said["time"] == "tsa"):
        verdict.faults.append("有无时间戳与清单所说不符")
    verdict.told += [
        f"{said['title']}，编号 {said['id']}，对象 {said['subject']}",
        f"{said['made_at']} 由{said['office']}（{said['duty']}）出具",
        f"用途：{said['purpose']}，接收：{said['receiver']}",
        f"审计日志第 {audit['line']} 条，哈希 {audit['hash']}，其中 statement={sha256(canonical(said)).hexdigest()}",
        f"此前最近的检查点：第 {point['sequence']} 号，到第 {point['size']} 条" if point else "此前还没有检查点",
        *(f"{name} 的 SHA-256：{digest}" for name, digest in found.items()),
    ]
    if said["time"] != "tsa":
        verdict.told.append("时间出自登记库自己的时钟，没有第三方时间戳；可用审计日志和此后的检查点印证")


def _lines(members: dict[str, bytes], trusted: frozenset[str], roots: Roots, verdict: Verdict) -> None:
    """Each line of a log extract has the hash that the log's chain gives it (the register's decision 0009)."""
    lines = json.loads(members["log.json"])["lines"] if "log.json" in members else []
    for number, at, officer, *texts, objects, details, algorithm, previous, own in lines:
        moment = datetime.fromisoformat(at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        said = [algorithm, str(number), moment, "" if officer is None else str(officer), *texts, str(len(objects))]
        raws = [text.encode("utf-8", "surrogatepass") for text in (*said, *objects, details, previous)]
        if _hash(algorithm, b"".join(b"%d:%b" % (len(raw), raw) for raw in raws)).hex() != own:
            raise ValueError
    verdict.told += [f"日志摘录 {len(lines)} 条，每条都与其哈希相符"] if "log.json" in members else []


def _hash(algorithm: str, raw: bytes) -> bytes:
    hashing = hashes.Hash(HASHES[algorithm]())
    hashing.update(raw)
    return hashing.finalize()


def _time(members: dict[str, bytes], trusted: frozenset[str], roots: Roots, verdict: Verdict) -> None:
    """The token is CMS SignedData (RFC 5652) around TSTInfo (RFC 3161), with the authority's certificate in it."""
    if "manifest.tst" not in members:
        return
    _, _, wrapped, *rest = der(der(der(der(members["manifest.tst"])[0][1])[1][1])[0][1])
    content_type, box = der(wrapped[1])
    info = der(box[1])[0][1]
    _, _, imprint, _, moment, *_ = der(der(info)[0][1])
    stamped = der(imprint[1])
    sets = {tag: der(content) for tag, content, _ in rest}
    _, _, digest, attributes, _, signature, *_ = der(sets[0x31][0][1])
    signed = {der(one[1])[0][1].hex(): der(der(one[1])[1][1])[0] for one in der(attributes[1])}
    algorithm = der(digest[1])[0][1].hex()
    is_token = content_type[1].hex() == TOKEN and signed[CONTENT_TYPE][1] == content_type[1]
    is_whole = signed[DIGEST][1] == _hash(algorithm, info)
    if not is_token or not is_whole or stamped[1][1] != _hash(der(stamped[0][1])[0][1].hex(), members["manifest.sig"]):
        raise ValueError
    at = datetime.strptime(moment[1].decode()[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    certificates = [x509.load_der_x509_certificate(whole) for _, _, whole in sets[0xA0]]
    signer = next(one for one in certificates if _has_signed(one, signature[1], attributes[2], algorithm))
    verdict.told.append(f"时间戳：{at.isoformat()}，签发者 {signer.subject.rfc4514_string()}")
    if not roots:
        verdict.told.append("注意：没有给出时间戳机构的证书，签发者未核对")
    elif not any(_vouches(root, signer, at) for root in roots):
        verdict.faults.append("时间戳不是所给的机构签发的，或其证书当时无效")


def der(raw: bytes) -> list[tuple[int, bytes, bytes]]:
    """What stands one behind the other in some DER: tag, content, and the whole of each."""
    found, at = [], 0
    while at < len(raw):
        size, start = raw[at + 1], at + 2
        if size > 0x7F:
            size, start = int.from_bytes(raw[start : start + size - 0x80], "big"), start + size - 0x80
        if start + size > len(raw):
            raise ValueError
        found.append((raw[at], raw[start : start + size], raw[at : start + size]))
        at = start + size
    return found


def _has_signed(one: x509.Certificate, signature: bytes, attributes: bytes, algorithm: str) -> bool:
    """Whether a certificate for time-stamping has signed attributes, as the SET that they are (RFC 5652, 5.4)."""
    key, said, hashing = one.public_key(), b"\x31" + attributes[1:], HASHES[algorithm]()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, said, padding.PKCS1v15(), hashing)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, said, ec.ECDSA(hashing))
        uses = one.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        is_known = isinstance(key, (rsa.RSAPublicKey, ec.EllipticCurvePublicKey))
        return is_known and x509.ExtendedKeyUsageOID.TIME_STAMPING in uses
    except (InvalidSignature, x509.ExtensionNotFound):
        return False


def _vouches(root: x509.Certificate, one: x509.Certificate, at: datetime) -> bool:
    """Whether a certificate is one's own, or issued it, and it was valid at a time."""
    try:
        if one != root:
            one.verify_directly_issued_by(root)
        return one.not_valid_before_utc <= at <= one.not_valid_after_utc
    except Exception:
        return False


def read_trust(said: str) -> frozenset[str]:
    """The fingerprints to trust: one that is written out, or those of the keys (one or more, PEM) in a file."""
    if re.fullmatch("[0-9A-Fa-f]{64}", said):
        return frozenset({said.lower()})
    end = b"-----END PUBLIC KEY-----"
    return frozenset(fingerprint(load_pem_public_key(pem + end)) for pem in Path(said).read_bytes().split(end)[:-1])


def read_roots(file: str) -> Roots:
    """The certificates (one or more, PEM) in a file; none for no file."""
    return tuple(x509.load_pem_x509_certificates(Path(file).read_bytes())) if file else ()


def main(file: str, trust: str, tsa: str = "") -> int:
    """Verify a file and print in Chinese what was found; 0 if it is good, 1 if not."""
    try:
        verdict = verify(Path(file).read_bytes(), read_trust(trust), read_roots(tsa))
    except (OSError, ValueError, UnsupportedAlgorithm) as problem:
        verdict = Verdict([], [f"文件读不出来：{problem}"])
    told = [*verdict.told, *(f"不合格：{one}" for one in verdict.faults)]
    for line in [*told, "结论：不合格" if verdict.faults else "结论：合格，出具以后没有改动"]:
        print("".join(letter if letter.isprintable() else "�" for letter in line))
    return 1 if verdict.faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
