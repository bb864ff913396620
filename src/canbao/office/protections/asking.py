"""Asking: that a person be protected, that others may see, that it end."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from canbao.office.pages import unkept
from canbao.office.protections.forms import Asking, Ending, Naming
from canbao.registry import protections as registered
from canbao.registry.access import Refused
from canbao.registry.actions import protections as actions
from canbao.registry.models import Request

BEGINS = "决定以后，只有写明的账号能看到这个人；其他人查号码、姓名和清单都查不到，并发警报。"
CHANGES = "写全今后可以查看的账号；没有写的，同意以后就看不到了。"
ENDS = "同意以后，有权查看当地人员的人又能看到这个人。"


@unkept
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, person_id: int) -> HttpResponse:
    """Ask that a person be protected; whoever decides learns no name."""
    form = Asking(request.POST or None, request.FILES or None)

    def put() -> Request:
        said = form.cleaned_data
        return actions.ask_protection(
            person_id=person_id, cause=said["cause"], readers=said["readers"], until=said["until"],
            reason=said["reason"], papers=[form.paper()], by=request.user,
        )  # fmt: skip

    return _asked(
        request,
        form,
        put,
        "申请保护",
        BEGINS,
    )


@require_http_methods(["GET", "POST"])
def ask_readers(request: HttpRequest, request_id: int) -> HttpResponse:
    """Ask that others may see."""
    shown = _shown(request, request_id)
    named = " ".join(one.username for one in shown.readers)
    form = Naming(request.POST or None, initial={"readers": named})

    def put() -> Request:
        actions.ask_readers(request=shown.request, by=request.user, **form.cleaned_data)
        return shown.request

    return _asked(request, form, put, f"变更可查看人：保护 {request_id}", CHANGES)


@require_http_methods(["GET", "POST"])
def ask_end(request: HttpRequest, request_id: int) -> HttpResponse:
    """Ask that a protection end."""
    shown = _shown(request, request_id)
    form = Ending(request.POST or None, request.FILES or None)

    def put() -> Request:
        reason = form.cleaned_data["reason"]
        actions.ask_unprotection(request=shown.request, reason=reason, papers=[form.paper()], by=request.user)
        return shown.request

    return _asked(request, form, put, f"解除保护 {request_id}", ENDS)


def _shown(request: HttpRequest, request_id: int) -> registered.Shown:
    shown = registered.found(request_id, by=request.user)
    if shown is None:
        raise Http404
    return shown


def _asked(
    request: HttpRequest, form: forms.Form, put: Callable[[], Request], heading: str, words: str
) -> HttpResponse:
    """The form, or the protection's page once it is asked for."""
    if request.method == "POST" and form.is_valid():
        try:
            made = put()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "申请已提出，等待另一位有权的人决定")
            return redirect("protection", made.pk)
    return render(request, "office/protections/asking.html", {"form": form, "heading": heading, "words": words})
