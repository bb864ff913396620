"""The desk where a correction is asked for, and the counter where an objection is taken down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from canbao.office.corrections.forms import Correcting, Objecting, household_choice
from canbao.office.pages import unkept
from canbao.office.people.purposes import purpose_of
from canbao.office.people.showing import place_name, show
from canbao.registry import desks
from canbao.registry.access import Refused
from canbao.registry.actions.corrections import ask_correction, ask_objection
from canbao.registry.models import Request

Ask = Callable[..., Request]
CORRECTION = {"heading": "更正登记", "button": "提出更正申请"}
OBJECTION = {"heading": "受理本人异议", "button": "受理", "is_objection": True}


@unkept
@require_http_methods(["GET", "POST"])
def correction(request: HttpRequest, person_id: int) -> HttpResponse:
    """Old values, and fields for the true ones."""
    return _desk(request, person_id, Correcting, ask_correction, CORRECTION)


@unkept
@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, person_id: int) -> HttpResponse:
    """What the insured say is wrong with their record."""
    return _desk(request, person_id, Objecting, ask_objection, OBJECTION)


@require_GET
def place_steps(request: HttpRequest) -> HttpResponse:
    """The lists of places below the one that was just chosen, for htmx."""
    return render(request, "office/corrections/place_steps.html", {"choice": household_choice(request.GET)})


def _desk(
    request: HttpRequest, person_id: int, made: type[Correcting], ask: Ask, words: dict[str, Any]
) -> HttpResponse:
    purpose = purpose_of(request) or desks.PURPOSE
    (record,) = desks.records(
        [person_id], by=request.user, action="correction.see", permission=f"{made.kind}.ask", purpose=purpose
    )
    if record is None:
        raise Http404
    form = made(record.person, *((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        asked = _asked(request, form, ask, record.person["id"])
        if asked:
            return redirect("request", asked)
    shown = {
        **words,
        "form": form,
        "person_id": record.person["id"],
        "number": show("ssn", record.person["ssn"]),
        "name": show("name", record.person["name"]),
        "household": place_name(record.person["home"]),
        "choice": form.household,
    }
    return render(request, "office/corrections/desk.html", shown)


def _asked(request: HttpRequest, form: Correcting, ask: Ask, person_id: int) -> int:
    """The key of the request that was made, or 0 if it was refused."""
    try:
        asked = ask(person_id=person_id, items=form.items(), **form.asked(), by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return 0
    messages.success(request, "已提出，等另一位有权的人决定")
    return asked.pk
