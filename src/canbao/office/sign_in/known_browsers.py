"""Browsers in which an account has come in before: strangers' guesses don't keep its officer out of them.

The mark is signed and belongs to one account. Whoever steals it may guess as often as the policy allows, and no more:
it has a count of its own.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

SALT = "canbao.office.known_browsers"
DAYS = 90


def mark_of(request: HttpRequest, account: str) -> str:
    """The mark of the browser if the account has come in there before, else an empty text."""
    try:
        written = signing.loads(request.COOKIES.get(settings.KNOWN_COOKIE_NAME, ""), salt=SALT, max_age=DAYS * 86400)
        owner, mark = written
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return mark if owner == _digest(account) else ""


def remember(request: HttpRequest, response: HttpResponse, account: str) -> HttpResponse:
    """Have the browser keep that the account has come in."""
    mark = mark_of(request, account) or secrets.token_hex(8)
    response.set_cookie(
        settings.KNOWN_COOKIE_NAME,
        signing.dumps([_digest(account), mark], salt=SALT),
        max_age=DAYS * 86400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def _digest(account: str) -> str:
    return salted_hmac(SALT, account, secret="account", algorithm="sha256").hexdigest()[:16]
