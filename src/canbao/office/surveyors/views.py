"""Surveyors of one's area, their cards, and the bodies they come from with their agreements."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canbao.office.surveyors.forms import Agreeing, Contracting, Registering, Revoking
from canbao.registry.access import Refused
from canbao.survey.actions import surveyors as actions
from canbao.survey.models import Contractor, Surveyor
from canbao.survey.surveyors import has_agreement, own_surveyors, unfit

POSTS = ("GET", "POST")


@require_GET
def surveyors(request: HttpRequest) -> HttpResponse:
    """The surveyors of one's area."""
    today = timezone.localdate()
    found = own_surveyors(request.user)[:1000]
    shown = {
        "rows": [{"surveyor": one, "unfit": unfit(one, today)} for one in found],
        "may_manage": request.user.may("surveyor.manage"),
        "may_contract": request.user.may("contractor.manage"),
    }
    return render(request, "office/surveyors/surveyors.html", shown)


@require_http_methods(POSTS)
def registering(request: HttpRequest) -> HttpResponse:
    """Register a surveyor."""
    form = Registering(request.user.area, *((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        try:
            made = actions.register(form.person(), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已登记，调查证编号 {made.card_number}")
            return redirect("surveyor", made.pk)
    return render(request, "office/surveyors/register.html", {"form": form})


@require_GET
def surveyor(request: HttpRequest, surveyor_id: int) -> HttpResponse:
    """One surveyor."""
    return _page(request, _found(request, surveyor_id), Revoking())


@require_POST
def revoke(request: HttpRequest, surveyor_id: int) -> HttpResponse:
    """Take a card away."""
    one, form = _found(request, surveyor_id), Revoking(request.POST)
    if form.is_valid():
        try:
            back = actions.revoke(surveyor=one, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"调查证已注销；{back} 个没有办完的任务已收回到镇街")
            return redirect("surveyor", one.pk)
    return _page(request, one, form)


@require_http_methods(POSTS)
def contractors(request: HttpRequest) -> HttpResponse:
    """The city's contractors, and putting one on the list."""
    form = Contracting(request.POST or None)
    if form.is_valid():
        try:
            actions.add_contractor(**form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已登记；上传保密协议后才能派任务")
            return redirect("contractors")
    today = timezone.localdate()
    found = Contractor.objects.filter(city=request.user.area[:4]).order_by("pk")
    rows = [{"contractor": one, "holds": has_agreement(one, today)} for one in found]
    return render(request, "office/surveyors/contractors.html", {"rows": rows, "form": form})


@require_http_methods(POSTS)
def agreement(request: HttpRequest, contractor_id: int) -> HttpResponse:
    """Put a confidentiality agreement on file."""
    one = Contractor.objects.filter(pk=contractor_id, city=request.user.area[:4]).first()
    if one is None:
        raise Http404
    form = Agreeing(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.file_agreement(
                contractor=one, number=said["number"], signed_on=said["signed_on"], valid_to=said["valid_to"],
                content=said["content"].read(), by=request.user,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "保密协议已存档")
            return redirect("contractors")
    return render(request, "office/surveyors/agreement.html", {"contractor": one, "form": form})


def _found(request: HttpRequest, surveyor_id: int) -> Surveyor:
    found = own_surveyors(request.user).filter(pk=surveyor_id).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, one: Surveyor, form: Revoking) -> HttpResponse:
    may_revoke = request.user.may("surveyor.manage") and one.place.startswith(request.user.area)
    shown = {
        "surveyor": one,
        "unfit": unfit(one, timezone.localdate()),
        "may_revoke": may_revoke and one.revoked_on is None,
        "form": form,
    }
    return render(request, "office/surveyors/surveyor.html", shown)
