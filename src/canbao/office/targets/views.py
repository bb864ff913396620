"""需调查登记人员查询: who has to be surveyed, counted and listed, before or without a campaign."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from canbao.office.campaigns.forms import Scoping
from canbao.office.pages import begins_after, unkept
from canbao.office.people.showing import place_name, show
from canbao.registry.access import Refused
from canbao.survey.targets import PAGE, counted, people

LISTED = ("name", "ssn", "sex", "birth_date", "uninsured_reason", "disposition", "mobile", "residence_address")


@unkept
@require_GET
def targets(request: HttpRequest) -> HttpResponse:
    """Counts for what is asked and, on demand, the people."""
    form = Scoping(request.user.area, request.GET if "mode" in request.GET else None)
    shown: dict[str, Any] = {"form": form, "kept": urlencode(_kept(request), doseq=True)}
    if form.is_valid():
        try:
            shown |= _found(request, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "office/targets/targets.html", shown)


def _found(request: HttpRequest, form: Scoping) -> dict[str, Any]:
    rows = counted(form.scope(), by=request.user)
    found: dict[str, Any] = {"counted": rows, "people": sum(one["people"] for one in rows)}
    if "list" in request.GET:
        listed = people(form.scope(), by=request.user, after=begins_after(request))
        found["rows"] = [
            {"id": one["id"], "cells": [*(show(name, one[name]) for name in LISTED), place_name(one["home"])]}
            for one in listed
        ]
        found["next"] = listed[-1]["id"] if len(listed) == PAGE else None
    return found


def _kept(request: HttpRequest) -> dict[str, list[str]]:
    return {name: request.GET.getlist(name) for name in request.GET if name not in ("after", "list")}
