"""Asks for changes of places in a test's register, has them approved, and lets their day come."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from canbao.core.place_changes import Row
from canbao.registry.actions.place_changes import ask_change
from canbao.registry.actions.place_checking import Wanted
from canbao.registry.actions.place_following import follow_due
from canbao.registry.models import Request
from setting_desk import REASON, SCAN, approved, first

TOWN, NEW_TOWN, OTHER_TOWN = "440604010", "440604013", "440604011"
MOVING = ("440604010001", "440604010003")
"""Villages that go over to the new town."""
SPLIT = (Row("", NEW_TOWN, "澜石街道办事处"), *(Row(one, NEW_TOWN + one[9:]) for one in MOVING))


def today() -> date:
    return timezone.localdate()


def next_month() -> date:
    return today() + timedelta(days=30)


def asked_for(kind: str, *rows: Row, day: date | None = None, by=None) -> Request:
    """Ask for a change from a day on (tomorrow)."""
    change = Wanted(kind, day or today() + timedelta(days=1), rows)
    return ask_change(change=change, reason=REASON, papers=[SCAN], by=by or first())


def decided(kind: str, *rows: Row, day: date | None = None) -> Request:
    """A change as asked for and approved."""
    return approved(asked_for(kind, *rows, day=day))


def in_force(kind: str, *rows: Row) -> Request:
    """A change that holds from today, and that all have followed."""
    request = decided(kind, *rows, day=today())
    follow_due(today=today())
    return request
