"""Changing a partner: whom to ring, cutting it off, letting it on again."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from canbao.office.partners.forms import Contacting, Reason
from canbao.office.partners.views import drawn, found
from canbao.registry.access import Refused
from canbao.registry.actions import partners as actions


@require_POST
def changing_contact(request: HttpRequest, partner_id: int) -> HttpResponse:
    """Say whom to ring from now on."""
    form = Contacting(request.POST)
    return _changed(request, partner_id, form, "contacting", actions.change_contact, "联系人已更改")


@require_POST
def cutting_off(request: HttpRequest, partner_id: int) -> HttpResponse:
    """Refuse every request of a partner from this moment on."""
    return _changed(
        request, partner_id, Reason(request.POST), "reason", actions.cut_off, "已停用，从现在起它的请求都被拒绝"
    )


@require_POST
def letting_on(request: HttpRequest, partner_id: int) -> HttpResponse:
    """Take a partner's requests again."""
    return _changed(request, partner_id, Reason(request.POST), "reason", actions.let_on_again, "已恢复")


def _changed(
    request: HttpRequest, partner_id: int, form: forms.Form, name: str, verb: Callable[..., None], done: str
) -> HttpResponse:
    """What the verb made of the form, or the page with the form and what is wrong with it."""
    one = found(request, partner_id)
    if form.is_valid():
        try:
            verb(partner=one, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("partner", one.pk)
    return drawn(request, one, status=400, **{name: form})
