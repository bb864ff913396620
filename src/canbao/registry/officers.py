"""Accounts and keys as their administrators see them: those of one's own area, and of no other."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from canbao.registry.access import require
from canbao.registry.models import DivisionKey, Officer


def officers_within(*, by: Officer, text: str = "", duty: str = "") -> QuerySet[Officer]:
    """The accounts of the area, by area and name; `text` is part of an account's or a person's name."""
    require(by, "officer.see")
    found = _within(by)
    if text:
        found = found.filter(Q(username__icontains=text) | Q(display_name__icontains=text))
    return found.filter(duty=duty) if duty else found


def officer_within(id_: int, *, by: Officer) -> Officer | None:
    """One account, or None if there is no such account in the area."""
    require(by, "officer.see")
    return _within(by).filter(pk=id_).first()


def keys_within(*, by: Officer) -> QuerySet[DivisionKey]:
    """The signing keys of the area's divisions, those in use first."""
    require(by, "key.manage")
    own = DivisionKey.objects.filter(division_code__startswith=by.area).select_related("added_by")
    return own.order_by("division_code", "-withdrawn_at", "-added_at")


def key_within(id_: int, *, by: Officer) -> DivisionKey | None:
    """One key, or None if there is no such key in the area."""
    return keys_within(by=by).filter(pk=id_).first()


def _within(by: Officer) -> QuerySet[Officer]:
    return Officer.objects.filter(area__startswith=by.area).exclude(area="").order_by("area", "username")
