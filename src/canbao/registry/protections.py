"""Protections as those see them who ask, decide or are named; whose they are, the named alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from canbao.registry.access import unveiled
from canbao.registry.deeds import Note, deed
from canbao.registry.lookup import LARGEST_ID
from canbao.registry.models import Officer, Protection, Request
from canbao.registry.requests import OF_PROTECTION, own_requests

PAGE = 100


@dataclass(frozen=True)
class Shown:
    """A protection: the request that asked for it, who may see, and the person's key for those who do.

    `state` is asked, refused, taken_back, holds or over; `later` are the requests about it that came after.
    """

    request: Request
    state: str
    readers: list[Officer]
    person_id: int | None
    later: list[Request] = field(default_factory=list)


def listed(*, by: Officer) -> list[Shown]:
    """At most PAGE protections of the officer's area, the latest first."""
    with deed(by=by, action="protection.list", permission="protection.see") as note:
        asked = _asked(by).filter(kind="protection").order_by("-pk")[:PAGE]
        return [_shown(one, by, note) for one in asked]


def found(request_id: int, *, by: Officer) -> Shown | None:
    """One protection, with what was asked about it later; None if there is none that concerns the officer."""
    with deed(by=by, action="protection.see", permission="protection.see") as note:
        request = _asked(by).filter(pk=min(request_id, LARGEST_ID), kind="protection").first()
        if request is None:
            note.details.update(found=0)
            return None
        return _shown(request, by, note)


def request_about(request_id: int, later_id: int, *, by: Officer) -> Request | None:
    """The request that asks for a protection, or one about it that came later."""
    shown = found(request_id, by=by)
    return next((one for one in (shown.request, *shown.later) if one.pk == later_id), None) if shown else None


def _asked(by: Officer) -> QuerySet[Request]:
    return (
        own_requests(by)
        .filter(kind__in=OF_PROTECTION)
        .select_related("asked_by", "decided_by")
        .prefetch_related("papers")
    )


def _shown(request: Request, by: Officer, note: Note) -> Shown:
    """Who is named and whether it holds is known to those who decide; the person's key comes through the lock."""
    note.objects.append(f"request:{request.pk}")
    with unveiled():
        protection = Protection.objects.filter(request=request).order_by("pk").first()
        readers = [one.officer_id for one in protection.readers.all()] if protection else []
    state = _state(request, protection)
    mine = Protection.objects.filter(request=request).values_list("person_id", flat=True).first()
    return Shown(
        request,
        state,
        list(Officer.objects.filter(pk__in=readers or request.content["readers"]).order_by("username")),
        mine if by.may("person.see") else None,
        [one for one in _asked(by).order_by("pk") if one.undoes_id == request.pk or _is_of(one, request.pk)],
    )


def _state(request: Request, protection: Protection | None) -> str:
    if protection is None or protection.since is None:
        return request.state
    is_over = protection.until is not None and protection.until < timezone.localdate()
    return "over" if is_over or protection.revoked_by_id else "holds"


def _is_of(later: Request, request_id: int) -> bool:
    content: dict[str, Any] = later.content
    return content.get("of") == request_id
