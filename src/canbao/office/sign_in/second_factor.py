"""The second factor: enrolled once with a picture to scan, asked for after each sign-in."""

from __future__ import annotations

import base64

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django_otp import login as mark_verified
from django_otp.models import Device

from canbao.office.sessions import renew
from canbao.office.sign_in.forms import Token
from canbao.office.sign_in.waiting import marked
from canbao.registry.access import Refused
from canbao.registry.actions.second_factor import enrol, has_second_factor, phone_to_enrol, verify


@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Enrol a phone, or give the digits that the enrolled one shows."""
    if request.user.is_verified():
        return redirect("own_account")
    form = Token(request.POST or None)
    return _verifying(request, form) if has_second_factor(request.user) else _enrolling(request, form)


def _verifying(request: HttpRequest, form: Token) -> HttpResponse:
    refused = None
    if form.is_valid():
        try:
            _verified(request, verify(officer=request.user, token=form.cleaned_data["token"]))
            return redirect("home")
        except Refused as refusal:
            refused = refusal
            form.add_error("token", str(refusal))
    return marked(render(request, "office/sign_in/verify.html", {"form": form}), refused)


def _enrolling(request: HttpRequest, form: Token) -> HttpResponse:
    refused = None
    if form.is_valid():
        try:
            device, codes = enrol(officer=request.user, token=form.cleaned_data["token"])
            _verified(request, device)
            return render(request, "office/sign_in/codes.html", {"codes": codes})
        except Refused as refusal:
            refused = refusal
            form.add_error("token", str(refusal))
    phone = phone_to_enrol(officer=request.user)
    shown = {
        "form": form,
        "picture": segno.make(phone.address, micro=False).svg_data_uri(scale=5),
        "key": base64.b32encode(phone.key).decode(),
    }
    return marked(render(request, "office/sign_in/enrol.html", shown), refused)


def _verified(request: HttpRequest, device: Device) -> None:
    mark_verified(request, device)
    renew(request, "second factor")
