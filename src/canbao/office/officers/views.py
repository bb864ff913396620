"""Accounts within an administrator's area."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canbao.law.duties import read_duties
from canbao.office.officers.forms import Granting, Naming, Opening
from canbao.registry.access import Refused
from canbao.registry.actions import officers as actions
from canbao.registry.actions.officers import grant, name_person, open_account, reset_password, set_active
from canbao.registry.actions.second_factor import has_second_factor, reset_second_factor
from canbao.registry.models import Officer
from canbao.registry.officers import officer_within, officers_within

PAGE = 50


@require_GET
def officers(request: HttpRequest) -> HttpResponse:
    """The accounts of the area, filtered by name and duty."""
    text, duty = request.GET.get("text", "").strip()[:40], request.GET.get("duty", "")
    found = Paginator(officers_within(by=request.user, text=text, duty=duty), PAGE)
    shown = {
        "page": found.get_page(request.GET.get("page")),
        "kept": urlencode({"text": text, "duty": duty}) + "&",
        "text": text,
        "duty": duty,
        "duties": read_duties().duties.values(),
        "may_open": request.user.may("officer.manage"),
    }
    return render(request, "office/officers/officers.html", shown)


@require_GET
def officer(request: HttpRequest, id_: int) -> HttpResponse:
    """One account, and what the reader may do with it."""
    return _officer(request, _found(request, id_))


@require_http_methods(["GET", "POST"])
def opening(request: HttpRequest) -> HttpResponse:
    """Open an account; its first password is shown once."""
    form = Opening(request.POST or None, initial={"area": request.user.area})
    if form.is_valid():
        try:
            account, password = open_account(**form.cleaned_data, by=request.user)
            return _secret(request, account, password)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "office/officers/open.html", {"form": form})


@require_POST
def activate(request: HttpRequest, id_: int) -> HttpResponse:
    """Close or reopen an account."""
    account, active = _found(request, id_), request.POST.get("active") == "1"
    set_active(officer=account, active=active, by=request.user)
    messages.success(request, f"账号 {account.username} 已{'启用' if active else '停用'}")
    return redirect("officer", id_)


@require_POST
def resetting_password(request: HttpRequest, id_: int) -> HttpResponse:
    """A new first password, shown once."""
    account = _found(request, id_)
    return _secret(request, account, reset_password(officer=account, by=request.user))


@require_POST
def granting(request: HttpRequest, id_: int) -> HttpResponse:
    """Give an account a duty in an area."""
    account, form = _found(request, id_), Granting(request.POST)
    if form.is_valid():
        try:
            grant(officer=account, **form.cleaned_data, by=request.user)
            messages.success(request, f"已授予 {account.username}；其登录已失效，须重新登录")
            return redirect("officer", id_)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _officer(request, account, form)


@require_POST
def naming(request: HttpRequest, id_: int) -> HttpResponse:
    """Say whose account it is."""
    account, form = _found(request, id_), Naming(request.POST)
    if form.is_valid():
        try:
            name_person(officer=account, **form.cleaned_data, by=request.user)
            messages.success(request, f"已写明账号 {account.username} 的人员编号")
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("officer", id_)


@require_POST
def resetting_factor(request: HttpRequest, id_: int) -> HttpResponse:
    """Forget an account's phone."""
    account = _found(request, id_)
    reset_second_factor(officer=account, by=request.user)
    messages.success(request, f"{account.username} 的手机验证器已重置，下次登录时重新绑定")
    return redirect("officer", id_)


def _found(request: HttpRequest, id_: int) -> Officer:
    account = officer_within(id_, by=request.user)
    if account is None:
        raise Http404
    return account


def _officer(request: HttpRequest, account: Officer, form: Granting | None = None) -> HttpResponse:
    is_own, is_of_partner = account.pk == request.user.pk, actions.is_of_partner(account)
    may_change = not is_own and not is_of_partner
    shown = {
        "account": account,
        "has_second_factor": has_second_factor(account),
        "is_of_partner": is_of_partner,
        "may_manage": request.user.may("officer.manage") and may_change,
        "may_grant": request.user.may("officer.grant") and may_change,
        "form": form or Granting(initial={"duty": account.duty, "area": account.area}),
    }
    return render(request, "office/officers/officer.html", shown)


def _secret(request: HttpRequest, account: Officer, password: str) -> HttpResponse:
    return render(request, "office/officers/secret.html", {"account": account, "password": password})
