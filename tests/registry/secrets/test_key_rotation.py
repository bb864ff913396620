"""Changing the data key: piece by piece, while officers sign in; the old key goes only when it seals nothing."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction
from django_otp.oath import TOTP

from canbao.registry.actions import second_factor
from canbao.registry.models import Guesses, Officer, Phone, RecoveryCode
from canbao.registry.secrets import keys, rotation
from canbao.registry.secrets.rotation import KeyInUse, destroy, rotate, secrets_by_version
from people_of_office import officer


@pytest.fixture(autouse=True)
def folder(register, tmp_path: Path, settings_changed) -> Path:
    """A folder with a first data key, in use."""
    settings_changed(DATA_KEYS=tmp_path / "keys")
    keys.make_first_key(tmp_path / "keys")
    return tmp_path / "keys"


def digits(phone: Phone) -> str:
    clock = TOTP(phone.key)
    clock.time = time.time()
    return f"{clock.token():06d}"


def enrolled(name: str) -> tuple[Officer, list[str]]:
    """An officer with a phone; gives the recovery codes too."""
    made = officer("auditor", "44", name)
    _, codes = second_factor.enrol(officer=made, token=digits(second_factor.phone_to_enrol(officer=made)))
    return made, codes


def test_all_secrets_are_sealed_anew_and_stay_what_they_were(monkeypatch):
    monkeypatch.setattr(rotation, "PIECE", 3)
    _, codes = enrolled("zhang")
    before = bytes(Phone.objects.get().key)
    assert secrets_by_version() == {1: 9}
    done = rotate()
    assert (done.version, done.resealed, done.lost) == (2, 9, ())
    assert secrets_by_version() == {1: 0, 2: 9}
    assert Phone.objects.get().key == before
    assert {code.words.decode() for code in RecoveryCode.objects.all()} == set(codes)


def test_the_old_key_is_destroyed_only_when_it_seals_nothing(folder):
    zhang, codes = enrolled("zhang")
    keys.make_key(folder, 2)
    with pytest.raises(KeyInUse, match="还有 9 条用它加密"):
        destroy(1)
    with pytest.raises(KeyInUse, match="正在用的一版"):
        destroy(2)
    with pytest.raises(KeyInUse, match="没有第 7 版"):
        destroy(7)
    assert rotate().version == 3
    destroy(1)
    destroy(2)
    assert keys.versions(folder) == [3] and secrets_by_version() == {3: 9}
    assert second_factor.verify(officer=zhang, token=codes[0])


def test_a_rotation_that_was_broken_off_is_run_again(folder, monkeypatch):
    enrolled("zhang")
    monkeypatch.setattr(rotation, "PIECE", 4)
    seal, sealed = rotation.seal, []

    def breaks(secret: bytes, place: str) -> str:
        sealed.append(place)
        if len(sealed) == 6:
            raise OSError("power cut")
        return seal(secret, place)

    with monkeypatch.context() as broken:
        broken.setattr(rotation, "seal", breaks)
        with pytest.raises(OSError, match="power cut"):
            rotate()
    assert secrets_by_version() == {1: 4, 2: 5}
    assert (rotate().resealed, secrets_by_version()) == (9, {1: 0, 2: 0, 3: 9})


def test_a_secret_that_does_not_open_is_named_and_keeps_the_old_key():
    enrolled("zhang")
    phone = Phone.objects.get()
    Phone.objects.update(sealed_key=RecoveryCode.objects.first().sealed_words)
    done = rotate()
    assert (done.lost, done.resealed) == ((f"registry_phone.sealed_key:{phone.pk}",), 8)
    with pytest.raises(KeyInUse, match="还有 1 条"):
        destroy(1)


def test_somebody_who_seals_at_the_moment_of_the_change_is_waited_for(folder):
    zhang, sealing, go_on = officer("auditor", "44", "zhang"), threading.Event(), threading.Event()

    def enrol_slowly() -> None:
        with transaction.atomic():
            second_factor._new_codes(zhang)
            sealing.set()
            assert go_on.wait(10)
        connection.close()

    def change() -> None:
        rotate()
        destroy(1)
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(enrol_slowly)
        assert sealing.wait(10)
        changing = pool.submit(change)
        time.sleep(0.3)
        assert not changing.done()
        go_on.set()
        slow.result(10), changing.result(10)
    assert secrets_by_version() == {2: 8}
    assert len({code.words for code in RecoveryCode.objects.all()}) == 8


def test_officers_sign_in_and_enrol_while_keys_change(folder, monkeypatch):
    monkeypatch.setattr(rotation, "PIECE", 5)
    known = [enrolled(f"officer{number}") for number in range(6)]
    over, wrong, done = threading.Event(), [], []

    def sign_in(one: tuple[Officer, list[str]]) -> None:
        try:
            while not over.is_set():
                newcomer = officer("auditor", "44", f"new{threading.get_ident()}-{len(done)}")
                second_factor.enrol(officer=newcomer, token=digits(second_factor.phone_to_enrol(officer=newcomer)))
                if one[1]:
                    second_factor.verify(officer=one[0], token=one[1].pop())
                Phone.objects.filter(user=one[0]).update(throttling_failure_count=0)
                done.append(one[0].username)
                over.wait(0.1)
        except Exception as problem:
            wrong.append(repr(problem))
        finally:
            connection.close()

    threads = [threading.Thread(target=sign_in, args=(one,)) for one in known]
    for thread in threads:
        thread.start()
    for version in range(1, 6):
        while len(done) < 4 * version and not wrong:
            time.sleep(0.01)
        assert rotate().lost == ()
        destroy(version)
    over.set()
    for thread in threads:
        thread.join()
    assert wrong == [] and len(done) >= 20
    assert set(secrets_by_version()) == {6} == set(keys.versions(folder))
    assert all(phone.key for phone in Phone.objects.all()) and Guesses.objects.exists()


def test_a_change_of_keys_is_on_the_log():
    rotate()
    destroy(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT action, person_name FROM audit_log ORDER BY number")
        assert cursor.fetchall() == [("data_key.rotate", "命令行"), ("data_key.destroy", "命令行")]


def test_the_lock_of_keys_is_not_that_of_the_log():
    from canbao.registry.audit import chain
    from canbao.registry.secrets import envelope

    assert envelope.LOCK != chain.LOCK
