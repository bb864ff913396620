"""Counters: who stands there, what is missing of them, and what was collected."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Path, Router, Schema

from canbao.api.partners.guard import Signed
from canbao.api.partners.problems import problems
from canbao.api.partners.serving import serving
from canbao.law.duties import EMERGENCY, read_duties
from canbao.registry.lookup import LARGEST_ID
from canbao.registry.partners import PartnerRefused
from canbao.registry.streams import counter
from canbao.registry.streams.collecting import collect

router = Router(auth=Signed(), tags=["counter"])
Text = Annotated[str, Field(min_length=1, max_length=64)]
Person = Path[Annotated[int, Field(ge=1, le=LARGEST_ID)]]


class ByOfficer(Schema):
    """Why something is asked for, and by which officer of which office."""

    purpose: Annotated[str, Field(max_length=40)]
    officer: Text
    office: Annotated[str, Field(max_length=64)] = ""


class LookUp(ByOfficer):
    """Who is asked for."""

    number: Text
    name: Text


class LookedUp(Schema):
    """The person's key, and the agreed parts."""

    person: int
    shown: dict[str, Any]


class Items(Schema):
    """What a counter has collected, when, and which officer."""

    items: Annotated[dict[str, Text], Field(min_length=1, max_length=20)]
    at: datetime | None = None
    officer: Text


class Collected(Schema):
    """What came of it: kept, or refused with the reason."""

    state: str
    says: str


class Asked(Schema):
    """A person who is asked for."""

    number: Text
    name: Text


class BackFill(Schema):
    """Of whom which items are asked for."""

    numbers: Annotated[list[Asked], Field(min_length=1, max_length=5_000)]
    items: Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=50)]
    officer: Text


class Filled(Schema):
    """What the register has of a person's items."""

    number: str
    found: bool
    items: dict[str, str | None]


class BackFilled(Schema):
    """The people in the order in which they were asked for."""

    people: list[Filled]


@router.post("/persons/lookup", response={200: LookedUp, **problems(404)}, summary="窗口查询")
def look_up(request: HttpRequest, said: LookUp) -> Any:
    """What was agreed to be shown of the person with this number and name."""
    require_purpose(said.purpose)
    with serving(request, "look_up", purpose=said.purpose) as served:
        return counter.look_up(
            served.agreement, said.number, said.name, purpose=said.purpose, told_to=told_to(said), note=served.note
        )


@router.post("/persons/{person}/items", response={200: Collected, **problems(404)}, summary="回填采集的项目")
def items(request: HttpRequest, person: Person, said: Items) -> Any:
    """Keep what a counter has collected, as a pushed row would be."""
    with serving(request, "back_fill") as served:
        at = said.at if said.at and said.at.tzinfo else timezone.now()
        answer = collect(served.agreement, person, said.items, at=min(at, timezone.now()), note=served.note)
        return {"state": answer.state, "says": answer.says}


@router.post("/back-fill", response={200: BackFilled, **problems()}, summary="批量回填")
def back_fill(request: HttpRequest, said: BackFill) -> Any:
    """What the register has of agreed items, for many people."""
    with serving(request, "back_fill") as served:
        asked = [(one.number, one.name) for one in said.numbers]
        people = counter.back_fill(served.agreement, asked, said.items, told_to=said.officer, note=served.note)
        served.note.details["found"] = sum(one["found"] for one in people)
        return {"people": people}


def told_to(said: ByOfficer) -> str:
    """Officer and office as they are written down."""
    return "，".join(filter(None, (said.officer, said.office)))[:64]


def require_purpose(purpose: str) -> None:
    """Raise PartnerRefused for a purpose that the law doesn't have."""
    if purpose not in read_duties().purposes.keys() - {EMERGENCY}:
        raise PartnerRefused(400, "wrong", "purpose：请写明查询用途，如 counter")
