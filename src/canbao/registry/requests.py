"""Requests as those who ask and those who decide see them: those made or decided within one's area, and no others."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from canbao.law.duties import read_duties
from canbao.registry.access import acting, covers
from canbao.registry.actions.officers import is_same_person
from canbao.registry.deeds import deed
from canbao.registry.lookup import LARGEST_ID
from canbao.registry.models import Officer, Request

PAGE = 50
OF_PROTECTION = ("protection", "protection_readers", "unprotection")


def listed(*, by: Officer, state: str = "", kind: str = "", is_overdue: bool = False, after: int = 0) -> list[Request]:
    """At most PAGE requests, the latest first, beginning below the id `after`."""
    with deed(by=by, action="request.list", permission="request.see") as note:
        found = own_requests(by)
        if state:
            found = found.filter(state=state)
        if kind:
            found = found.filter(kind=kind)
        if is_overdue:
            found = found.filter(state="asked", due_on__lt=timezone.localdate())
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


def to_decide(by: Officer) -> QuerySet[Request]:
    """The requests that wait for the officer's decision."""
    kinds = [one.id for one in read_duties().decisions.values() if by.may(one.approve)]
    return own_requests(by).filter(state="asked", kind__in=kinds, area__startswith=by.area).exclude(asked_by=by)


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
