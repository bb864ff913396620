"""What the page of a merge shows: both records side by side as long as they are two, else the one with its numbers."""

from __future__ import annotations

from typing import Any

from canbao.office.merges.comparing import compared
from canbao.office.people.showing import show
from canbao.registry import desks
from canbao.registry.models import Officer, Request


def merge_part(request: Request, by: Officer) -> dict[str, Any]:
    """Both people are looked at, and count as seen."""
    keep, other = request.content["keep"], request.content["other"]
    records = desks.records([keep, other], by=by, action="merge.see", permission="person.see", request=request.pk)
    found = [one for one in records if one is not None]
    if len(found) < len(records):
        return {"is_away": True}
    ssn = {known["person_id"]: known["ssn"] for one in found for known in one.identifiers}
    numbers = {"kept": show("ssn", ssn.get(keep)), "joined": show("ssn", ssn.get(other))}
    if found[0].person["id"] == found[1].person["id"]:
        return {**numbers, "is_one": True}
    return {**numbers, **compared(*found), "kept_id": keep, "joined_id": other, "may_unmask": by.may("person.unmask")}
