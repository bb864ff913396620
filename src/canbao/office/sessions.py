"""How long somebody stays signed in: 15 idle minutes, 8 hours at most, in one place at a time, and only with the
rights that the session began with."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY, login, logout
from django.http import HttpRequest, HttpResponse

from canbao.core.masks import hide_identity_numbers
from canbao.registry.actions.sessions import begin_session, end_session
from canbao.registry.deeds import origin
from canbao.registry.models import Officer

BEGAN, SEEN, ENDED = "began_at", "seen_at", "ended"
WHY_ENDED = {
    "idle": "您有一段时间没有操作，已自动退出，请重新登录",
    "long": "已连续登录 8 小时，请重新登录",
    "elsewhere": "您的账号刚在另一处登录，这里已退出；如不是您本人，请立即改密码并报告安全管理员",
    "rights": "您的岗位、范围或密码有变动，请重新登录",
    "closed": "登录已失效，请重新登录",
}
NOTED_EVERY = 30
"""Seconds between two notes of when somebody was last seen; a note is a write to the database."""
POLL = "X-Canbao-Poll"
"""A request with this header was made by the page, not by its reader, and does not count as activity."""

Handler = Callable[[HttpRequest], HttpResponse]


class SessionLimits:
    """Ends sessions that are over, and says where requests come from."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = origin.set(_where_from(request))
        try:
            why = _why_over(request)
            if why:
                _end(request, why)
            elif SESSION_KEY in request.session:
                _note_seen(request)
            return self.get_response(request)
        finally:
            origin.reset(before)


def enter(request: HttpRequest, officer: Officer, way: str) -> None:
    """Sign an officer in: a new session id, which is from now on the officer's only one."""
    login(request, officer)
    request.session[BEGAN] = request.session[SEEN] = int(time.time())
    origin.set(_where_from(request))
    begin_session(officer=officer, session_key=request.session.session_key, way=way)


def renew(request: HttpRequest, why: str) -> None:
    """Change the session id after the session has gained rights; the old id is worth nothing."""
    request.session.cycle_key()
    begin_session(officer=request.user, session_key=request.session.session_key, way=why)


def leave(request: HttpRequest) -> None:
    """Sign out."""
    if request.user.is_authenticated:
        end_session(officer=request.user, why="own")
    logout(request)


def address_of(request: HttpRequest) -> str:
    """The address of the machine that asks; behind our own proxies, the one that the nearest of them saw."""
    address = request.META.get("REMOTE_ADDR", "")
    passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    while address in settings.PROXIES and passed:
        address = passed.pop()
    return address


def account_of(request: HttpRequest | None, credentials: dict[str, str] | None = None) -> str:
    """The account that somebody tries, as failures are counted and kept; who types a number in there isn't kept."""
    typed = (credentials or {}).get("username") or (request.POST.get("username", "") if request else "")
    return hide_identity_numbers(typed)


def _where_from(request: HttpRequest) -> str:
    key = request.session.session_key or ""
    session = hashlib.sha256(key.encode()).hexdigest()[:16] if key else "-"
    return f"{address_of(request)} {session}"


def _why_over(request: HttpRequest) -> str:
    """Why the session is over, or an empty text."""
    if SESSION_KEY not in request.session:
        return ""
    if not request.user.is_authenticated:
        return "closed"
    if request.user.session_key != request.session.session_key:
        return "elsewhere" if request.user.session_key else "rights"
    now = time.time()
    if now - request.session.get(BEGAN, 0) > settings.SESSION_COOKIE_AGE:
        return "long"
    return "idle" if now - request.session.get(SEEN, 0) > settings.SESSION_IDLE_SECONDS else ""


def _end(request: HttpRequest, why: str) -> None:
    if request.user.is_authenticated:
        end_session(officer=request.user, why=why, is_current=why in ("idle", "long"))
    logout(request)
    request.session[ENDED] = why


def _note_seen(request: HttpRequest) -> None:
    now = int(time.time())
    if POLL not in request.headers and now - request.session[SEEN] >= NOTED_EVERY:
        request.session[SEEN] = now
