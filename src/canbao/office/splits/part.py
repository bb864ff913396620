"""What the page of a split shows: whose statements are to be set apart, and from which number."""

from __future__ import annotations

from typing import Any

from canbao.office.people.showing import show
from canbao.office.splits.statements import cover_headers, statement_of
from canbao.registry import desks
from canbao.registry.models import Officer, Request


def split_part(request: Request, by: Officer) -> dict[str, Any]:
    """The person is looked at, and counts as seen; once decided, only what was asked is told."""
    ssn, divisions = request.content["ssn"], request.content["divisions"]
    told = {
        "number": show("ssn", ssn),
        "divisions": [show("admin_division_code", one) for one in divisions],
        "other": show("ssn", request.content["number"]),
        "cover_headers": cover_headers(),
    }
    if request.state != "asked":
        return told
    (record,) = desks.records(
        [request.person_id], by=by, action="split.see", permission="person.see", request=request.pk
    )
    if record is None:
        return {**told, "is_away": True}
    under = [statement_of(fact, record) for fact in record.facts if fact["ssn"] == ssn]
    return {
        **told,
        "sides": [
            ("申请分出的：另一个人", [one for one in under if one.division_code in divisions]),
            ("留下的：本人", [one for one in under if one.division_code not in divisions]),
        ],
    }
