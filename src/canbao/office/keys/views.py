"""Which keys divisions sign with: listed, added, withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canbao.office.keys.forms import Adding
from canbao.registry.access import Refused
from canbao.registry.actions.keys import add_key, withdraw_key
from canbao.registry.officers import key_within, keys_within


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """All keys of the area's divisions."""
    return render(request, "office/keys/keys.html", {"keys": keys_within(by=request.user)})


@require_http_methods(["GET", "POST"])
def adding(request: HttpRequest) -> HttpResponse:
    """Trust a division's key; the fingerprint is to be compared with the division's by telephone."""
    form = Adding(request.POST or None, request.FILES or None, area=request.user.area)
    if form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in ("division_code", "fingerprint", "public_key")}
        try:
            add_key(**wanted, by=request.user)
            messages.success(request, f"公钥已登记，指纹 {wanted['fingerprint'][:16]}…；请与报送单位电话核对")
            return redirect("keys")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "office/keys/add.html", {"form": form})


@require_POST
def withdrawing(request: HttpRequest, id_: int) -> HttpResponse:
    """Trust a key no longer."""
    key = key_within(id_, by=request.user)
    if key is None:
        raise Http404
    withdraw_key(key=key, by=request.user)
    messages.success(request, "公钥已停用；以后用它签名的数据包不再接收")
    return redirect("keys")
