"""The auditor's pages. Each question that they ask is itself written on the log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from canbao.office.audit.forms import Day, Days, Person
from canbao.office.audit.lines import HEADERS, line
from canbao.office.pages import number
from canbao.office.spreadsheets import csv_answer
from canbao.registry.auditing import (
    audited_officers,
    latest_alarms,
    log_state,
    person_of_number,
    unusual_on,
    what_officer_did,
    who_saw_person,
)
from canbao.registry.models import Officer

PAGE = 100
SHOWN = 5
LONGEST_KEY = 12
"""A record's key has at most so many digits; what is longer is a number."""


@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """The questions that may be asked, and the state of the log."""
    yesterday = timezone.localdate() - timedelta(days=1)
    shown = {
        "person": Person(),
        "day": Day(initial={"day": yesterday}),
        "officers": audited_officers(by=request.user),
        "log": log_state(by=request.user),
        "alarms": [line(entry) for entry in latest_alarms(by=request.user)][:SHOWN],
    }
    return render(request, "office/audit/audit.html", shown)


@require_POST
def finding_person(request: HttpRequest) -> HttpResponse:
    """From a number to the log about its person; nothing else of the person is shown."""
    form = Person(request.POST)
    found = person_key(request, form.cleaned_data["person"].strip()) if form.is_valid() else None
    if found is None:
        messages.warning(request, "本范围内没有这个人")
        return redirect("audit")
    return redirect("audit_person", found)


@require_GET
def person(request: HttpRequest, id_: int) -> HttpResponse:
    """Who saw a person, when, and why."""
    found = who_saw_person(id_, by=request.user)
    address = f"/audit/people/{id_}/"
    return _lines(request, found, title=f"谁看过人员 {id_}", csv=f"{address}csv/", evidence=f"{address}evidence/")


@require_GET
def person_csv(request: HttpRequest, id_: int) -> HttpResponse:
    """The same as a file."""
    return csv_answer(f"person-{id_}.csv", HEADERS, map(line, who_saw_person(id_, by=request.user)))


@require_GET
def officer(request: HttpRequest, id_: int) -> HttpResponse:
    """What an officer did in some days."""
    asked, days = _officer(request, id_), Days.of(request.GET.dict())
    found = _what_did(request, asked, days)
    query = urlencode({"since": days["since"].value(), "until": days["until"].value()})
    title = f"{asked.display_name}（{asked.username}）做过什么"
    return _lines(request, found, title=title, csv=f"/audit/officers/{id_}/csv/?{query}", days=days, kept=f"{query}&")


@require_GET
def officer_csv(request: HttpRequest, id_: int) -> HttpResponse:
    """The same as a file."""
    found = _what_did(request, _officer(request, id_), Days.of(request.GET.dict()))
    return csv_answer(f"officer-{id_}.csv", HEADERS, map(line, found))


@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """What was unusual on a day."""
    form = Day(request.GET or None, initial={"day": timezone.localdate() - timedelta(days=1)})
    found = unusual_on(form.cleaned_data["day"], by=request.user) if form.is_valid() else []
    return render(request, "office/audit/day.html", {"form": form, "found": found})


def person_key(request: HttpRequest, written: str) -> int | None:
    """The key that was written, or that of the number that was."""
    key = number(written, LONGEST_KEY)
    return person_of_number(written, by=request.user) if key is None else key


def _officer(request: HttpRequest, id_: int) -> Officer:
    for one in audited_officers(by=request.user):
        if one.pk == id_:
            return one
    raise Http404


def _what_did(request: HttpRequest, asked: Officer, days: Days) -> list[dict[str, Any]]:
    if not days.is_valid():
        return []
    return what_officer_did(asked, days.cleaned_data["since"], days.cleaned_data["until"], by=request.user)


def _lines(request: HttpRequest, found: list[dict[str, Any]], **shown: object) -> HttpResponse:
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    lines = [(entry, line(entry)) for entry in page]
    return render(request, "office/audit/lines.html", {"page": page, "lines": lines, "headers": HEADERS, **shown})
