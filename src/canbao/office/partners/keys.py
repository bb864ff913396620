"""The public keys by which a partner signs: added and withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from canbao.office.partners.forms import KeyAdding
from canbao.office.partners.views import found
from canbao.registry.access import Refused
from canbao.registry.actions.partner_keys import add_key, withdraw_key


@require_http_methods(["GET", "POST"])
def adding(request: HttpRequest, partner_id: int) -> HttpResponse:
    """Trust a partner's key; the fingerprint is to be compared by telephone."""
    one, form = found(request, partner_id), KeyAdding(request.POST or None, request.FILES or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            key = add_key(partner=one, public_key=said["public_key"], valid_to=said["valid_to"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"公钥已登记，指纹 {key.key_id[:16]}…；请与对方电话核对")
            return redirect("partner", one.pk)
    return render(request, "office/partners/key.html", {"partner": one, "form": form})


@require_POST
def withdrawing(request: HttpRequest, partner_id: int, key_id: int) -> HttpResponse:
    """Trust a key no longer."""
    one = found(request, partner_id)
    key = next((key for key in one.keys.all() if key.pk == key_id), None)
    if key is None:
        raise Http404
    withdraw_key(key=key, by=request.user)
    messages.success(request, "公钥已停用；用它签名的请求从现在起都被拒绝")
    return redirect("partner", one.pk)
