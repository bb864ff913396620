"""The stand-alone verifier: every flipped bit is found, strange ZIPs are refused, a time stamp is held to its bytes."""

from __future__ import annotations

import base64
import io
import json
import random
import subprocess
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from evidence_made import inside, log_of, log_rows, record_of, said_in, verified
from people_made import Desk, officer

from canbao.commands import main
from canbao.registry.evidence.stamping import Unstamped
from canbao.registry.evidence.verifier import (
    LARGEST,
    canonical,
    digests,
    fingerprint,
    opened,
    read_roots,
    read_trust,
    verify,
    zipped,
)

NOT_ONE = "不是证明材料"


@pytest.fixture
def taken(cities, state):
    return record_of(cities.own_id)


def test_every_flipped_bit_is_found(cities, taken, state):
    for content in (taken.content, log_of(cities.own_id).content):
        trusted, whole = read_trust(str(state / "audit.pub")), bytearray(content)
        assert verify(bytes(whole), trusted).faults == []
        for place in range(len(whole) * 8):
            whole[place // 8] ^= 1 << place % 8
            assert verify(bytes(whole), trusted).faults, place
            whole[place // 8] ^= 1 << place % 8


def test_every_flipped_bit_of_a_member_is_found_behind_a_mended_zip(taken, state):
    """Whoever changes a member mends lengths and CRC too: then digests and signatures have to find it."""
    members, trusted = opened(taken.content), read_trust(str(state / "audit.pub"))
    chance = random.Random(7)
    for name, content in members.items():
        places = range(len(content) * 8)
        for place in places if len(places) < 1200 else chance.sample(places, 300):
            changed = bytearray(content)
            changed[place // 8] ^= 1 << place % 8
            assert verify(zipped({**members, name: bytes(changed)}), trusted).faults, (name, place)


def test_strange_containers_are_refused(taken, state):
    members = opened(taken.content)
    without, extra = dict(members), {**members, "more.txt": b"x"}
    del without["seal.sig"]
    paths = [{name if name != "内容.html" else odd: raw for name, raw in members.items()} for odd in (
        "../内容.html", "/内容.html", "内容.html/", "c:\\内容.html", "内容.html\0", "",
    )]  # fmt: skip
    strange = [zipped(one) for one in (without, extra, dict(reversed(members.items())), {}, *paths)]
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as archive, pytest.warns(UserWarning):
        for name, raw in (*members.items(), ("record.json", b"{}")):
            archive.writestr(name, raw)
    squeezed = io.BytesIO()
    with zipfile.ZipFile(squeezed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    strange += [twice.getvalue(), squeezed.getvalue(), taken.content + b"\0", b"\0" + taken.content, b"", b"PK\3\4"]
    strange += [taken.content[:cut] for cut in range(0, len(taken.content), 97)]
    strange += [zipped({**members, "record.json": bytes(LARGEST)}), random.Random(7).randbytes(5000)]
    for content in strange:
        verdict = verified(content, state)
        assert verdict.told == [] and NOT_ONE in verdict.faults[0]


def test_another_key_is_not_trusted_and_nothing_of_its_container_is_told(taken, state):
    key, members = Ed25519PrivateKey.generate(), opened(taken.content)
    manifest = json.loads(members["manifest.json"])
    manifest["statement"]["key"] = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    members["manifest.json"] = canonical(manifest)
    members["manifest.sig"] = key.sign(members["manifest.json"])
    forged = zipped({**members, "seal.sig": key.sign(digests(members))})
    verdict = verified(forged, state)
    assert "信任" in verdict.faults[0] and len(verdict.told) == 1
    assert verify(forged, frozenset({fingerprint(key.public_key())})).faults == []


def test_odd_manifests_of_a_trusted_key_are_faults_and_no_crash(taken, state):
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key, members = load_pem_private_key((state / "audit.key").read_bytes(), None), opened(taken.content)
    good = json.loads(members["manifest.json"])
    odd = [[], {}, {"statement": good["statement"]}, {**good, "audit": 7}, {**good, "statement": {"key": 7}}]
    odd += [
        {**good, "statement": {**good["statement"], **more}}
        for more in ({"members": {}}, {"time": "tsa"}, {"format": 2})
    ]
    for manifest in odd:
        changed = {**members, "manifest.json": canonical(manifest)}
        changed["manifest.sig"] = key.sign(changed["manifest.json"])
        changed["seal.sig"] = key.sign(digests(changed))
        assert verified(zipped(changed), state).faults, manifest
    deep = {**members, "manifest.json": b"[" * 100_000}
    assert verified(zipped(deep), state).faults


def test_the_command_says_what_it_found(taken, state, tmp_path, capsys):
    file, public = tmp_path / taken.name, state / "audit.pub"
    file.write_bytes(taken.content)
    assert main(["evidence", "verify", str(file), "--trust", str(public)]) == 0
    told = capsys.readouterr().out
    printed = told.split("签名密钥指纹：")[1][:64]
    assert "结论：合格" in told and main(["evidence", "verify", str(file), "--trust", printed]) == 0
    openssl = subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", str(public), "-outform", "DER"], capture_output=True, check=True
    )
    from hashlib import sha256

    assert sha256(openssl.stdout).hexdigest() == printed
    file.write_bytes(taken.content[:-1])
    assert main(["evidence", "verify", str(file), "--trust", printed]) == 1
    assert main(["evidence", "verify", str(tmp_path / "none.zip"), "--trust", printed]) == 1
    assert main(["evidence", "verify", str(file), "--trust", str(tmp_path / "none.pub")]) == 1
    assert "文件读不出来" in capsys.readouterr().out
    out = tmp_path / "verify_evidence.py"
    assert main(["evidence", "verifier", "--out", str(out)]) == 0 and "def verify(" in out.read_text("utf-8")


CONFIG = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.crt
certs = {folder}/root.crt
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
[uses]
extendedKeyUsage = critical,timeStamping
"""


def openssl(*words: object) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


def made_authority(folder: Path, kind: str) -> None:
    """A root and an authority that it has certified, of RSA or elliptic curves."""
    folder.mkdir()
    key = ["-newkey", "rsa:2048"] if kind == "rsa" else ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    openssl("req", "-x509", *key, "-nodes", "-days", 30, "-subj", "/CN=root", "-keyout", folder / "root.key", "-out",
            folder / "root.crt")  # fmt: skip
    openssl("req", *key, "-nodes", "-subj", "/CN=tsa", "-keyout", folder / "tsa.key", "-out", folder / "tsa.csr")
    openssl("x509", "-req", "-in", folder / "tsa.csr", "-CA", folder / "root.crt", "-CAkey", folder / "root.key",
            "-CAcreateserial", "-days", 30, "-extfile", folder / "tsa.cnf", "-extensions", "uses", "-out",
            folder / "tsa.crt")  # fmt: skip


class Authority(BaseHTTPRequestHandler):
    """Answers a query by OpenSSL, or with what a test puts in."""

    folder: Path
    answer: bytes | None = None
    status = 200

    def do_POST(self) -> None:
        (self.folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        if self.answer is None:
            openssl("ts", "-reply", "-config", self.folder / "tsa.cnf", "-queryfile", self.folder / "query", "-out",
                    self.folder / "reply")  # fmt: skip
        said = (self.folder / "reply").read_bytes() if self.answer is None else self.answer
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(params=["rsa", "ec"])
def authority(request, state, settings_changed, tmp_path) -> Iterator[type[Authority]]:
    """A time-stamping authority on a loopback port that the office has named and trusts."""
    made_authority(tmp_path / "tsa", request.param)
    serving = type("Serving", (Authority,), {"folder": tmp_path / "tsa"})
    server = HTTPServer(("127.0.0.1", 0), serving)
    Thread(target=server.serve_forever, daemon=True).start()
    root = tmp_path / "tsa" / "root.crt"
    settings_changed(TSA_URL=f"http://127.0.0.1:{server.server_port}/", TSA_CERTIFICATE=root)
    yield serving
    server.shutdown()
    server.server_close()


def test_a_time_stamp_is_taken_and_verified_by_us_and_by_openssl(cities, authority, state, tmp_path):
    taken = record_of(cities.own_id)
    assert said_in(taken)["statement"]["time"] == "tsa"
    roots = read_roots(str(authority.folder / "root.crt"))
    verdict = verified(taken.content, state, roots)
    assert verdict.faults == [] and any("时间戳：20" in told and "CN=tsa" in told for told in verdict.told)
    assert any("未核对" in told for told in verified(taken.content, state).told)
    for name in ("manifest.sig", "manifest.tst"):
        (tmp_path / name).write_bytes(inside(taken)[name])
    openssl("ts", "-verify", "-data", tmp_path / "manifest.sig", "-in", tmp_path / "manifest.tst", "-token_in",
            "-CAfile", authority.folder / "root.crt")  # fmt: skip
    made_authority(tmp_path / "other", "ec")
    assert verified(taken.content, state, read_roots(str(tmp_path / "other" / "root.crt"))).faults
    _is_bound(opened(taken.content), state, roots)


def _is_bound(members: dict[str, bytes], state: Path, roots) -> None:
    """A token that is taken away, changed in one bit, or made for something else is found, by its own step too."""
    from canbao.registry.evidence import verifier

    token, chance = members["manifest.tst"], random.Random(7)
    assert verified(zipped({name: raw for name, raw in members.items() if name != "manifest.tst"}), state).faults
    for place in chance.sample(range(len(token) * 8), 400):
        changed = bytearray(token)
        changed[place // 8] ^= 1 << place % 8
        assert verified(zipped({**members, "manifest.tst": bytes(changed)}), state, roots).faults, place
    with pytest.raises(ValueError):
        verifier._time({**members, "manifest.sig": bytes(64)}, frozenset(), roots, verifier.Verdict())


def test_an_authority_that_fails_leaves_nothing_handed_out_and_says_so_on_the_log(
    cities, authority, state, settings_changed, tmp_path
):
    record_of(cities.own_id)
    stale = (authority.folder / "reply").read_bytes()
    made_authority(tmp_path / "other", "ec")
    desk = Desk(officer("county_officer", "440604", "desk"))
    for answer, status, root in (
        (b"", 200, "tsa"), (b"x" * 100_000, 200, "tsa"), (stale, 200, "tsa"), (None, 500, "tsa"), (None, 302, "tsa"),
        (None, 200, "other"), (None, 200, "none"),
    ):  # fmt: skip
        authority.answer, authority.status = answer, status
        settings_changed(TSA_CERTIFICATE=tmp_path / root / "root.crt")
        answered = desk.post(f"/people/{cities.own_id}/evidence/", {"purpose": "counter", "receiver": "法院"})
        assert answered.status_code == 503 and "时间戳服务" in answered.content.decode(), (status, root)
    settings_changed(TSA_URL="http://127.0.0.1:1/")
    with pytest.raises(Unstamped):
        record_of(cities.own_id)
    assert len(log_rows("action = 'evidence.unstamped'")) == 8
