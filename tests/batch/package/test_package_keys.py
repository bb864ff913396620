"""Keys: private files are private, nothing is overwritten, and the wrong file is named with its remedy."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from package_samples import City

from canbao.batch.package import make_recipient_key, make_signing_key, pack, verify
from canbao.batch.package.keys import PASSPHRASE, read_trusted
from canbao.batch.trouble import SourceTrouble

MAKERS = [make_signing_key, make_recipient_key]


@pytest.mark.parametrize("make", MAKERS)
def test_private_keys_are_for_their_owner_alone(make, tmp_path: Path) -> None:
    path = tmp_path / "our.key"
    assert make(path) == tmp_path / "our.pub"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("existing", ["our.key", "our.pub"])
def test_no_file_is_overwritten(make, existing: str, tmp_path: Path) -> None:
    (tmp_path / existing).write_text("precious")
    with pytest.raises(SourceTrouble, match="已存在"):
        make(tmp_path / "our.key")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["precious"]


@pytest.mark.parametrize("make", MAKERS)
def test_a_private_key_is_not_called_public(make, tmp_path: Path) -> None:
    with pytest.raises(SourceTrouble, match=r"\.pub"):
        make(tmp_path / "our.pub")


def test_a_missing_signing_key_names_the_command(city: City, tmp_path: Path) -> None:
    with pytest.raises(SourceTrouble, match="canbao key new"):
        pack(city.out, tmp_path / "none.key")


def test_a_passphrase_protects_both_kinds(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE, "made 口令")
    signing, identity = tmp_path / "locked.key", tmp_path / "locked-province.key"
    trust, recipient = make_signing_key(signing), make_recipient_key(identity)
    package = pack(city.out, signing, recipient=recipient)
    assert verify(package, trust=trust, identity=identity) == []
    monkeypatch.setenv(PASSPHRASE, "another")
    with pytest.raises(SourceTrouble, match=PASSPHRASE):
        pack(city.out, signing)
    with pytest.raises(SourceTrouble, match=PASSPHRASE):
        verify(package, identity=identity)
    monkeypatch.delenv(PASSPHRASE)
    with pytest.raises(SourceTrouble, match=PASSPHRASE):
        pack(city.out, signing)
    with pytest.raises(SourceTrouble, match=PASSPHRASE):
        verify(package, identity=identity)


def test_a_passphrase_that_is_not_needed_does_no_harm(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE, "for another key")
    assert verify(city.pack_sealed(), identity=city.identity) == []


def test_files_that_are_other_keys(city: City, tmp_path: Path) -> None:
    curve = tmp_path / "curve.key"
    curve.write_bytes(
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    for wrong in (curve, city.trust, city.identity, city.recipient, city.out / "persons.parquet", tmp_path):
        with pytest.raises(SourceTrouble):
            pack(city.out, wrong)
    package, sealed = city.pack(), city.pack_sealed()
    for wrong in (curve, city.key, city.recipient, tmp_path / "none"):
        with pytest.raises(SourceTrouble):
            verify(package, trust=wrong)
    for wrong in (curve, city.trust, city.recipient, tmp_path / "none"):
        with pytest.raises(SourceTrouble):
            verify(sealed, identity=wrong)
    for wrong in (curve, city.trust, city.identity, tmp_path / "none"):
        with pytest.raises(SourceTrouble):
            pack(city.out, city.key, recipient=wrong)


def test_a_public_key_that_is_a_folder_is_said_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(SourceTrouble, match="密钥文件打不开（是文件夹，不是文件）"):
        read_trusted(tmp_path)
