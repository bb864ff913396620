"""The second factor: a phone that makes six digits every half minute (RFC 6238), and codes for when it is lost."""

from __future__ import annotations

from django.db import transaction
from django_otp import devices_for_user, match_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from canbao.registry.access import Refused, require_area
from canbao.registry.actions.sessions import note_failure
from canbao.registry.deeds import deed, write_event
from canbao.registry.models import Officer

CODES = 8
"""How many recovery codes an officer gets; each works once."""


def has_second_factor(officer: Officer) -> bool:
    """Whether the officer has a phone enrolled."""
    return TOTPDevice.objects.filter(user=officer, confirmed=True).exists()


def device_to_enrol(*, officer: Officer) -> TOTPDevice:
    """The phone that is about to be enrolled: the same one until it is confirmed."""
    found = TOTPDevice.objects.filter(user=officer, confirmed=False).first()
    return found or TOTPDevice.objects.create(user=officer, name="手机验证器", confirmed=False)


def enrol(*, officer: Officer, token: str) -> tuple[Device, list[str]]:
    """Enrol the phone that shows `token`; gives the device and new recovery codes, to be shown once.

    Raises Refused if the token is wrong or another phone is enrolled already.
    """
    if has_second_factor(officer):
        raise Refused("已经绑定过手机验证器；要更换请联系安全管理员重置")
    device = device_to_enrol(officer=officer)
    if not device.verify_token(token):
        note_failure(account=officer.username, action="second_factor.enrol", why="token")
        raise Refused("验证码不对；请核对手机时间是否准确，并等下一个验证码出现后再试")
    with transaction.atomic():
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        codes = _new_codes(officer)
        write_event(by=officer, action="second_factor.enrol")
    return device, codes


def verify(*, officer: Officer, token: str) -> Device:
    """The device that `token`, or a recovery code, belongs to; raises Refused if none or after too many failures."""
    device = match_token(officer, token.strip().lower())
    if device is None:
        note_failure(account=officer.username, action="second_factor.verify", why="token")
        raise Refused("验证码不对，或失败次数过多须稍候；请等下一个验证码出现后再试")
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


def _new_codes(officer: Officer) -> list[str]:
    StaticDevice.objects.filter(user=officer).delete()
    kept = StaticDevice.objects.create(user=officer, name="备用码")
    codes = [StaticToken.random_token() for _ in range(CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=kept, token=code) for code in codes)
    return codes
