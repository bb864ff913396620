"""Who is asking: the phone's secret, the app's version, and bodies read as far as they come."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja.security.base import AuthBase

from canbao.api.bodies import is_longer, what_came
from canbao.law.phone import read_phone
from canbao.survey.models import Device
from canbao.survey.phones.devices import PhoneRefused, known_device

LONGEST_JSON = 1 << 20


class PhoneKey(AuthBase):
    """`Authorization: Phone <device>.<secret>`; gives the device."""

    openapi_type = "apiKey"
    openapi_in = "header"
    openapi_name = "Authorization"

    def __call__(self, request: HttpRequest) -> Device:
        """The device that asks; raises PhoneRefused for whatever is none."""
        require_new_app(request)
        kind, _, said = request.headers.get("Authorization", "").partition(" ")
        key, _, secret = said.partition(".")
        if kind != "Phone" or not secret:
            raise PhoneRefused(401, "unknown", "请先绑定手机")
        return known_device(_uuid(key), secret)


def _uuid(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError as problem:
        raise PhoneRefused(401, "unknown", "这部手机没有绑定；请重新绑定") from problem


def require_new_app(request: HttpRequest) -> None:
    """Raise PhoneRefused for an app that this server doesn't talk to any more."""
    said = request.headers.get("X-Canbao-App", "")
    is_number = said.isascii() and said.isdigit() and len(said) < 10
    if not is_number or int(said) < read_phone().oldest_app:
        raise PhoneRefused(426, "old", "应用版本太旧；资料都还在，请联网更新应用后再试")


def bytes_of(request: HttpRequest, most: int) -> bytes:
    """The body, or as much of it as came before the line broke; raises PhoneRefused for one that is too large."""
    if is_longer(request, most):
        raise PhoneRefused(413, "too_large", "一次送得太多，没有收下；请更新应用后再送")
    return what_came(request)
