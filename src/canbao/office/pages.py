"""A page: an address, the permission it needs, and the view. A page without a permission does not start."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from canbao.law.duties import read_duties
from canbao.registry.access import Refused, require
from canbao.registry.deeds import write_refusal

View = Callable[..., HttpResponse]
EVERYONE = "everyone"
"""For pages that any signed-in officer may open: home, own password, own second factor."""


def page(address: str, view: View, permission: str, name: str) -> URLPattern:
    """An address for officers with `permission`; raises ValueError for a permission that the law does not have."""
    if permission != EVERYONE and permission not in read_duties().permissions:
        raise ValueError(f"{address}: no permission {permission} in duties.yaml")
    guarded = _guarded(view, permission)
    guarded.permission = permission  # type: ignore[attr-defined]
    return path(address, guarded, name=name)


def _guarded(view: View, permission: str) -> View:
    @wraps(view)
    def guard(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        officer = request.user
        if not officer.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if officer.must_change_password and permission != EVERYONE:
            return redirect("own_password")
        if settings.SECOND_FACTOR_REQUIRED and not officer.is_verified() and permission != EVERYONE:
            return redirect("second_factor")
        try:
            if permission != EVERYONE:
                _require(request, permission)
            return view(request, *args, **kwargs)
        except Refused as refusal:
            return render(request, "office/refused.html", {"why": str(refusal)}, status=403)

    return guard


def _require(request: HttpRequest, permission: str) -> None:
    try:
        require(request.user, permission)
    except Refused as refusal:
        write_refusal(by=request.user, action=f"page:{permission}", why=str(refusal))
        raise
