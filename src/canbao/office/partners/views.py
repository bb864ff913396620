"""The list of partners, one of them, and putting one on the list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from canbao.office.partners.forms import Contacting, Opening, Reason
from canbao.office.partners.showing import row
from canbao.registry.access import Refused
from canbao.registry.actions.partners import open_partner
from canbao.registry.models import Partner
from canbao.registry.own_partners import is_usable, own_partner, own_partners


@require_GET
def partners(request: HttpRequest) -> HttpResponse:
    """The partners of one's area, with what will soon be over."""
    today = timezone.localdate()
    rows = [row(one, today) for one in own_partners(request.user)]
    shown = {"rows": rows, "may_manage": request.user.may("partner.manage")}
    return render(request, "office/partners/partners.html", shown)


@require_http_methods(["GET", "POST"])
def opening(request: HttpRequest) -> HttpResponse:
    """Put a partner on the list."""
    form = Opening(request.user.area, request.POST or None)
    if form.is_valid():
        try:
            made = open_partner(**form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已登记；由安全管理员登记公钥、协议经两人决定以后才能交换")
            return redirect("partner", made.pk)
    return render(request, "office/partners/new.html", {"form": form})


@require_GET
def partner(request: HttpRequest, partner_id: int) -> HttpResponse:
    """One partner: keys, agreements, and what can be done with it."""
    return drawn(request, found(request, partner_id))


def found(request: HttpRequest, partner_id: int) -> Partner:
    """A partner of one's area; raises Http404."""
    one = own_partner(partner_id, by=request.user)
    if one is None:
        raise Http404
    return one


def drawn(request: HttpRequest, one: Partner, *, status: int = 200, **typed: Any) -> HttpResponse:
    """The page; `typed` is a form that was refused: `contacting` or `reason`."""
    by, today = request.user, timezone.localdate()
    shown = {
        **row(one, today),
        "keys": [(key, is_usable(key, today)) for key in one.keys.all()],
        "may_manage": by.may("partner.manage"),
        "may_cut_off": by.may("partner.cut_off"),
        "may_key": by.may("key.manage"),
        "may_ask": by.may("agreement.ask"),
        "may_watch": by.may("exchange.watch"),
        "sees_requests": by.may("request.see"),
        "contacting": Contacting(initial={"contact": one.contact}),
        "reason": Reason(),
        **typed,
    }
    return render(request, "office/partners/partner.html", shown, status=status)
