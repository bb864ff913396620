"""Emergencies as those who opened them and those who review them see them, and looking at people under one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from canbao.law.duties import EMERGENCY, read_duties
from canbao.registry import audit
from canbao.registry.access import Refused, covers, require
from canbao.registry.actions.officers import is_same_person
from canbao.registry.deeds import Note, deed
from canbao.registry.models import Emergency, EmergencyLook, Officer

PAGE = 50


def open_emergency(by: Officer) -> Emergency | None:
    """The officer's emergency that is open now, or None."""
    return Emergency.objects.filter(officer=by, state="open", ends_at__gt=timezone.now()).first()


def listed(*, by: Officer) -> list[Emergency]:
    """Those that the officer opened or may review, the latest first, with `people`: how many were seen."""
    with deed(by=by, action="emergency.list", permission="emergency.see") as note:
        page = list(_seen_by(by)[:PAGE])
        note.objects.extend(f"emergency:{one.pk}" for one in page)
        return page


def found(emergency_id: int, *, by: Officer) -> Emergency | None:
    """One of them, or None."""
    require(by, "emergency.see")
    return _seen_by(by).filter(pk=emergency_id).first()


def looks(emergency: Emergency, *, by: Officer) -> list[dict[str, Any]]:
    """The lines of the log that belong to an emergency, the latest first; people are keys and nothing more."""
    with deed(by=by, action="emergency.see", permission="emergency.see") as note, connection.cursor() as cursor:
        note.objects.append(f"emergency:{emergency.pk}")
        return audit.who_saw(cursor, f"emergency:{emergency.pk}")


def to_review(by: Officer) -> list[Emergency]:
    """Those that are over and wait for the officer's review."""
    over = Q(state="ended") | Q(state="open", ends_at__lte=timezone.now())
    waiting = Emergency.objects.filter(over, area__startswith=by.area).select_related("officer")
    return [one for one in waiting if may_review(one, by)] if by.area else []


def may_review(emergency: Emergency, by: Officer) -> bool:
    """Whether the officer is a superior of whoever opened it: covers the area, and is nobody's second account."""
    return by.may("emergency.review") and covers(by.area, emergency.area) and not is_same_person(by, emergency.officer)


def review_by(emergency: Emergency) -> datetime:
    """Till when somebody has to have reviewed it."""
    return emergency.ends_at + timedelta(days=read_duties().emergency.review_days)


def is_overdue(emergency: Emergency) -> bool:
    """Whether nobody has reviewed it in time."""
    return emergency.state in ("open", "ended") and review_by(emergency) < timezone.now()


@contextmanager
def looking(
    *, by: Officer, action: str, permission: str, purpose: str, under: Emergency | None = None
) -> Iterator[Note]:
    """A look-up: among the officer's own people, or in an emergency among those of its place and of no other.

    The database shows the place in this one transaction alone. Whom the deed names as seen counts against the
    emergency too. Raises Refused when it is over or its number of people is used up.
    """
    if under is None:
        with deed(by=by, action=action, permission=permission, purpose=purpose, needs_purpose=True) as note:
            yield note
        return
    with deed(by=by, action=action, permission=permission, purpose=EMERGENCY, area=under.place) as note:
        note.objects.append(f"emergency:{under.pk}")
        _require_open(under, by)
        yield note
        _count(under, note)


def _require_open(under: Emergency, by: Officer) -> None:
    """Hold the emergency as it is till the look is over: ending it waits, and what is ended shows nobody any more."""
    require(by, "emergency.use")
    held = Emergency.objects.select_for_update().filter(pk=under.pk, officer=by).first()
    if held is None or not held.is_open or held.place != under.place:
        raise Refused("紧急查询已经结束；仍有需要请重新开启")


def _count(under: Emergency, note: Note) -> None:
    seen = [int(one.removeprefix("person:")) for one in note.objects if one.startswith("person:")]
    EmergencyLook.objects.bulk_create(
        [EmergencyLook(emergency=under, person_id=one) for one in seen], ignore_conflicts=True
    )
    most = read_duties().emergency.people
    if EmergencyLook.objects.filter(emergency=under).count() > most:
        raise Refused(f"一次紧急查询最多查看 {most} 人；请写得更具体些，或由当地办理")


def _seen_by(by: Officer) -> QuerySet[Emergency]:
    own = Q(officer=by)
    if by.may("emergency.review") and by.area:
        own |= Q(area__startswith=by.area)
    found = Emergency.objects.filter(own).select_related("officer").prefetch_related("moves__by")
    return found.annotate(people=Count("looks")).order_by("-pk")
