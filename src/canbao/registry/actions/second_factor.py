"""The second factor: a phone that makes six digits every half minute (RFC 6238), and codes for when it is lost."""

from __future__ import annotations

import secrets
from base64 import b32encode

from django.db import transaction
from django_otp import devices_for_user, match_token
from django_otp.models import Device

from canbao.registry.access import Refused, require_area
from canbao.registry.actions.sessions import note_failure
from canbao.registry.deeds import deed, write_event
from canbao.registry.models import Officer, Phone, RecoveryCode, RecoveryCodes
from canbao.registry.models.proving import create_sealed
from canbao.registry.secrets.keys import SecretLost
from canbao.registry.throttle import begin_guess

CODES, CODE_BYTES = 8, 5
"""How many recovery codes an officer gets; each works once, and is eight letters and digits."""
KEY_BYTES = 20
"""A phone's secret, as RFC 4226 recommends."""


def has_second_factor(officer: Officer) -> bool:
    """Whether the officer has a phone enrolled."""
    return Phone.objects.filter(user=officer, confirmed=True).exists()


def phone_to_enrol(*, officer: Officer) -> Phone:
    """The phone that is about to be enrolled: the same one until it is confirmed."""
    with transaction.atomic():
        Officer.objects.select_for_update().get(pk=officer.pk)
        phone = Phone.objects.select_for_update().filter(user=officer, confirmed=False).first()
        if phone is None or not _opens(phone):
            Phone.objects.filter(user=officer, confirmed=False).delete()
            new = {"user": officer, "name": "手机验证器", "confirmed": False}
            phone = create_sealed(Phone, "sealed_key", secrets.token_bytes(KEY_BYTES), **new)
        return phone


def enrol(*, officer: Officer, token: str) -> tuple[Device, list[str]]:
    """Enrol the phone that shows `token`; gives the device and new recovery codes, to be shown once.

    Raises Refused if the token is wrong or another phone is enrolled already, TooManyGuesses after too many failures.
    """
    guess = begin_guess("token", account=officer.username)
    made = _enrol(officer, token)
    if made is None:
        note_failure(account=officer.username, action="second_factor.enrol", why="token")
        raise Refused("验证码不对；请核对手机时间是否准确，并等下一个验证码出现后再试")
    guess.proven()
    return made


def verify(*, officer: Officer, token: str) -> Device:
    """The device that `token`, or a recovery code, belongs to; raises Refused if none, or TooManyGuesses."""
    guess = begin_guess("token", account=officer.username)
    try:
        device = match_token(officer, token.strip().lower())
    except SecretLost as problem:
        note_failure(account=officer.username, action="second_factor.verify", why="secret lost")
        raise Refused("本系统解不开您的手机验证器；请联系安全管理员重置") from problem
    if device is None:
        note_failure(account=officer.username, action="second_factor.verify", why="token")
        raise Refused("验证码不对，或失败次数过多须稍候；请等下一个验证码出现后再试")
    guess.proven()
    return device


def reset_second_factor(*, officer: Officer, by: Officer) -> None:
    """Forget an officer's phone and codes; another administrator than the one who resets passwords does it."""
    with deed(by=by, action="second_factor.reset", permission="officer.grant") as note:
        note.objects.append(f"officer:{officer.id}")
        require_area(by, officer.area)
        if officer.id == by.id:
            raise Refused("不能重置自己的第二因素")
        for device in devices_for_user(officer, confirmed=None):
            device.delete()
        officer.session_key = ""
        officer.save(update_fields=["session_key"])


def _opens(phone: Phone) -> bool:
    """Open the phone's key while its row is locked, when its data key can't be destroyed; it is kept in the object."""
    try:
        return bool(phone.key)
    except SecretLost:
        return False


def _enrol(officer: Officer, token: str) -> tuple[Device, list[str]] | None:
    """None if the token is wrong; one officer enrols one phone, however many windows are open."""
    with transaction.atomic():
        Officer.objects.select_for_update().get(pk=officer.pk)
        if has_second_factor(officer):
            raise Refused("已经绑定过手机验证器；要更换请联系安全管理员重置")
        phone = Phone.objects.select_for_update().filter(user=officer, confirmed=False).first()
        if phone is None or not phone.verify_token(token.strip()):
            return None
        phone.confirmed = True
        phone.save(update_fields=["confirmed"])
        codes = _new_codes(officer)
        write_event(by=officer, action="second_factor.enrol")
    return phone, codes


def _new_codes(officer: Officer) -> list[str]:
    RecoveryCodes.objects.filter(user=officer).delete()
    kept = RecoveryCodes.objects.create(user=officer, name="备用码")
    codes = [b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower() for _ in range(CODES)]
    for code in codes:
        create_sealed(RecoveryCode, "sealed_words", code.encode(), of=kept)
    return codes
