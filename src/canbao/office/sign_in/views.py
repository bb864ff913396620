"""Signing in and out. An unknown account, a wrong password and a closed account get the same answer."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from canbao.office.sessions import ENDED, WHY_ENDED, enter, leave
from canbao.office.sign_in.forms import SignIn
from canbao.registry.actions.sessions import note_failure
from canbao.registry.models import Officer

WRONG = "账号或密码不对"
LOCKED = "尝试次数过多，请 30 分钟后再试"
OIDC_FAILED = "统一身份认证没有通过，或本系统没有这个账号；请联系系统管理员"
DEMO_PASSWORD = "demo-canbao-2017"
"""The one password of the accounts that `canbao demo` makes; they hold nobody's data."""


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page."""
    if request.user.is_authenticated:
        return redirect(_onward(request))
    if request.method == "GET":
        return _page(request, SignIn(), request.session.pop(ENDED, ""))
    form = SignIn(request.POST)
    if not form.is_valid():
        return _page(request, form)
    account, password = form.cleaned_data["username"], form.cleaned_data["password"]
    officer = authenticate(request, username=account, password=password)
    if officer is None:
        is_locked = getattr(request, "axes_locked_out", False)
        note_failure(account=account, action="session.begin", why="locked" if is_locked else "password")
        form.add_error(None, WRONG)
        return _page(request, form)
    enter(request, officer, way="password")
    return redirect(_onward(request))


def locked_out(request: HttpRequest, *_: object) -> HttpResponse:
    """What axes answers instead, for known and unknown accounts alike, once there were too many failures."""
    form = SignIn()
    response = _page(request, form, error=LOCKED)
    response.status_code = 429
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    leave(request)
    return redirect("sign_in")


def _page(request: HttpRequest, form: SignIn, ended: str = "", error: str = "") -> HttpResponse:
    shown = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "ended": OIDC_FAILED if ended == "oidc" else WHY_ENDED.get(ended, ""),
        "error": error,
        "has_oidc": settings.OIDC_IS_ON,
        "accounts": _demo_accounts(),
        "demo_password": DEMO_PASSWORD,
    }
    return render(request, "office/sign_in/sign_in.html", shown)


def _onward(request: HttpRequest) -> str:
    """Where the officer wanted to go, if that is one of our own pages."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else settings.LOGIN_REDIRECT_URL


def _demo_accounts() -> list[tuple[str, str]]:
    """In a trial with demonstration accounts, each with its holder."""
    if not (settings.IS_TRIAL and settings.HAS_DEMO_ACCOUNTS):
        return []
    found = Officer.objects.filter(username__startswith="demo-").order_by("id")
    return [(officer.username, officer.display_name) for officer in found]
