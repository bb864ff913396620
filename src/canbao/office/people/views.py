"""Looking for people and at one of them; every look-up has a purpose and is on the log."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canbao.law.duties import EMERGENCY, read_duties
from canbao.office.emergencies.under import opened, under
from canbao.office.pages import begins_after, unkept
from canbao.office.people.decided import decided
from canbao.office.people.evidence import papers
from canbao.office.people.forms import LISTED, QuestionForm, question_of
from canbao.office.people.kept_question import keep_question, kept_question
from canbao.office.people.person_page import laid_out
from canbao.office.people.place_choice import Choice, choice, said_of
from canbao.office.people.proofs import issued_proofs
from canbao.office.people.purposes import keep_purpose, purpose_of, purposes, purposes_of
from canbao.office.people.reasons import drawn
from canbao.office.people.showing import cause_label, label_of, place_name, show
from canbao.registry import explaining, lookup
from canbao.registry.access import Refused
from canbao.registry.lookup import PAGE
from canbao.registry.models import Officer
from canbao.registry.quotas import seen_today

DESKS = (
    ("merge_choose", "与另一号码合并", "merge.ask"),
    ("split_desk", "一号两人", "split.ask"),
    ("correction_desk", "更正", "correction.ask"),
    ("objection_desk", "本人异议", "objection.ask"),
)
"""The desks that begin at a person, each with the permission to ask there."""


@unkept
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """The search form; a good question is kept and its answer is the next page."""
    if request.method == "GET":
        form = QuestionForm(initial={"purpose": _purpose(request)}, **_bounds(request, {}))
        return render(request, "office/people/search.html", _frame(request, form))
    form = QuestionForm(request.POST, **_bounds(request, request.POST))
    if not form.is_valid():
        return render(request, "office/people/search.html", _frame(request, form))
    if under(request) is None:
        keep_purpose(request, form.cleaned_data["purpose"])
    keep_question(request, form.question())
    return redirect("people_found")


@unkept
@require_GET
def found(request: HttpRequest) -> HttpResponse:
    """The answer to the question that the session keeps, a page at a time."""
    kept, purpose = kept_question(request), _purpose(request)
    if kept is None or not purpose:
        return redirect("people")
    question = question_of(kept, begins_after(request))
    people = lookup.people(question, by=request.user, purpose=purpose, under=under(request))
    initial = {"purpose": purpose, "number": kept["number"], "name": kept["name"], **kept["codes"]}
    form = QuestionForm(initial=initial, **_bounds(request, said_of(kept["place"] or _area(request))))
    return render(request, "office/people/search.html", {**_frame(request, form), **_results(request, kept, people)})


@unkept
@require_GET
def place_steps(request: HttpRequest) -> HttpResponse:
    """The lists of places below the one that was just chosen, for htmx."""
    return render(request, "office/people/place_steps.html", {"choice": _choice(request, request.GET)})


@unkept
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person, masked; asks for a purpose first if none is kept."""
    if request.method == "POST":
        keep_purpose(request, request.POST.get("purpose", ""))
        return redirect("person", person_id)
    purpose = _purpose(request)
    if not purpose:
        return render(request, "office/people/purpose.html", {"purposes": purposes()})
    record = lookup.record(person_id, by=request.user, purpose=purpose, under=under(request))
    return _person_page(request, record, whole=False)


@unkept
@require_POST
def whole_person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person without masks, for this one view."""
    purpose = request.POST.get("purpose", "")
    record = lookup.unmasked(person_id, by=request.user, purpose=purpose, under=under(request))
    return _person_page(request, record, whole=True)


@unkept
@require_GET
def why(request: HttpRequest, person_id: int, item: str) -> HttpResponse:
    """Why a derived item has its value: a piece for htmx, or a page of its own."""
    if item not in explaining.DECIDED:
        raise Http404
    purpose = _purpose(request)
    if not purpose:
        return redirect("person", person_id)
    reason = explaining.reason(person_id, item, by=request.user, purpose=purpose, under=under(request))
    if reason is None:
        raise Http404
    template = "office/people/why.html" if request.htmx else "office/people/why_page.html"
    return render(
        request, template, {"reason": drawn(reason), "person_id": person_id, "rule_book": reverse("rule_book")}
    )


def quota(request: HttpRequest) -> dict[str, int]:
    """How many different people the officer has seen today, and may see."""
    duty = read_duties().duties[request.user.duty]
    return {"seen": seen_today(request.user), "most": duty.people_a_day}


def _desk_links(by: Officer, person_id: int) -> list[tuple[str, str]]:
    return [(reverse(name, args=[person_id]), label) for name, label in _desks(by)]


def _person_page(request: HttpRequest, record: lookup.Record | None, *, whole: bool) -> HttpResponse:
    """The page; in an emergency one only looks, so it leads to no desk."""
    if record is None:
        raise Http404
    may_unmask = request.user.may("person.unmask")
    shown: dict[str, Any] = {
        **laid_out(record, whole=whole, may_unmask=may_unmask),
        **decided(record, request.user, whole=whole),
        "person_id": record.person["id"],
        "name": show("name", record.person["name"], whole=whole),
        "person": record.person,
        "is_whole": whole,
        "may_unmask": may_unmask,
        "purposes": purposes_of(request),
        "purpose": _purpose(request),
        "protections": [(one.request_id, cause_label(one.cause), one.until) for one in record.protections],
        "may_ask_protection": request.user.may("protection.ask") and under(request) is None,
        "quota": quota(request),
        "rule_book": reverse("rule_book"),
        "proofs": issued_proofs(record, request.user),
        "may_revoke": request.user.may("proof.revoke") and under(request) is None,
        "papers": [] if under(request) else papers(request.user, record.person["id"]),
        "may_see_conflicts": request.user.may("conflict.see"),
        "may_see_duplicates": request.user.may("duplicate.see"),
        "desks": [] if under(request) else _desk_links(request.user, record.person["id"]),
    }
    return render(request, "office/people/person.html", shown)


def _purpose(request: HttpRequest) -> str:
    """What the officer has stated; in an emergency that is the purpose."""
    return EMERGENCY if under(request) is not None else purpose_of(request)


def _area(request: HttpRequest) -> str:
    """Where people are looked for: the officer's own area, or the place of the emergency."""
    emergency = under(request)
    return emergency.place if emergency else request.user.area


def _desks(by: Officer) -> list[tuple[str, str]]:
    """Where the officer may ask that something about a person be set right."""
    return [(name, label) for name, label, permission in DESKS if by.may(permission)]


def _frame(request: HttpRequest, form: QuestionForm) -> dict[str, Any]:
    may_open = request.user.may("emergency.use") and opened(request) is None
    return {"form": form, "choice": form.choice, "quota": quota(request), "may_open_emergency": may_open}


def _results(request: HttpRequest, kept: dict[str, Any], people: list[lookup.Row]) -> dict[str, Any]:
    is_list = not kept["number"] and not kept["name"]
    return {
        "headers": [label_of(name) for name in LISTED],
        "people": [
            (one["id"], [show(name, one[name]) for name in LISTED], place_name(one["home"]), one["is_household"])
            for one in people
        ],
        "is_answer": True,
        "is_list": is_list,
        "is_full": len(people) == PAGE,
        "next": people[-1]["id"] if is_list and len(people) == PAGE else None,
        "may_export": is_list and under(request) is None and request.user.may("person.export"),
    }


def _bounds(request: HttpRequest, said: Any) -> dict[str, Any]:
    return {
        "choice": _choice(request, said),
        "area": _area(request),
        "is_emergency": under(request) is not None,
        "filters": lookup.filters_of(request.user),
    }


def _choice(request: HttpRequest, said: Any) -> Choice:
    found = choice(_area(request), said)
    if found is None:
        raise Refused("您的管辖范围不在区划表中；请联系安全管理员")
    return found
