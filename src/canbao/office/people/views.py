"""Pages of people: search, one person, why a value holds, and the whole number for those who need it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from canbao.law.duties import read_duties
from canbao.law.places import read_places
from canbao.law.reader import read_law
from canbao.office.people import showing
from canbao.office.people.purposes import keep_purpose, purpose_of, purposes
from canbao.registry import lookup
from canbao.registry.covers_elsewhere import duplicate_covers
from canbao.registry.explaining import DECIDED, reason
from canbao.registry.lookup import FILTERS, Question, Record

LISTED = ("name", "ssn", "sex", "birth_date", "home", "registration_status", "employment_status", "disposition")
LONGEST = 64


def search(request: HttpRequest) -> HttpResponse:
    """Ask for people. The question is posted, so that no number ever stands in an address or a log of addresses."""
    context = {"purposes": purposes(), "purpose": purpose_of(request), "codes": _codes(), **_limits(request)}
    context["may_export"] = request.user.may("person.export")
    if request.method != "POST":
        return render(request, "office/people/search.html", context)
    if not keep_purpose(request, request.POST.get("purpose", "")):
        messages.warning(request, "请先选择查询用途")
        return render(request, "office/people/search.html", {**context, "asked": request.POST}, status=400)
    found = lookup.people(question(request), by=request.user, purpose=purpose_of(request))
    context |= {"purpose": purpose_of(request), "asked": request.POST, "found": [_listed(row) for row in found]}
    context |= {"was_asked": True, "next": found[-1]["id"] if len(found) == lookup.PAGE else "", **_limits(request)}
    return render(request, "office/people/search.html", context)


def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person, masked; the purpose is asked first if none is at hand."""
    if not purpose_of(request):
        return _ask_purpose(request)
    record = lookup.record(person_id, by=request.user, purpose=purpose_of(request))
    return _shown(request, record, whole=False)


@require_POST
def whole(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person, whole: for this view only, for a purpose named for it."""
    if not keep_purpose(request, request.POST.get("purpose", "")):
        return _ask_purpose(request)
    record = lookup.unmasked(person_id, by=request.user, purpose=purpose_of(request))
    return _shown(request, record, whole=True)


def why(request: HttpRequest, person_id: int, item: str) -> HttpResponse:
    """Why a derived value is what it is; a part of the person's page."""
    if item not in DECIDED or not purpose_of(request):
        raise Http404
    record = lookup.record(person_id, by=request.user, purpose=purpose_of(request))
    if record is None:
        raise Http404
    context = {"reason": reason(record, item, profile=settings.PROFILE), "person_id": person_id}
    return render(request, "office/people/_why.html", context)


@require_POST
def name_purpose(request: HttpRequest) -> HttpResponse:
    """Remember what the officer is looking for, and go on to the page that was asked for."""
    onward = request.POST.get("onward", "")
    if not keep_purpose(request, request.POST.get("purpose", "")):
        messages.warning(request, "请先选择查询用途")
    return redirect(onward if onward.startswith("/people/") and "//" not in onward else "people")


def _ask_purpose(request: HttpRequest) -> HttpResponse:
    return render(request, "office/people/purpose.html", {"purposes": purposes(), "onward": request.path})


def _shown(request: HttpRequest, record: Record | None, *, whole: bool) -> HttpResponse:
    if record is None:
        raise Http404
    context = {
        "person": record.person,
        "groups": showing.groups(record, whole=whole),
        "covers": showing.covers(record, whole=whole),
        "duplicates": duplicate_covers(record.insurances),
        "line": showing.time_line(record, whole=whole),
        "findings": record.findings,
        "conflicts": record.conflicts,
        "facts": record.facts,
        "whole": whole,
        "purposes": purposes(),
        "purpose": purpose_of(request),
        "may_unmask": request.user.may("person.unmask"),
        "name": showing.said("name", record.person["name"], whole=True) or "（无姓名）",
        "ssn": showing.said("ssn", record.person["ssn"], whole=whole),
    }
    return render(request, "office/people/person.html", context)


def question(request: HttpRequest) -> Question:
    """What the form asks for."""
    words = {name: request.POST.get(name, "").strip()[:LONGEST] for name in ("number", "name", "place", "after")}
    return Question(
        number=words["number"],
        name=words["name"],
        place=_place(words["place"], request),
        codes={name: value for name in FILTERS if (value := request.POST.get(name, "").strip()[:LONGEST])},
        after=int(words["after"]) if words["after"].isdecimal() and len(words["after"]) < 19 else 0,
    )


def _place(written: str, request: HttpRequest) -> str:
    """The leading digits of a place given by code; what is no place is looked for as it is, and finds nobody."""
    places = read_places()
    if not written:
        return str(request.user.area)
    if written in places.by_code and len(written) == 6:
        level = places.by_code[written].level
        return written[: {"province": 2, "city": 4}.get(level, 6)]
    return written if written.isdecimal() else "0"


def _listed(row: dict[str, object]) -> dict[str, object]:
    home = str(row["home"])
    shown = {name: showing.said(name, row[name], whole=False) for name in LISTED if name != "home"}
    return {**shown, "id": row["id"], "home": read_places().name(home) or home}


def _codes() -> list[dict[str, object]]:
    """The filters with their words."""
    law = read_law()
    return [
        {"name": name, "label": law.fields[name].label, "codes": law.codes[law.fields[name].codes or name].codes}
        for name in FILTERS
    ]


def _limits(request: HttpRequest) -> dict[str, object]:
    return {"seen": lookup.seen_today(request.user), "most": read_duties().duties[request.user.duty].people_a_day}
