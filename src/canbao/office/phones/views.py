"""Phones of one's area: the list, one of them, stopping it, and permits for another one."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from canbao.office.pages import unkept
from canbao.office.phones.showing import described
from canbao.office.requests.asking import Words
from canbao.registry.access import Refused, covers
from canbao.survey.phones import devices
from canbao.survey.surveyors import own_surveyors


class Stopping(forms.Form):
    """Why a phone is stopped."""

    reason = Words(label="停用的理由")


@require_GET
def phones(request: HttpRequest) -> HttpResponse:
    """The phones of one's area."""
    rows = [described(one) for one in devices.own_devices(by=request.user)]
    return render(request, "office/phones/phones.html", {"rows": rows})


@require_GET
def phone(request: HttpRequest, device_id: int) -> HttpResponse:
    """One phone."""
    return _page(request, device_id, Stopping())


@require_POST
def revoke(request: HttpRequest, device_id: int) -> HttpResponse:
    """Stop a phone; at its next contact it empties itself."""
    form = Stopping(request.POST)
    if form.is_valid():
        try:
            devices.revoke(device_id=device_id, words=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已停用；这部手机下次联络时会自己清空")
            return redirect("phone", device_id)
    return _page(request, device_id, form)


@unkept
@require_POST
def permit(request: HttpRequest, surveyor_id: int) -> HttpResponse:
    """Make a code by which another phone may take the place of a surveyor's; it is shown once."""
    one = own_surveyors(request.user).filter(pk=surveyor_id).first()
    if one is None:
        raise Http404
    code = devices.permit(surveyor=one, by=request.user)
    return render(request, "office/phones/permit.html", {"surveyor": one, "code": code})


def _page(request: HttpRequest, device_id: int, form: Stopping) -> HttpResponse:
    try:
        device = devices.seen_device(device_id, by=request.user)
    except Refused as refusal:
        raise Http404 from refusal
    may_manage = request.user.may("phone.manage")
    shown = {
        **described(device),
        "form": form,
        "may_revoke": may_manage and device.state != devices.REVOKED,
        "may_permit": may_manage and covers(request.user.area, device.surveyor.place),
    }
    return render(request, "office/phones/phone.html", shown)
