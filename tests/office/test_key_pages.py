"""Divisions' keys: pasted or uploaded, one at a time, and withdrawn."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile

from canbao.batch.package.keys import fingerprint
from canbao.registry.actions.keys import trusted_keys
from canbao.registry.models import DivisionKey


def pem(key) -> str:
    shape = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, shape).decode()


def test_a_pasted_key_is_trusted_until_withdrawn(opened):
    browser, key = opened("security_administrator"), Ed25519PrivateKey.generate()
    page = browser.say("/keys/add/", division_code="440600", pasted=pem(key))
    print_ = fingerprint(key.public_key())
    assert print_ in page and trusted_keys("440600") == [pem(key)]
    assert "已停用" in browser.say(f"/keys/{DivisionKey.objects.get().pk}/withdraw/")
    assert trusted_keys("440600") == []


def test_an_uploaded_key_is_taken(opened):
    browser, key = opened("security_administrator"), Ed25519PrivateKey.generate()
    file = SimpleUploadedFile("city.pub", pem(key).encode())
    browser.post("/keys/add/", {"division_code": "440600", "file": file})
    assert DivisionKey.objects.get().fingerprint == fingerprint(key.public_key())


@pytest.mark.parametrize(
    "pasted",
    ["", "no key", pem(X25519PrivateKey.generate()), "".join(pem(Ed25519PrivateKey.generate()) for _ in range(2))],
    ids=["nothing", "text", "another kind", "two"],
)  # fmt: skip
def test_what_is_not_one_signing_key_is_not_taken(opened, pasted):
    page = opened("security_administrator").say("/keys/add/", division_code="440600", pasted=pasted)
    assert 'role="alert"' in page and not DivisionKey.objects.exists()


def test_the_same_key_is_taken_once(opened):
    browser, key = opened("security_administrator"), pem(Ed25519PrivateKey.generate())
    browser.say("/keys/add/", division_code="440600", pasted=key)
    assert "已经登记过" in browser.say("/keys/add/", division_code="440100", pasted=key)


def test_a_city_keeps_its_own_keys_only(opened):
    province, city = opened("security_administrator"), opened("security_administrator", "4406", "city")
    province.say("/keys/add/", division_code="440100", pasted=pem(Ed25519PrivateKey.generate()))
    page = city.say("/keys/add/", division_code="440100", pasted=pem(Ed25519PrivateKey.generate()))
    assert DivisionKey.objects.count() == 1 and "is-invalid" in page
    assert "还没有登记公钥" in city.read("/keys/")
    assert city.post(f"/keys/{DivisionKey.objects.get().pk}/withdraw/").status_code == 404
