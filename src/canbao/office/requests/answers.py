"""The answer to an objection, on paper, for the insured who came to the counter."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from canbao.law.answers import answer_sheet
from canbao.office.pages import unkept
from canbao.office.people.showing import show
from canbao.office.requests.showing import row
from canbao.office.shell import area_name
from canbao.registry import desks
from canbao.registry import requests as registered


@unkept
@require_GET
def answer(request: HttpRequest, request_id: int) -> HttpResponse:
    """What was decided about what somebody said of their own record; it bears a masked number and no more of them."""
    one = registered.found(request_id, by=request.user)
    if one is None or one.kind != "objection" or one.state not in ("approved", "refused"):
        raise Http404
    (record,) = desks.records(
        [one.person_id], by=request.user, action="objection.print", permission="person.see", request=one.pk
    )
    if record is None:
        raise Http404
    shown = {
        **row(one),
        "number": show("ssn", record.person["ssn"]),
        "said": one.content["said"],
        "words": one.answer,
        "office": area_name(one.decided_by.area if one.decided_by else one.area),
        "has_items": bool(one.content["items"]),
        "sheet": answer_sheet(one.area),
    }
    return render(request, "office/requests/answer.html", shown)
