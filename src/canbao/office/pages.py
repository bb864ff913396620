"""A page: an address, the permission it needs, and the view. A page without a permission does not start."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import cache_control

from canbao.core.progress import IllegalMove
from canbao.law.duties import read_duties
from canbao.registry.access import Refused, require
from canbao.registry.deeds import write_refusal
from canbao.registry.lookup import LARGEST_ID

View = Callable[..., HttpResponse]
EVERYONE = "everyone"
"""For pages that any signed-in officer may open: home, own password, own second factor."""
STEPS = frozenset({"own_password", "second_factor", "sign_out"})
"""The pages that are open before somebody is wholly signed in."""


unkept = cache_control(no_store=True, private=True)
"""For answers with people in them: no browser and no proxy keeps them."""


def page(address: str, view: View, permission: str, name: str) -> URLPattern:
    """An address for officers with `permission`; raises ValueError for a permission that the law does not have."""
    if permission != EVERYONE and permission not in read_duties().permissions:
        raise ValueError(f"{address}: no permission {permission} in duties.yaml")
    guarded = _guarded(view, permission, name)
    guarded.permission = permission  # type: ignore[attr-defined]
    return path(address, guarded, name=name)


def refused(request: HttpRequest, why: str, status: int = 403) -> HttpResponse:
    """The page that says that something may not be done."""
    return render(request, "office/refused.html", {"why": why}, status=status)


def begins_after(request: HttpRequest) -> int:
    """The key after which the page of a list begins; what is no key begins at the beginning."""
    return number(request.GET.get("after", "")) or 0


def number(written: str, digits: int = 19) -> int | None:
    """What somebody has written in so many digits at most, no more than the largest key; None for what is no number.

    `isdigit` alone would let ² and the digits of other scripts pass, of which `int` refuses some.
    """
    is_number = written.isascii() and written.isdigit() and len(written) <= digits
    return min(int(written), LARGEST_ID) if is_number else None


def ticked(request: HttpRequest, name: str) -> list[int]:
    """The keys that are ticked in a list; what is no number is left out."""
    return [key for written in request.POST.getlist(name) if (key := number(written)) is not None]


def _guarded(view: View, permission: str, name: str) -> View:
    @wraps(view)
    def guard(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        missing = _missing_step(request, name)
        if missing:
            return _go(request, missing)
        try:
            if permission != EVERYONE:
                _require(request, permission)
            return view(request, *args, **kwargs)
        except Refused as refusal:
            return refused(request, str(refusal), status=getattr(refusal, "status", 403))
        except IllegalMove as problem:
            write_refusal(by=request.user, action=f"page:{permission}", why=str(problem))
            return refused(request, str(problem), status=409)

    return guard


def _missing_step(request: HttpRequest, name: str) -> str:
    """The address where the officer has to go first, or an empty text."""
    if not request.user.is_authenticated:
        back = request.get_full_path() if request.method == "GET" else reverse("home")
        return f"{settings.LOGIN_URL}?{urlencode({'next': back})}"
    if name in STEPS:
        return ""
    if settings.SECOND_FACTOR_REQUIRED and not request.user.is_verified():
        return reverse("second_factor")
    return reverse("own_password") if _must_change_password(request) else ""


def _must_change_password(request: HttpRequest) -> bool:
    """Whoever signs in through the province's own system has no password here to change."""
    return request.user.must_change_password and "oidc" not in request.session.get(BACKEND_SESSION_KEY, "")


def _go(request: HttpRequest, address: str) -> HttpResponse:
    """Go to a whole page, also from a piece that htmx has asked for."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _require(request: HttpRequest, permission: str) -> None:
    try:
        require(request.user, permission)
    except Refused as refusal:
        write_refusal(by=request.user, action=f"page:{permission}", why=str(refusal))
        raise
