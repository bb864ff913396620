"""Looking at duplicates: the list of one's own place, and one of them with its covers and whom to ask elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from canbao.law.reader import read_law
from canbao.registry.access import PROVINCE, acting
from canbao.registry.deeds import deed, write_refusal
from canbao.registry.lookup import LARGEST_ID, whole_record
from canbao.registry.models import Duplicate, Officer, Partner

Row = dict[str, Any]
PAGE = 50
CITY = 4
FINEST = 6
"""Digits of the places that duplicates are known by."""
ORDERS = {"found": ("-pk",), "oldest": ("pk",), "due": (F("due_on").asc(nulls_last=True), "-pk")}
TO_DO = ("open", "waiting")


@dataclass(frozen=True)
class Filters:
    """What of the list is asked for; empty is all of it. `asked` are those that one's own place was asked to end."""

    state: str = ""
    kind: str = ""
    place: str = ""
    asked: bool = False
    order: str = "found"


@dataclass(frozen=True)
class Choice:
    """A cover that may be the one to end: TYPE:PLACE, the type empty where all of the place's are meant."""

    ends: str
    insurance_type: str
    place: str


@dataclass(frozen=True)
class Desk:
    """A duplicate with the person as registered now, and whom to ask elsewhere: contacts by city."""

    duplicate: Duplicate
    person: Row
    contacts: dict[str, list[str]]


def listed(filters: Filters, *, by: Officer, after: int = 0) -> list[Duplicate]:
    """At most PAGE duplicates of one's own place, without the first `after`; whose they are it doesn't tell."""
    with deed(by=by, action="duplicate.list", permission="duplicate.list") as note:
        found = _filtered(own_duplicates(by), filters, by).select_related("decided_by")
        page = list(found.order_by(*ORDERS[filters.order])[after : after + PAGE])
        note.objects.extend(f"duplicate:{one.pk}" for one in page)
        return page


def desk(duplicate_id: int, *, by: Officer) -> Desk | None:
    """One duplicate, or None if none of one's own place has this number; its person counts as seen."""
    with deed(by=by, action="duplicate.see", permission="duplicate.see", purpose="conflict", area=PROVINCE) as note:
        duplicate = _own(duplicate_id, by)
        if duplicate is None:
            note.details.update(found=0, asked=duplicate_id)
            return None
        note.objects.append(f"duplicate:{duplicate.pk}")
        record = whole_record(duplicate.person_id, by, note)
        return Desk(duplicate, record.person, _contacts(duplicate)) if record else None


def to_decide(duplicate_id: int, *, by: Officer) -> Duplicate | None:
    """The duplicate to be decided, or None, written down, if it is none of one's own place."""
    with acting(by.area, by):
        duplicate = _own(duplicate_id, by)
    if duplicate is None:
        write_refusal(by=by, action="duplicate.decide", why=f"没有重复参保 {duplicate_id}，或与管辖的地方无关")
    return duplicate


def own_duplicates(by: Officer) -> QuerySet[Duplicate]:
    """Those of which a cover is, or is reported, in one's own place; below a county, those of one's own people."""
    if not by.area:
        return Duplicate.objects.none()
    return Duplicate.objects.extra(where=[f"strpos({whose(by)}, %s) > 0"], params=[f"|{by.area}"])


def whose(by: Officer) -> str:
    """The column by which duplicates are an officer's own."""
    return "areas" if len(by.area) <= FINEST else "seen_by"


def is_concerned(by: Officer, duplicate: Duplicate) -> bool:
    """Whether one's own place has a cover in it, and so a say."""
    return bool(by.area) and f"|{by.area}" in duplicate.areas


def choices(duplicate: Duplicate) -> list[Choice]:
    """The covers that may be the one to end: each row's own where types exclude each other, else each place's."""
    is_of_types = read_law().duplicate_kinds[duplicate.kind].among == "types"
    found: dict[str, Choice] = {}
    for row in duplicate.rows:
        named, place = row["insurance_type"] if is_of_types else duplicate.subject, place_of(row)
        found.setdefault(f"{named}:{place}", Choice(f"{named}:{place}", named, place))
    return list(found.values())


def place_of(row: Row) -> str:
    """Where a cover is, as far as is known: else with whom it is reported."""
    return str(row["region_code"] or row["division_code"])


def _own(duplicate_id: int, by: Officer) -> Duplicate | None:
    found = own_duplicates(by).select_related("decided_by")
    return found.filter(pk=min(duplicate_id, LARGEST_ID)).first()


def _filtered(found: QuerySet[Duplicate], filters: Filters, by: Officer) -> QuerySet[Duplicate]:
    if filters.state == "overdue":
        found = found.filter(state="waiting", due_on__lt=timezone.localdate())
    elif filters.state:
        found = found.filter(state__in=TO_DO if filters.state == "todo" else (filters.state,))
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.place:
        found = found.filter(areas__contains=f"|{filters.place}")
    if filters.asked:
        found = found.filter(state="waiting", ends__contains=f":{by.area}")
    return found


def _contacts(duplicate: Duplicate) -> dict[str, list[str]]:
    """Whom the partners of each city concerned have named."""
    cities = {place_of(row)[:CITY] for row in duplicate.rows}
    named: dict[str, list[str]] = {city: [] for city in sorted(cities)}
    for partner in Partner.objects.filter(kind="insurance", cut_off_at=None).order_by("pk"):
        if partner.division_code[:CITY] in named and partner.contact:
            named[partner.division_code[:CITY]].append(f"{partner.label}：{partner.contact}")
    return named
