"""Asking that an agreement be put in force, or end; another officer decides among the requests."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from canbao.office.pages import unkept
from canbao.office.partners.forms import Agreeing
from canbao.office.partners.showing import agreement_row
from canbao.office.partners.views import found
from canbao.office.requests.asking import Asking, Undoing
from canbao.registry.access import Refused
from canbao.registry.actions import agreements as actions
from canbao.registry.models import Request

ENDING = "unagreement"


@unkept
@require_http_methods(["GET", "POST"])
def agreeing(request: HttpRequest, partner_id: int) -> HttpResponse:
    """Ask that an agreement be put in force; its scan goes with it."""
    one = found(request, partner_id)
    form = Agreeing(one, *((request.POST, request.FILES) if request.method == "POST" else ()))
    made = _asked(form, lambda: actions.ask_agreement(partner=one, terms=form.terms(), **form.asked(), by=request.user))
    if made is not None:
        messages.success(request, "已申请，等另一位有权的人决定")
        return redirect("request", made.pk)
    return render(request, "office/partners/agreement.html", {"partner": one, "form": form})


@unkept
@require_http_methods(["GET", "POST"])
def ending(request: HttpRequest, partner_id: int, agreement_id: int) -> HttpResponse:
    """Ask that an agreement end before its last day."""
    one = found(request, partner_id)
    agreement = next((its for its in one.agreements.all() if its.pk == agreement_id), None)
    if agreement is None:
        raise Http404
    form = Undoing(ENDING, *((request.POST, request.FILES) if request.method == "POST" else ()))
    made = _asked(form, lambda: actions.ask_end_of_agreement(agreement=agreement, **form.asked(), by=request.user))
    if made is not None:
        messages.success(request, "已申请终止，等另一位有权的人决定；要马上停，请停用合作系统")
        return redirect("request", made.pk)
    shown = {"partner": one, "asked": agreement_row(agreement), "form": form}
    return render(request, "office/partners/ending.html", shown)


def _asked(form: Asking, put: Callable[[], Request]) -> Request | None:
    """The request, or None if the form is to be shown, with what is wrong with it."""
    if not form.is_valid():
        return None
    try:
        return put()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
