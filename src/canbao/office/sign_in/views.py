"""Signing in and out. An unknown account, a wrong password and a closed account get the same answer."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from canbao.office.sessions import ENDED, WHY_ENDED, enter, leave
from canbao.office.sign_in.forms import SignIn
from canbao.office.sign_in.known_browsers import mark_of, remember
from canbao.office.sign_in.waiting import marked
from canbao.registry.access import Refused
from canbao.registry.actions.sessions import recognise
from canbao.registry.models import Officer

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
        return door(request, SignIn(), request.session.pop(ENDED, ""))
    form = SignIn(request.POST)
    if not form.is_valid():
        return door(request, form)
    account, password = form.cleaned_data["username"], form.cleaned_data["password"]
    try:
        officer = recognise(account=account, password=password, browser=mark_of(request, account))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return marked(door(request, form), refusal)
    enter(request, officer, way="password")
    return remember(request, redirect(_onward(request)), account)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    leave(request)
    return redirect("sign_in")


def door(request: HttpRequest, form: SignIn, ended: str = "", error: str = "") -> HttpResponse:
    """The page at which one signs in; `ended` is why one is there again, `error` what is said to be wrong."""
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
