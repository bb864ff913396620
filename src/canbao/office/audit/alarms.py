"""Alarms, and the records that are marked so that looking at them raises one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canbao.office.audit.forms import Person
from canbao.office.audit.lines import line
from canbao.office.audit.views import person_key
from canbao.registry import auditing
from canbao.registry.access import Refused
from canbao.registry.actions import canaries as actions


@require_GET
def alarms(request: HttpRequest) -> HttpResponse:
    """What officers of the area did in the last month that raised an alarm."""
    found = [(entry, line(entry)) for entry in auditing.alarms(by=request.user)]
    shown = {"found": found, "days": auditing.MONTH, "may_audit": request.user.may("audit.read")}
    return render(request, "office/audit/alarms.html", shown)


@require_http_methods(["GET", "POST"])
def canaries(request: HttpRequest) -> HttpResponse:
    """The marked records of the area; a post marks one more."""
    if request.method == "POST":
        form = Person(request.POST)
        return _marked(request, form.cleaned_data["person"].strip() if form.is_valid() else "")
    shown = {"form": Person(), "found": auditing.canaries(by=request.user)}
    return render(request, "office/audit/canaries.html", shown)


@require_POST
def unmark_canary(request: HttpRequest, id_: int) -> HttpResponse:
    """Let a record be one like any other again."""
    actions.unmark(person_id=id_, by=request.user)
    messages.success(request, f"人员 {id_} 不再是诱饵记录")
    return redirect("canaries")


def _marked(request: HttpRequest, written: str) -> HttpResponse:
    found = person_key(request, written)
    try:
        if found is None:
            raise Refused("本范围内没有这个人")
        actions.mark(person_id=found, by=request.user)
        messages.success(request, f"人员 {found} 已设为诱饵记录：谁看了就有警报")
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("canaries")
