"""Secrets in the database: sealed for their row and column, opened by the right key and by nothing else."""

from __future__ import annotations

from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, connections, transaction

from canbao.registry.actions.second_factor import _new_codes, phone_to_enrol
from canbao.registry.models import Phone, RecoveryCode
from canbao.registry.models.proving import create_sealed, place_of
from canbao.registry.secrets import keys
from canbao.registry.secrets.envelope import opened, seal
from canbao.registry.secrets.keys import SecretLost
from canbao.registry.secrets.rotation import rotate, sealed_columns, secrets_by_version
from canbao.survey.models import Issuer
from people_of_office import officer

PLACE = "registry_phone.sealed_key:7"


@pytest.fixture
def folder(register, tmp_path: Path, settings_changed) -> Path:
    """A folder with a first data key, in use."""
    settings_changed(DATA_KEYS=tmp_path / "keys")
    keys.make_first_key(tmp_path / "keys")
    return tmp_path / "keys"


def sealed(secret: bytes = b"secret", place: str = PLACE) -> str:
    with transaction.atomic():
        return seal(secret, place)


def test_a_secret_opens_at_its_place_and_looks_different_each_time(folder):
    one, other = sealed(), sealed()
    assert opened(one, PLACE) == opened(other, PLACE) == b"secret"
    assert one != other and one.startswith("1:") and "secret" not in one


@pytest.mark.parametrize("place", ["registry_phone.sealed_key:8", "registry_phone.other:7", "other.sealed_key:7", ""])
def test_a_secret_moved_to_another_row_or_column_does_not_open(folder, place):
    with pytest.raises(SecretLost, match="换到了别处"):
        opened(sealed(), place)


def test_no_changed_byte_opens(folder):
    version, _, text = sealed().partition(":")
    raw = b64decode(text)
    for position in range(len(raw)):
        changed = raw[:position] + bytes([raw[position] ^ 1]) + raw[position + 1 :]
        with pytest.raises(SecretLost):
            opened(f"{version}:{b64encode(changed).decode()}", PLACE)


@pytest.mark.parametrize("text", ["", "1:", "1:AAAA", "x:AAAA", "1", "1:\u4e00", "-1:AAAA"])
def test_what_was_never_sealed_does_not_open(folder, text):
    with pytest.raises(SecretLost):
        opened(text, PLACE)


def test_a_version_cannot_be_exchanged(folder):
    kept = sealed()
    (folder / "2.key").write_bytes((folder / "1.key").read_bytes())
    (folder / "2.key").chmod(0o600)
    with pytest.raises(SecretLost):
        opened("2" + kept[1:], PLACE)


def test_the_two_halves_of_two_secrets_do_not_fit(folder):
    one, other = (b64decode(sealed(secret).partition(":")[2]) for secret in (b"a", b"b"))
    with pytest.raises(SecretLost):
        opened("1:" + b64encode(one[:60] + other[60:]).decode(), PLACE)


def test_a_missing_key_is_named_with_the_remedy(folder):
    kept = sealed()
    (folder / "1.key").unlink()
    with pytest.raises(SecretLost, match="缺少第 1 版数据密钥；请从密钥的备份取回"):
        opened(kept, PLACE)
    with pytest.raises(SecretLost, match="没有数据密钥；请运行 canbao migrate"):
        sealed()


@pytest.mark.parametrize("written", [b"", b"AAAA", "钥".encode(), b"!" * 44])
def test_a_damaged_key_is_refused(folder, written):
    (folder / "1.key").write_bytes(written)
    with pytest.raises(SecretLost):
        sealed()


def test_a_key_that_anybody_can_read_is_refused(folder):
    (folder / "1.key").chmod(0o604)
    with pytest.raises(SecretLost, match="任何人都能读"):
        sealed()


def test_the_first_key_is_made_once_for_its_owner_only(folder):
    before = (folder / "1.key").read_bytes()
    keys.make_first_key(folder)
    assert (folder / "1.key").read_bytes() == before and [file.name for file in folder.iterdir()] == ["1.key"]
    assert ((folder / "1.key").stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)


def test_sealing_belongs_into_a_transaction(folder):
    with pytest.raises(RuntimeError):
        seal(b"secret", PLACE)


def test_neither_phone_nor_codes_are_readable_in_the_database(folder):
    zhang = officer("auditor", "44")
    phone = phone_to_enrol(officer=zhang)
    with transaction.atomic():
        codes = _new_codes(zhang)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row_to_json(one)::text, '') FROM registry_phone AS one")
        text = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(row_to_json(one)::text, '') FROM registry_recoverycode AS one")
        text += cursor.fetchone()[0]
    assert not [code for code in codes if code in text]
    assert phone.key.hex() not in text and b64encode(phone.key).decode() not in text
    assert {code.words.decode() for code in RecoveryCode.objects.all()} == set(codes)


def test_no_table_holds_a_data_key_so_that_no_backup_does(folder):
    with transaction.atomic():
        _new_codes(officer("auditor", "44"))
    written = (folder / "1.key").read_text().strip()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '_[0-9]{2}$'")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS one WHERE one::text LIKE ANY(%s)',
                [[f"%{written}%", f"%{b64decode(written).hex()}%"]],
            )
            assert cursor.fetchone() == (0,), table


def test_swapped_phones_are_found(folder):
    with transaction.atomic():
        one, other = (
            create_sealed(Phone, "sealed_key", name.encode(), user=officer("auditor", "44", name), name="x")
            for name in ("zhang", "li")
        )
    Phone.objects.filter(pk=one.pk).update(sealed_key=other.sealed_key)
    with pytest.raises(SecretLost, match=f"registry_phone.sealed_key:{one.pk}"):
        assert Phone.objects.get(pk=one.pk).key
    assert Phone.objects.get(pk=other.pk).key == b"li"


def test_every_sealed_column_is_one_that_a_change_of_keys_knows():
    found = {(model._meta.db_table, column) for model, column in sealed_columns()}
    assert found >= {
        ("registry_phone", "sealed_key"), ("registry_recoverycode", "sealed_words"), ("registry_paper", "sealed"),
        ("survey_surveyor", "sealed_photo"), ("survey_contractor", "sealed_agreement"),
        ("survey_issuer", "sealed_seal"),
    }  # fmt: skip


def test_a_city_s_seal_is_sealed_anew_and_a_row_without_one_is_left_alone(folder):
    with transaction.atomic():
        by = officer("city_data_officer", "4406")
        kept = create_sealed(Issuer, "sealed_seal", b"a picture", city="4406", name="x", by=by)
        Issuer.objects.create(city="4406", name="y", by=by)
    made = rotate()
    kept.refresh_from_db()
    assert (made.resealed, made.lost) == (1, ()) and kept.sealed_seal.startswith(f"{made.version}:")
    assert opened(kept.sealed_seal, place_of(kept, "sealed_seal")) == b"a picture"
    assert secrets_by_version()[made.version] == 1


def test_no_installed_table_keeps_a_second_factor_in_clear():
    assert not [model for model in apps.get_models() if model._meta.app_label.startswith("otp_")]
