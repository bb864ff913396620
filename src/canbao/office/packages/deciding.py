"""What people decide about a package that was checked: given back, admitted though doubtful, withdrawn again."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from canbao.core.progress import IllegalMove
from canbao.law.duties import read_duties
from canbao.office.packages.finding import find, is_moving
from canbao.office.packages.forms import Answering, Reasoning
from canbao.office.packages.queueing import queue, queue_withdrawal
from canbao.office.requests.approving import approve
from canbao.registry.access import Refused
from canbao.registry.actions import packages
from canbao.registry.actions.doubtful_packages import ask_acceptance
from canbao.registry.actions.requests import refuse
from canbao.registry.actions.withdrawals import ask_withdrawal
from canbao.registry.deeds import together
from canbao.registry.models import Package
from canbao.registry.package_requests import to_decide
from canbao.registry.packages import brought, last_admitted


@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, package_id: int) -> HttpResponse:
    """Give a package back, with the reason that its city reads."""
    package = find(request.user, package_id)
    form = Reasoning(request.POST or None)
    if form.is_valid():
        try:
            packages.give_back(package=package, reason=form.cleaned_data["reason"], by=request.user)
            return redirect("package", package_id=package.id)
        except Refused as refusal:
            form.add_error("reason", str(refusal))
    return _form(request, "give_back", {"package": package, "form": form})


@require_POST
def check_again(request: HttpRequest, package_id: int) -> HttpResponse:
    """Have a package checked and compared once more."""
    package = find(request.user, package_id)
    with together():
        packages.check_again(package=package, by=request.user)
        queue("check_package", package, request.user)
    return redirect("package", package_id=package.id)


@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, package_id: int) -> HttpResponse:
    """Ask that a doubtful package may be admitted."""
    package = find(request.user, package_id)
    form = Reasoning(request.POST or None)
    if form.is_valid():
        try:
            ask_acceptance(package=package, reason=form.cleaned_data["reason"], by=request.user)
            return redirect("package", package_id=package.id)
        except Refused as refusal:
            form.add_error("reason", str(refusal))
    return _form(request, "accept", {"package": package, "form": form, "days": _days("doubtful_package")})


@require_http_methods(["GET", "POST"])
def withdrawal(request: HttpRequest, package_id: int) -> HttpResponse:
    """Ask that an admitted package be taken out again, with what would go before one's eyes."""
    package = find(request.user, package_id)
    form = Reasoning(request.POST or None)
    why_not = _why_not(package)
    if form.is_valid() and not why_not:
        try:
            ask_withdrawal(package=package, reason=form.cleaned_data["reason"], by=request.user)
            return redirect("package", package_id=package.id)
        except Refused as refusal:
            form.add_error("reason", str(refusal))
    context = {"brought": brought(package), "last": last_admitted(package), "days": _days("withdrawal")}
    return _form(request, "withdrawal", {"package": package, "form": form, "why_not": why_not, **context})


def _why_not(package: Package) -> str:
    """Why a package can't be withdrawn, or an empty text."""
    try:
        with transaction.atomic():
            packages.require_withdrawable(package)
    except (Refused, IllegalMove) as refusal:
        return str(refusal)
    return ""


@require_POST
def decide_acceptance(request: HttpRequest, package_id: int) -> HttpResponse:
    """Decide whether a doubtful package may be admitted."""
    return _decide(request, package_id, "doubtful_package")


@require_POST
def decide_withdrawal(request: HttpRequest, package_id: int) -> HttpResponse:
    """Decide whether a package is taken out, and have it done."""
    return _decide(request, package_id, "withdrawal")


def _decide(request: HttpRequest, package_id: int, kind: str) -> HttpResponse:
    package = find(request.user, package_id)
    asked = to_decide(package, kind, by=request.user)
    if asked is None:
        raise Http404
    form = Answering(request.POST)
    if not form.is_valid():
        raise Refused("请选择同意或驳回")
    decide = approve if form.cleaned_data["decision"] == "approve" else refuse
    decide(request=asked, answer=form.cleaned_data["answer"], by=request.user)
    return redirect("package", package_id=package.id)


@require_POST
def go_on(request: HttpRequest, package_id: int) -> HttpResponse:
    """Go on with a withdrawal that was stopped."""
    package = find(request.user, package_id)
    with together():
        packages.go_on_withdrawing(package=package, by=request.user)
        if not is_moving(package):
            queue_withdrawal(package, request.user)
    return redirect("package", package_id=package.id)


def _days(kind: str) -> int:
    return read_duties().decisions[kind].days


def _form(request: HttpRequest, name: str, context: dict[str, object]) -> HttpResponse:
    form = context["form"]
    return render(
        request, f"office/packages/{name}.html", context, status=400 if getattr(form, "errors", None) else 200
    )
