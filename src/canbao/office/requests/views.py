"""The list of requests, and one of them with what is asked, its papers and what can be done with it now."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from canbao.law.duties import read_duties
from canbao.law.moves import read_workflows
from canbao.office.pages import begins_after, unkept
from canbao.office.requests.asking import Undoing
from canbao.office.requests.parts import part_of
from canbao.office.requests.showing import row
from canbao.office.time_line import time_line
from canbao.registry import requests as registered
from canbao.registry.actions.merges import UNDOING
from canbao.registry.actions.requests import decision_of
from canbao.registry.deeds import LONGEST
from canbao.registry.models import Officer, Request
from canbao.registry.requests import Seen


@unkept
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """The requests that were made, or are decided, within one's area."""
    asked = _filters(request)
    found = registered.listed(
        by=request.user, state=asked["state"], kind=asked["kind"], whose=asked["whose"],
        is_overdue=bool(asked["overdue"]), after=begins_after(request),
    )  # fmt: skip
    shown = {
        "rows": [row(one) for one in found],
        "asked": asked,
        "kept": urlencode(asked),
        "next": found[-1].pk if len(found) == registered.PAGE else None,
        "states": read_workflows()["request"].states.items(),
        "kinds": [(one.id, one.label) for one in read_duties().decisions.values()],
        "whose": registered.WHOSE.items(),
    }
    return render(request, "office/requests/requests.html", shown)


@unkept
@require_GET
def request_page(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request."""
    return drawn(request, request_id)


def drawn(request: HttpRequest, request_id: int, *, status: int = 200, **typed: Any) -> HttpResponse:
    """The page of a request; `typed` is what somebody wrote who was refused: `answer`, `problem`, or `undoing`."""
    seen = registered.seen(request_id, by=request.user)
    if seen is None:
        raise Http404
    one, by = seen.request, request.user
    shown = {
        **row(one),
        **_words(one, by),
        **_possible(seen, by),
        **part_of(one, by),
        "papers": seen.papers,
        "line": time_line("request", seen.moves),
        "undone_by": seen.undone_by,
        "longest": LONGEST,
        **typed,
    }
    return render(request, "office/requests/request.html", shown, status=status)


def _words(one: Request, by: Officer) -> dict[str, Any]:
    """What was written and whom it is about, for those who see records."""
    sees = by.may("person.see") or not one.person_id
    return {
        "sees": sees,
        "reason": one.reason if sees else "",
        "decision_words": one.answer if sees else "",
        "person_id": one.person_id if sees else None,
        "package_id": one.package_id if by.may("package.see") else None,
        "undoes": one.undoes_id,
        "has_answer_sheet": sees and one.kind == "objection" and one.state in ("approved", "refused"),
    }


def _possible(seen: Seen, by: Officer) -> dict[str, Any]:
    """What the officer can do with the request now."""
    one = seen.request
    undoing = UNDOING.get(one.kind, "")
    takes_effect = one.kind != "objection" or bool(one.content.get("items"))
    may_undo = one.state == "approved" and undoing and takes_effect and seen.undone_by is None
    return {
        "may_decide": registered.may_decide(one, by),
        "may_take_back": registered.may_take_back(one, by),
        "undoing": Undoing(undoing) if may_undo and by.may(decision_of(undoing).ask) else None,
    }


def _filters(request: HttpRequest) -> dict[str, str]:
    """What of the filters is known; the rest is as if it were not there."""
    said = {name: request.GET.get(name, "") for name in ("state", "kind", "whose", "overdue")}
    known = {
        "state": read_workflows()["request"].states,
        "kind": read_duties().decisions,
        "whose": registered.WHOSE,
        "overdue": {"1"},
    }
    return {name: value if value in known[name] else "" for name, value in said.items()}
