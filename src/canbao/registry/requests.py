"""Requests as those who ask and those who decide see them: those made or decided within one's area, and no others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from canbao.law.duties import read_duties
from canbao.registry.access import acting, covers
from canbao.registry.actions.officers import is_same_person
from canbao.registry.deeds import deed
from canbao.registry.lookup import LARGEST_ID
from canbao.registry.models import Officer, Paper, Request, RequestMove

PAGE = 50
OF_PROTECTION = ("protection", "protection_readers", "unprotection")
WHOSE = {"decide": "待我决定", "asked": "我提出的"}
"""Which requests a list is of, unless it is of all within the area."""


@dataclass(frozen=True)
class Seen:
    """A request with what goes with it: the papers that are kept and the moves that were made, the first first.

    `undone_by` is the request that asks, or has asked with success, to take it back.
    """

    request: Request
    papers: list[Paper]
    moves: list[RequestMove]
    undone_by: Request | None


def listed(
    *, by: Officer, state: str = "", kind: str = "", is_overdue: bool = False, whose: str = "", after: int = 0
) -> list[Request]:
    """At most PAGE requests, the latest first, beginning below the id `after`."""
    with deed(by=by, action="request.list", permission="request.see") as note:
        found = _whose(whose, by)
        if state:
            found = found.filter(state=state)
        if kind:
            found = found.filter(kind=kind)
        if is_overdue:
            found = overdue(found)
        if after:
            found = found.filter(pk__lt=after)
        page = list(found.select_related("asked_by", "decided_by").order_by("-pk")[:PAGE])
        note.objects.extend(f"request:{one.pk}" for one in page)
        return page


def found(request_id: int, *, by: Officer) -> Request | None:
    """One request, or None if there is none such within one's area."""
    with acting(by.area, by):
        return (
            own_requests(by)
            .filter(pk=min(request_id, LARGEST_ID))
            .select_related("asked_by", "decided_by", "package", "undoes")
            .first()
        )


def may_decide(request: Request, by: Officer) -> bool:
    """Whether the officer may decide the request now."""
    decision = read_duties().decisions.get(request.kind)
    return (
        request.state == "asked"
        and decision is not None
        and by.may(decision.approve)
        and covers(by.area, request.area)
        and not is_same_person(by, request.asked_by)
    )


def may_take_back(request: Request, by: Officer) -> bool:
    """Whether it is the officer's own and nobody has decided it."""
    return request.state == "asked" and request.asked_by_id == by.pk


def seen(request_id: int, *, by: Officer) -> Seen | None:
    """One request with its papers and moves, or None if there is none such within one's area; on the log."""
    with deed(by=by, action="request.see", permission="request.see") as note:
        one = found(request_id, by=by)
        if one is None:
            note.details.update(found=0, asked=request_id)
            return None
        note.objects.append(f"request:{one.pk}")
        return Seen(
            request=one,
            papers=list(one.papers.defer("sealed").order_by("pk")),
            moves=list(one.moves.select_related("by").order_by("pk")),
            undone_by=one.undone_by.filter(state__in=("asked", "approved")).first(),
        )


def known(ids: Iterable[int], *, by: Officer) -> dict[int, Request]:
    """Those of some requests that the officer may see, by id; none for a duty that sees no requests."""
    if not by.may("request.see"):
        return {}
    with acting(by.area, by):
        return {one.pk: one for one in own_requests(by).filter(pk__in={*ids})}


def to_decide(by: Officer) -> QuerySet[Request]:
    """The requests that wait for the officer's decision: not those that the same person has made."""
    if not by.staff_number:
        return Request.objects.none()
    kinds = [one.id for one in read_duties().decisions.values() if by.may(one.approve)]
    found = own_requests(by).filter(state="asked", kind__in=kinds, area__startswith=by.area)
    return found.exclude(asked_by=by).exclude(asked_by__staff_number__in=("", by.staff_number))


def overdue(among: QuerySet[Request]) -> QuerySet[Request]:
    """Those that nobody has decided by their day."""
    return among.filter(state="asked", due_on__lt=timezone.localdate())


def own_requests(by: Officer) -> QuerySet[Request]:
    """The requests that were made or are decided within the officer's area.

    That somebody is protected is known to those who ask and decide, and to those who may see them.
    """
    if not by.area:
        return Request.objects.none()
    found = Request.objects.filter(Q(area__startswith=by.area) | Q(asked_area__startswith=by.area))
    return (
        found
        if by.may("protection.approve")
        else found.filter(~Q(kind__in=OF_PROTECTION) | Q(asked_by=by) | Q(content__readers__contains=[by.pk]))
    )


def _whose(whose: str, by: Officer) -> QuerySet[Request]:
    if whose == "decide":
        return to_decide(by)
    return own_requests(by).filter(asked_by=by) if whose == "asked" else own_requests(by)
